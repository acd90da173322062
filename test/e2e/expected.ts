import { expect } from 'vitest';
import { SCOPE, type Member } from './patroni-cluster.ts';

const LSN: unknown = expect.stringMatching(/^[0-9A-F]+\/[0-9A-F]+$/);
const NUMBER: unknown = expect.any(Number);
const TIME: unknown = expect.stringMatching(/^\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d\.\d+\+00:00$/);
const VERSION: unknown = expect.stringMatching(/^\d+\.\d+\.\d+$/);

/** A healthy cluster, from which the expected document is made. */
export interface Situation {
  /** The running members, in the order of their names. */
  members: readonly Member[];
  leader: Member;
  /** The member that was asked. */
  asked: Member;
  /** The new leaders of all switches so far, in order. Each switch began a timeline. */
  switches: readonly Member[];
  paused?: boolean;
}

/** The expected document without the verdict: Patroni's facts of this situation, and WAL-G's of the recording `v3.0.9/healthy-many`. */
export function documentOf({ members, leader, asked, switches, paused = false }: Situation): unknown {
  const timeline = switches.length + 1;
  const streams = expectStandbys(members.filter((member) => member !== leader));
  return {
    cluster_status: {
      members: members.map((member) => describeMember(member, member === leader, timeline)),
      scope: SCOPE,
      ...(paused && { pause: true }),
    },
    patroni_archive_enabled: true,
    patroni_archive_command_set: true,
    ...walgFacts(),
    ...producer(),
    node: {
      ...ownView(asked),
      role: asked === leader ? 'primary' : 'replica',
      timeline,
      replication_state: asked === leader ? null : 'streaming',
      paused,
      replication: asked === leader ? streams : [],
      ...(asked !== leader && replayed()),
    },
    leader:
      asked === leader
        ? null
        : {
            ...ownView(leader),
            ...{ role: 'primary', timeline, replication_state: null, paused, replication: streams },
          },
    leader_api: asked === leader ? null : { member: leader.name, outcome: 'answered', error: null },
    patroni_config: configured(),
    failovers: switches.map((member, index) => ({
      timeline: index + 1,
      lsn: LSN,
      reason: 'no recovery target specified',
      time: TIME,
      new_leader: member.name,
    })),
    collectors: { patroni: succeeded(), walg_backups: succeeded(), walg_verify: succeeded() },
  };
}

/** The WAL positions that a standby reports. */
export function replayed() {
  return {
    received_lsn: expect.toBeOneOf([null, LSN]) as unknown,
    replayed_lsn: LSN,
    replayed_timestamp: expect.toBeOneOf([null, TIME]) as unknown,
    replay_paused: false,
  };
}

/** The dynamic configuration of the clusters in this suite. */
export function configured() {
  return {
    ttl: 20,
    loop_wait: 1,
    retry_timeout: 3,
    maximum_lag_on_failover: 1_048_576,
    synchronous_mode: null,
    synchronous_mode_strict: null,
    synchronous_node_count: null,
    failsafe_mode: null,
    standby_cluster: false,
    archive_mode: 'on',
    archive_timeout: null,
    archive_command: 'set',
    archive_library: false,
  };
}

function describeMember({ name, url, port }: Member, leads: boolean, timeline: number): unknown {
  const common = { name, api_url: `${url}/patroni`, host: '127.0.0.1', port, timeline };
  return leads
    ? { ...common, role: 'leader', state: 'running' }
    : {
        ...common,
        ...{ role: 'replica', state: 'streaming', lag: NUMBER, lsn: LSN },
        ...{ receive_lag: NUMBER, receive_lsn: LSN, replay_lag: NUMBER, replay_lsn: LSN },
      };
}

/** The part of a member's own status that does not depend on the situation. */
export function ownView({ name }: Member) {
  return {
    name,
    state: 'running',
    lsn: LSN,
    system_identifier: expect.stringMatching(/^\d{19}$/) as unknown,
    server_version: NUMBER,
    patroni_version: VERSION,
    scope: SCOPE,
    postmaster_start_time: TIME,
    cluster_unlocked: false,
    failsafe_mode_is_active: false,
    dcs_last_seen: NUMBER,
    pending_restart: false,
  };
}

function expectStandbys(standbys: readonly Member[]): unknown {
  const rows = standbys.map(({ name }) => ({
    application_name: name,
    client_addr: '127.0.0.1',
    state: 'streaming',
    sync_state: 'async',
  }));
  // the order of the rows has no meaning
  return rows.length === 0 ? [] : expect.toSatisfy((actual: unknown) => sameRows(actual, rows));
}

function sameRows(actual: unknown, rows: readonly unknown[]): boolean {
  const sorted = (list: readonly unknown[]) => list.map((row) => JSON.stringify(row)).sort();
  return Array.isArray(actual) && JSON.stringify(sorted(actual)) === JSON.stringify(sorted(rows));
}

/** The facts from the recorded WAL-G. */
export function walgFacts() {
  return {
    ...backupFacts(),
    walg_timeline: { timeline: expect.objectContaining({ status: 'OK' }) as unknown },
    walg_integrity: { integrity: expect.objectContaining({ status: 'OK' }) as unknown },
    wal: expect.objectContaining({
      found: { ranges: 1, segments: 16 },
      lost: { ranges: 0, segments: 0 },
      newest_found: '000000010000000000000011',
      segment_size: 16777216,
    }) as unknown,
  };
}

/** The facts about backups, for which neither Patroni nor PostgreSQL is needed. */
export function backupFacts() {
  return {
    walg_last_backup: expect.objectContaining({
      backup_name: 'base_00000001000000000000000F',
      time: '2026-11-21T06:42:51.591384871Z',
    }) as unknown,
    walg_backups: expect.objectContaining({ count: 5, full: 4 }) as unknown,
    recovery: expect.objectContaining({ restorable: 5, not_restorable: [], gaps: [] }) as unknown,
  };
}

export function producer() {
  return {
    current_timestamp: NUMBER,
    schema_version: 2,
    generator: { name: 'postgres-status', version: VERSION },
  };
}

export function succeeded() {
  return { ok: true, partial: false, duration_ms: NUMBER, error: null, timed_out: false, collected_at: NUMBER };
}

/** A collector that failed, or returned only a part. */
export function failed(error: string | RegExp, { partial }: { partial: boolean }) {
  return {
    ok: false,
    partial,
    duration_ms: NUMBER,
    error: (typeof error === 'string' ? error : expect.stringMatching(error)) as unknown,
    timed_out: false,
    collected_at: partial ? NUMBER : null,
  };
}
