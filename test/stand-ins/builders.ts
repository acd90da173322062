import type { Backup, CollectorRun, Failover, Member, Node, StatusDocument } from '../../src/document/schema.ts';
import type { Check, Finding } from '../../src/health/check.ts';
import { defaultThresholds, type Thresholds } from '../../src/health/thresholds.ts';

/** A small healthy document, which each test changes as needed. */
export const NOW = Date.parse('2026-11-21T07:00:00Z');
export const SYSTEM = '7710506725831936494';

export const succeeded: CollectorRun = {
  ok: true,
  partial: false,
  duration_ms: 400,
  error: null,
  timed_out: false,
  collected_at: NOW / 1000,
};
export const failed: CollectorRun = { ...succeeded, ok: false, error: 'it broke', collected_at: null };
export const inPart: CollectorRun = { ...failed, partial: true, collected_at: NOW / 1000 };
export const late: CollectorRun = { ...failed, timed_out: true, error: 'did not finish in time' };

export function node(change: Partial<Node> = {}): Node {
  return {
    name: 'node1',
    role: 'primary',
    state: 'running',
    timeline: 1,
    lsn: '0/12000000',
    replication_state: null,
    system_identifier: SYSTEM,
    server_version: 150018,
    patroni_version: '4.1.4',
    scope: 'demo',
    postmaster_start_time: null,
    paused: false,
    cluster_unlocked: false,
    failsafe_mode_is_active: false,
    dcs_last_seen: NOW / 1000 - 3,
    pending_restart: false,
    replication: [standby('node2')],
    ...change,
  };
}

export function standby(name: string | null, state = 'streaming') {
  return { application_name: name, client_addr: '10.0.0.2', state, sync_state: 'async' };
}

export const leading: Member = {
  name: 'node1',
  role: 'leader',
  state: 'running',
  api_url: 'http://a:8008/patroni',
  timeline: 1,
};

export function replica(name: string, change: Record<string, unknown> = {}): Member {
  return {
    name,
    role: 'replica',
    state: 'streaming',
    api_url: 'http://b:8008/patroni',
    timeline: 1,
    lag: 0,
    ...change,
  };
}

export function cluster(...members: Member[]): Pick<StatusDocument, 'cluster_status'> {
  return { cluster_status: { members, scope: 'demo' } };
}

/** A backup that was complete at this time, in 16 MB segments. */
export function backupAt(time: string, segment = '00000001000000000000000F', change: Partial<Backup> = {}): Backup {
  const low = Number.parseInt(segment.slice(16), 16);
  const lsn = (offset: string) =>
    `${String(Number.parseInt(segment.slice(8, 16), 16))}/${low.toString(16).toUpperCase()}0000${offset}`;
  return {
    backup_name: `base_${segment}`,
    time,
    wal_file_name: segment,
    start_time: time,
    finish_time: time,
    duration_seconds: 1,
    start_lsn: lsn('28'),
    finish_lsn: lsn('FF'),
    compressed_size: 1,
    uncompressed_size: 2,
    is_permanent: false,
    is_delta: false,
    pg_version: 150018,
    system_identifier: SYSTEM,
    hostname: 'db1',
    ...change,
  };
}

/** Newest first. */
export function backups(...recent: Backup[]): Pick<StatusDocument, 'walg_last_backup' | 'walg_backups'> {
  const full = recent.filter((backup) => !backup.is_delta);
  return {
    walg_last_backup: recent[0] ?? {},
    walg_backups: {
      count: recent.length,
      full: full.length,
      delta: recent.length - full.length,
      permanent: 0,
      storages: { default: recent.length },
      compressed_size: 1,
      oldest: recent.at(-1) ?? null,
      newest_full: full[0] ?? null,
      restorable: null,
      recent,
    },
  };
}

export type Row = [start: string, end: string, segments: number, status: string];

export function integrity(status: string, ...rows: Row[]): Pick<StatusDocument, 'walg_integrity'> {
  const details = rows.map(([start_segment, end_segment, segments_count, found]) => ({
    timeline_id: Number.parseInt(start_segment.slice(0, 8), 16),
    start_segment,
    end_segment,
    segments_count,
    status: found,
  }));
  return { walg_integrity: { integrity: { status, details: rows.length === 0 ? null : details } } };
}

export function timelines(status: string, current: number, highest: number): Pick<StatusDocument, 'walg_timeline'> {
  return {
    walg_timeline: {
      timeline: { status, details: { current_timeline_id: current, highest_storage_timeline_id: highest } },
    },
  };
}

/** The end of a timeline, this many minutes ago; null = at an unknown time. */
export function ended(
  timeline: number,
  lsn: string,
  minutesAgo: number | null,
  leader: string | null = 'node1',
): Failover {
  const time = minutesAgo === null ? null : new Date(NOW - minutesAgo * 60_000).toISOString();
  return { timeline, lsn, reason: 'no recovery target specified', time, new_leader: leader };
}

export function documentWith(change: Partial<StatusDocument> = {}): StatusDocument {
  return {
    ...cluster(leading, replica('node2')),
    patroni_archive_enabled: true,
    patroni_archive_command_set: true,
    ...backups(backupAt('2026-11-21T02:00:00Z')),
    ...timelines('OK', 1, 1),
    ...integrity('OK', ['00000001000000000000000F', '000000010000000000000011', 3, 'FOUND']),
    current_timestamp: NOW / 1000,
    schema_version: 1,
    node: node(),
    patroni_config: {
      ttl: 30,
      loop_wait: 10,
      maximum_lag_on_failover: 1048576,
      synchronous_mode: null,
      failsafe_mode: null,
      standby_cluster: false,
      archive_mode: 'on',
    },
    failovers: [],
    collectors: { patroni: succeeded, walg_backups: succeeded, walg_verify: succeeded },
    ...change,
  };
}

/** Only the seven keys of the contract. */
export function olderProducer(document = documentWith()): StatusDocument {
  const { cluster_status, patroni_archive_enabled, patroni_archive_command_set, current_timestamp } = document;
  const { walg_last_backup, walg_timeline, walg_integrity } = document;
  return {
    cluster_status,
    patroni_archive_enabled,
    patroni_archive_command_set,
    walg_last_backup,
    walg_timeline,
    walg_integrity,
    current_timestamp,
  };
}

/** The values if the collector failed, or did not run. */
export function withoutPatroni(run: CollectorRun | null): StatusDocument {
  return documentWith({
    cluster_status: { members: [] },
    patroni_archive_enabled: null,
    patroni_archive_command_set: null,
    node: null,
    patroni_config: null,
    failovers: null,
    collectors: { patroni: run, walg_backups: succeeded, walg_verify: succeeded },
  });
}

export function withoutWalg(run: CollectorRun | null): StatusDocument {
  return documentWith({
    walg_last_backup: null,
    walg_backups: null,
    walg_timeline: null,
    walg_integrity: null,
    collectors: { patroni: succeeded, walg_backups: run, walg_verify: run },
  });
}

/** A situation, its document, and the finding, `status: message`; undefined = the check is left out. */
export type Case = [situation: string, document: StatusDocument, finding: string | undefined];

export function findingOf(check: Check, document: StatusDocument, thresholds: Partial<Thresholds> = {}, now = NOW) {
  const finding: Finding | undefined = check({ document, thresholds: { ...defaultThresholds, ...thresholds }, now });
  return finding && `${finding.status}: ${finding.reasons.join('; ')}`;
}
