import type { Health, StatusDocument } from '../../src/document/schema.ts';
import type { Thresholds } from '../../src/health/thresholds.ts';
import { httpReply } from '../stand-ins/patroni.ts';
import type { Recording } from './situation.ts';

/**
 * A recording, and the verdict of a person who has read it. A check that is not named must be ok; one that is `undefined` must be left
 * out. The messages are in `situations/`.
 */
export interface RecordedSituation extends Partial<Recording> {
  name: string;
  verdict: Health['status'];
  finds?: Record<string, Health['status'] | undefined>;
  /** A change to the recorded document, for a situation without a recording; its name says so. */
  made?: (document: StatusDocument) => StatusDocument;
  thresholds?: Partial<Thresholds>;
  /** The time of judging; by default that of collecting. */
  now?: number;
}

const at = Date.parse('2026-11-21T07:00:00Z');
const MINUTE = 60_000;

interface RecordedMember {
  name: string;
  role: string;
}
interface RecordedCluster {
  members: RecordedMember[];
}
type Row = [segment: number, time: string];

/**
 * The healthy cluster's recording as it would be on timeline 2 or 3 of the cluster whose WAL was recorded: its switches were in the
 * segments 45 and 63, the second at 06:47:40.
 */
function onTimeline(timeline: number, switches: readonly Row[] = SWITCHES) {
  const rows = switches
    .slice(0, timeline - 1)
    .map(([segment, time], index) => [
      index + 1,
      segment * 0x1000000 + 0x110,
      'no recovery target specified',
      time,
      'node1',
    ]);
  return {
    patroni: (node: object) => ({ ...node, timeline }),
    cluster: (cluster: RecordedCluster) => ({
      ...cluster,
      members: cluster.members.map((member) => ({ ...member, timeline })),
    }),
    history: () => rows,
  };
}

const SWITCHES: readonly Row[] = [
  [0x45, '2026-11-21T06:46:50.100000+00:00'],
  [0x63, '2026-11-21T06:47:40.200000+00:00'],
];

/** The recorded cluster with a change to all members of this name. */
const withMember = (name: string, change: object) => (cluster: RecordedCluster) => ({
  ...cluster,
  members: cluster.members.map((member) => (member.name === name ? { ...member, ...change } : member)),
});
const withAlso =
  (...more: object[]) =>
  (cluster: RecordedCluster) => ({
    ...cluster,
    members: [...cluster.members, ...more],
  });
const also = (change: object) => (body: object) => ({ ...body, ...change });

const member3 = {
  name: 'node3',
  role: 'replica',
  state: 'streaming',
  api_url: 'http://127.0.0.1:20007/patroni',
  host: '127.0.0.1',
  port: 20008,
  timeline: 1,
  lag: 0,
};

const nobodyAnswered = {
  collection: 'unknown',
  leader: 'unknown',
  members: 'unknown',
  replicas: 'unknown',
  synchronous: 'unknown',
  lag: 'unknown',
  maintenance: 'unknown',
  dcs: 'unknown',
  archiving: 'unknown',
  backup_source: 'unknown',
  failovers: 'unknown',
} as const;

/** Only Patroni's part. */
const patroniOnly = {
  collect: ['patroni'],
  finds: { backup: undefined, backup_source: undefined, wal_integrity: undefined, wal_timeline: undefined },
} as const;

const dcsGone = {
  collection: 'unknown',
  members: 'unknown',
  replicas: 'unknown',
  synchronous: 'unknown',
  lag: 'unknown',
  dcs: 'critical',
  archiving: 'unknown',
  failovers: 'unknown',
} as const;

const healthy = 'v4.1.4/s1_healthy.node1';

function withRows(document: StatusDocument, rows: [string, string, number, string][]): StatusDocument {
  const details = rows.map(([start_segment, end_segment, segments_count, status]) => ({
    timeline_id: Number.parseInt(start_segment.slice(0, 8), 16),
    start_segment,
    end_segment,
    segments_count,
    status,
  }));
  const status = rows.some(([, , , row]) => row === 'MISSING_LOST') ? 'FAILURE' : 'OK';
  return { ...document, walg_integrity: { integrity: { status, details } } };
}

/** Backups that began at these times, newest first. */
function withBackupsAt(document: StatusDocument, times: readonly string[]): StatusDocument {
  const newest = document.walg_backups?.recent[0];
  if (!newest || !document.walg_backups) throw new Error('no backup was recorded');
  const recent = times.map((time) => ({ ...newest, time, start_time: time, finish_time: time }));
  return {
    ...document,
    walg_last_backup: recent[0] ?? {},
    walg_backups: { ...document.walg_backups, count: recent.length, recent },
  };
}

/** The archiver of the new leader, which is on timeline 3, uploads nothing. */
function withoutNewTimeline(document: StatusDocument): StatusDocument {
  return {
    ...withRows(document, [
      ['000000010000000000000002', '000000010000000000000044', 67, 'FOUND'],
      ['000000020000000000000045', '000000020000000000000062', 30, 'FOUND'],
      ['000000030000000000000063', '000000030000000000000065', 3, 'MISSING_UPLOADING'],
    ]),
    walg_timeline: {
      timeline: { status: 'FAILURE', details: { current_timeline_id: 3, highest_storage_timeline_id: 2 } },
    },
  };
}

/** The full backup on which the newest deltas are based was deleted. */
function withDeltasAlone({ walg_backups: backups }: StatusDocument) {
  if (!backups) throw new Error('no backup was recorded');
  const recent = backups.recent.filter((backup) => backup.is_delta);
  return {
    walg_last_backup: recent[0] ?? {},
    walg_backups: { ...backups, count: recent.length, full: 0, delta: recent.length, newest_full: null, recent },
  };
}

/** Only the seven keys of the contract, as the shell script wrote them. */
function asOlderProducer(document: StatusDocument): StatusDocument {
  const newest = document.walg_last_backup;
  const { cluster_status, patroni_archive_enabled, patroni_archive_command_set } = document;
  const { walg_timeline, walg_integrity, current_timestamp } = document;
  return {
    cluster_status,
    patroni_archive_enabled,
    patroni_archive_command_set,
    walg_last_backup: newest && {
      backup_name: newest.backup_name,
      time: newest.time,
      wal_file_name: newest.wal_file_name,
      storage_name: 'default',
    },
    walg_timeline,
    walg_integrity,
    current_timestamp,
  };
}

const OLDER_LEAVES_OUT = { dcs: undefined, backup_source: undefined, failovers: undefined };

export const situations: RecordedSituation[] = [
  // healthy, of every version of Patroni with every generation of WAL-G
  {
    name: 'healthy, Patroni 2.0.2, WAL-G 0.2.22',
    patroni: 'v2.0.2/s1_healthy.node1',
    walg: 'v0.2.22/healthy-many',
    verdict: 'ok',
  },
  {
    name: 'healthy, Patroni 2.1.7, WAL-G 1.1',
    patroni: 'v2.1.7/s1_healthy.node1',
    walg: 'v1.1/healthy-many',
    verdict: 'ok',
  },
  {
    name: 'healthy, Patroni 3.0.4, WAL-G 3.0.5',
    patroni: 'v3.0.4/s1_healthy.node1',
    walg: 'v3.0.5/healthy-many',
    verdict: 'ok',
  },
  {
    name: 'healthy, Patroni 4.0.10, WAL-G 3.0.8',
    patroni: 'v4.0.10/s1_healthy.node1',
    walg: 'v3.0.8/healthy-many',
    verdict: 'ok',
  },
  { name: 'healthy, Patroni 4.1.4, WAL-G 3.0.9', patroni: healthy, walg: 'v3.0.9/healthy-many', verdict: 'ok' },
  {
    name: 'healthy, a replica of Patroni 2.0.2 is asked',
    patroni: 'v2.0.2/s1_healthy.node2',
    walg: 'v3.0.5/healthy-1-backup',
    verdict: 'ok',
  },
  {
    name: 'healthy, a replica of Patroni 4.1.4 is asked',
    patroni: 'v4.1.4/s1_healthy.node2',
    walg: 'v3.0.8/standby-streaming',
    verdict: 'ok',
  },
  {
    name: 'healthy, on its third timeline',
    walg: 'v3.0.8/healthy-three-timelines',
    changes: onTimeline(3),
    at: at + 60 * MINUTE,
    verdict: 'ok',
  },
  {
    name: 'healthy, after retention deleted what a permanent backup had',
    walg: 'v3.0.9/after-retention',
    changes: onTimeline(3),
    verdict: 'ok',
  },
  {
    name: 'healthy, right after the first backup',
    walg: 'v3.0.9/just-first-backup',
    system: '7710511531388292743',
    verdict: 'ok',
  },
  {
    name: 'healthy, the checkpoint after a promotion is over',
    walg: 'v3.0.5/after-promotion-checkpoint',
    changes: onTimeline(2),
    at: Date.parse('2026-11-21T06:46:56Z'),
    verdict: 'ok',
  },
  {
    name: 'WAL-G 0.2.15 has no wal-verify',
    patroni: 'v2.1.7/s1_healthy.node1',
    walg: 'v0.2.15/healthy-1-backup',
    verdict: 'unknown',
    finds: { collection: 'unknown', wal_integrity: 'unknown', wal_timeline: 'unknown' },
  },

  // Patroni in good and bad moments
  {
    name: 'synchronous, restarts pending, switchover and restart scheduled, Patroni 2.0.2',
    patroni: 'v2.0.2/s2_sync_pending_sched.node1',
    verdict: 'ok',
    finds: { synchronous: 'ok' },
  },
  {
    name: 'synchronous, restarts pending, switchover and restart scheduled, Patroni 4.1.4',
    patroni: 'v4.1.4/s2_sync_pending_sched.node2',
    verdict: 'ok',
    finds: { synchronous: 'ok' },
  },
  { name: 'quorum commit, Patroni 4.0.10', patroni: 'v4.0.10/s2b_quorum.node1', verdict: 'ok' },
  {
    name: 'paused, Patroni 3.0.4',
    patroni: 'v3.0.4/s3_paused.node1',
    verdict: 'warning',
    finds: { maintenance: 'warning' },
  },
  {
    name: 'paused, a replica of Patroni 4.1.4 is asked',
    patroni: 'v4.1.4/s3_paused.node2',
    verdict: 'warning',
    finds: { maintenance: 'warning' },
  },
  {
    name: 'the only replica is down, paused, Patroni 2.1.7',
    patroni: 'v2.1.7/s4_paused_replica_down.node1',
    ...patroniOnly,
    verdict: 'critical',
    finds: { ...patroniOnly.finds, replicas: 'critical', maintenance: 'warning' },
  },
  {
    name: 'the only replica is down according to its own /patroni, paused, Patroni 4.1.4',
    patroni: 'v4.1.4/s4_paused_replica_down.node2',
    verdict: 'critical',
    finds: { replicas: 'critical', maintenance: 'warning' },
  },
  {
    name: 'the leader is down too and no member holds the lock, paused, Patroni 4.0.10',
    patroni: 'v4.0.10/s5_paused_leader_down.node1',
    verdict: 'critical',
    finds: { leader: 'critical', replicas: 'critical', maintenance: 'warning' },
  },
  {
    name: "the leader's PostgreSQL was just killed, according to its own /patroni, Patroni 2.0.2",
    patroni: 'v2.0.2/s5_paused_leader_down_t0.node1',
    ...patroniOnly,
    verdict: 'critical',
    finds: { ...patroniOnly.finds, leader: 'critical', replicas: 'critical', maintenance: 'warning' },
  },
  {
    name: "the leader's PostgreSQL was just killed, seen from the other: running, but without a timeline, Patroni 4.1.4",
    patroni: 'v4.1.4/s5_paused_leader_down_t0.node1',
    changes: {
      patroni: also({
        name: 'node2',
        role: 'replica',
        state: 'stopped',
        patroni: { version: '4.1.4', scope: 'demo', name: 'node2' },
      }),
    },
    verdict: 'critical',
    finds: { leader: 'critical', replicas: 'critical', maintenance: 'warning' },
  },
  {
    name: 'the DCS is down for a second, Patroni 4.1.4',
    patroni: 'v4.1.4/s8_dcs_down_t0.node1',
    verdict: 'critical',
    finds: dcsGone,
  },
  {
    name: 'the DCS is down and the leader has given up, Patroni 3.0.4',
    patroni: 'v3.0.4/s8_dcs_down.node1',
    verdict: 'critical',
    // it does not stream, so its position is no evidence of the leader's
    finds: { ...dcsGone, leader: 'unknown', wal_integrity: 'unknown', wal_timeline: 'unknown' },
  },
  {
    name: 'the DCS is down and the leader has given up, Patroni 2.0.2 stops it',
    patroni: 'v2.0.2/s8_dcs_down.node1',
    verdict: 'critical',
    finds: { ...dcsGone, leader: 'unknown' },
  },
  {
    name: 'the DCS is down, paused, so the leader stays, Patroni 2.1.7',
    patroni: 'v2.1.7/s6_paused_dcs_down.node1',
    ...patroniOnly,
    verdict: 'critical',
    finds: { ...patroniOnly.finds, ...dcsGone, maintenance: 'warning' },
  },
  {
    name: 'the DCS is down and failsafe mode keeps the leader up (made of 4.1.4, DCS down at once)',
    patroni: 'v4.1.4/s8_dcs_down_t0.node1',
    changes: { patroni: also({ failsafe_mode_is_active: true, cluster_unlocked: true }) },
    verdict: 'unknown',
    finds: { ...dcsGone, dcs: 'warning' },
  },
  { name: 'all back to normal, Patroni 4.0.10', patroni: 'v4.0.10/s7_back.node1', verdict: 'ok' },
  {
    name: "a replica's Patroni is stopped while its PostgreSQL streams on, Patroni 2.1.7",
    patroni: 'v2.1.7/s9_replica_patroni_stopped.node1',
    ...patroniOnly,
    verdict: 'ok',
    finds: { ...patroniOnly.finds },
  },
  {
    name: "a replica's Patroni is stopped while its PostgreSQL streams on, Patroni 4.1.4",
    patroni: 'v4.1.4/s9_replica_patroni_stopped.node1',
    ...patroniOnly,
    verdict: 'ok',
    finds: { ...patroniOnly.finds },
  },
  {
    name: 'after a failover the winner is alone, Patroni 2.0.2',
    patroni: 'v2.0.2/s10_after_failover.node2',
    ...patroniOnly,
    verdict: 'ok',
  },
  {
    name: 'after a failover the winner is alone, more failovers than allowed, Patroni 4.1.4',
    patroni: 'v4.1.4/s10_after_failover.node2',
    ...patroniOnly,
    thresholds: { failoversMax: 1 },
    verdict: 'warning',
    finds: { ...patroniOnly.finds, members: 'warning', failovers: 'warning' },
  },
  {
    name: 'the moment of a switchover without a leader (made of 4.1.4, healthy)',
    changes: {
      patroni: also({ role: 'demoted', state: 'stopping', xlog: null, timeline: null, replication: null }),
      cluster: withMember('node1', { role: 'replica', state: 'stopping', timeline: undefined, lag: 'unknown' }),
    },
    ...patroniOnly,
    verdict: 'critical',
    finds: { ...patroniOnly.finds, leader: 'critical', replicas: 'warning' },
  },
  {
    name: 'two leaders: one by the lock, the asked one by its own /patroni (made of 4.1.4, healthy)',
    changes: {
      cluster: (cluster: RecordedCluster) =>
        withMember('node2', { role: 'leader', state: 'running' })(
          withMember('node1', { role: 'replica', state: 'running', lag: 0 })(cluster),
        ),
    },
    verdict: 'critical',
    finds: { leader: 'critical' },
  },
  {
    name: 'a standby cluster (made of 4.1.4, healthy)',
    changes: {
      patroni: also({
        role: 'standby_leader',
        replication_state: 'streaming',
        xlog: { received_location: 50331648, replayed_location: 50331648 },
      }),
      cluster: withMember('node1', { role: 'standby_leader', state: 'streaming' }),
      config: also({ standby_cluster: { host: 'elsewhere', port: 5432 } }),
    },
    verdict: 'ok',
    finds: { standby_cluster: 'ok' },
  },
  {
    name: "a CronJob's pod carries the cluster's labels (made of 3.0.4, healthy, and the member that Kubernetes makes of it)",
    patroni: 'v3.0.4/s1_healthy.node1',
    changes: { cluster: withAlso({ name: 'cronjob-abc', role: 'replica', state: '', api_url: null, lag: 'unknown' }) },
    verdict: 'warning',
    finds: { replicas: 'warning' },
  },
  {
    name: 'the replica is 5 MiB behind (made of 4.1.4, healthy)',
    changes: { cluster: withMember('node2', { lag: 5 * 1024 * 1024 }) },
    verdict: 'warning',
    finds: { replicas: 'warning', lag: 'warning' },
  },
  {
    name: 'the replica is 5 MiB behind, which is allowed (made of 4.1.4, healthy)',
    changes: { cluster: withMember('node2', { lag: 5 * 1024 * 1024 }) },
    thresholds: { lagMax: 16 * 1024 * 1024 },
    verdict: 'warning',
    finds: { replicas: 'warning' },
  },
  {
    name: "the replica's lag is unknown (made of 4.1.4, healthy)",
    changes: { cluster: withMember('node2', { lag: 'unknown' }) },
    verdict: 'unknown',
    finds: { lag: 'unknown' },
  },
  {
    name: 'of three members one is on an old timeline (made of 4.1.4, healthy)',
    changes: {
      ...onTimeline(3),
      cluster: (cluster: RecordedCluster) => withAlso({ ...member3, timeline: 2 })(onTimeline(3).cluster(cluster)),
    },
    walg: 'v3.0.8/healthy-three-timelines',
    verdict: 'warning',
    finds: { replicas: 'warning' },
  },
  {
    name: 'the only replica does not replicate, and says just running (made of 4.1.4, healthy)',
    changes: { patroni: also({ replication: null }), cluster: withMember('node2', { state: 'running' }) },
    verdict: 'critical',
    finds: { replicas: 'critical' },
  },
  {
    name: 'a replica that may not take over is down, and there is no other (made of 4.1.4, healthy)',
    changes: {
      patroni: also({ replication: null }),
      cluster: withMember('node2', {
        state: 'start failed',
        timeline: undefined,
        lag: 'unknown',
        tags: { nofailover: true },
      }),
    },
    verdict: 'warning',
    finds: { replicas: 'warning' },
  },
  {
    name: 'archive_mode is off (made of 4.1.4, healthy)',
    changes: { config: also({ postgresql: { parameters: { archive_mode: 'off' } } }) },
    verdict: 'warning',
    finds: { archiving: 'warning' },
  },
  {
    name: 'archive_mode is missing (made of 4.1.4, healthy)',
    changes: { config: also({ postgresql: { parameters: {} } }) },
    verdict: 'warning',
    finds: { archiving: 'warning' },
  },
  {
    name: 'under Spilo: archive_mode there, archive_command not (made of 4.1.4, healthy)',
    changes: { config: also({ postgresql: { parameters: { archive_mode: 'on' } } }) },
    verdict: 'ok',
  },
  {
    name: 'no dynamic configuration in the DCS (made of 4.1.4, healthy)',
    changes: { config: httpReply(502, '<html>502</html>', 'text/html') },
    verdict: 'unknown',
    finds: { collection: 'unknown', archiving: 'unknown', synchronous: 'unknown' },
  },
  {
    name: 'Patroni refuses connections',
    patroni: undefined,
    walg: 'v0.2.22/healthy-many',
    verdict: 'unknown',
    finds: nobodyAnswered,
  },

  // backups
  {
    name: 'the storage is empty, WAL-G 3.0.9',
    walg: 'v3.0.9/empty-store',
    verdict: 'critical',
    finds: { backup: 'critical', backup_source: undefined, wal_integrity: 'warning', wal_timeline: 'warning' },
  },
  {
    name: 'the storage is empty, or cannot be read: WAL-G 0.2.22 cannot tell',
    walg: 'v0.2.22/empty-store',
    verdict: 'unknown',
    finds: {
      collection: 'unknown',
      backup: 'unknown',
      backup_source: 'unknown',
      wal_integrity: 'warning',
      wal_timeline: 'warning',
    },
  },
  {
    name: 'WAL but no backup',
    walg: 'v3.0.5/wal-but-no-backups',
    verdict: 'critical',
    finds: { backup: 'critical', backup_source: undefined },
  },
  {
    name: 'the storage refuses access',
    walg: 'v3.0.9/s3-access-denied',
    verdict: 'unknown',
    finds: {
      collection: 'unknown',
      backup: 'unknown',
      backup_source: 'unknown',
      wal_integrity: 'unknown',
      wal_timeline: 'unknown',
    },
  },
  {
    name: 'there is no wal-g',
    walg: undefined,
    verdict: 'unknown',
    finds: {
      collection: 'unknown',
      backup: 'unknown',
      backup_source: 'unknown',
      wal_integrity: 'unknown',
      wal_timeline: 'unknown',
    },
  },
  {
    name: "one backup's metadata is missing, so the list has no details",
    walg: 'v3.0.5/metadata-missing',
    verdict: 'unknown',
    finds: { collection: 'unknown', backup_source: 'unknown' },
  },
  {
    name: 'a versioned bucket shows WAL-G 3.0.7 backups that were deleted',
    walg: 'v3.0.7/s3-versioned-deleted',
    changes: onTimeline(3),
    at: Date.parse('2026-11-21T06:49:48Z'),
    verdict: 'unknown',
    finds: {
      collection: 'unknown',
      backup: 'unknown',
      backup_source: 'unknown',
      wal_integrity: 'warning',
      wal_timeline: 'warning',
    },
  },
  {
    name: 'a second storage holds the same backups but for the newest',
    walg: 'v3.0.9/failover-duplicates',
    changes: onTimeline(3),
    verdict: 'ok',
  },
  {
    name: 'the newest backup is nine days old',
    walg: 'v3.0.5/healthy-1-backup',
    at: at + 9 * 1440 * MINUTE,
    verdict: 'critical',
    finds: { backup: 'critical' },
  },
  {
    name: 'the newest backup is older than was allowed',
    walg: 'v3.0.5/healthy-1-backup',
    at: at + 1440 * MINUTE,
    thresholds: { backupMaxAge: { warning: 12 * 60 * MINUTE, critical: 8 * 1440 * MINUTE } },
    verdict: 'warning',
    finds: { backup: 'warning' },
  },
  {
    name: 'a nightly backup was missed (made of one, with five nights)',
    made: (document) =>
      withBackupsAt(document, [
        '2026-11-19T02:10:00Z',
        '2026-11-18T02:12:00Z',
        '2026-11-17T02:09:00Z',
        '2026-11-16T02:10:00Z',
        '2026-11-15T02:11:00Z',
      ]),
    at: Date.parse('2026-11-20T15:00:00Z'),
    verdict: 'warning',
    finds: { backup: 'warning' },
  },
  {
    name: 'a nightly backup is still to come (made of one, with five nights)',
    made: (document) =>
      withBackupsAt(document, [
        '2026-11-20T02:10:00Z',
        '2026-11-19T02:10:00Z',
        '2026-11-18T02:12:00Z',
        '2026-11-17T02:09:00Z',
        '2026-11-16T02:10:00Z',
      ]),
    at: Date.parse('2026-11-21T01:55:00Z'),
    verdict: 'ok',
  },
  {
    name: 'the backups are of another cluster',
    system: '7710362530892479391',
    verdict: 'critical',
    finds: { backup: 'critical', backup_source: 'critical' },
  },
  {
    name: 'after pg_upgrade there is no backup yet (made of 4.1.4, healthy)',
    system: '7710362530892479391',
    changes: { patroni: also({ server_version: 170002 }) },
    verdict: 'critical',
    finds: { backup: 'critical', backup_source: 'critical' },
  },

  // WAL in the storage
  {
    name: 'a hole before the newest full backup, WAL-G 0.2.22',
    walg: 'v0.2.22/hole-before-newest-backup',
    verdict: 'warning',
    finds: { wal_integrity: 'warning' },
  },
  {
    name: 'a hole before the newest full backup, WAL-G 3.0.9',
    walg: 'v3.0.9/hole-before-newest-backup',
    verdict: 'warning',
    finds: { wal_integrity: 'warning' },
  },
  {
    name: 'a hole after the newest full backup, WAL-G 1.1',
    walg: 'v1.1/hole-after-newest-backup',
    verdict: 'critical',
    finds: { wal_integrity: 'critical' },
  },
  {
    name: 'a hole, and no full backup is known (made of 3.0.8, healthy-many)',
    made: (document) => ({
      ...withRows(document, [
        ['000000010000000000000002', '00000001000000000000001F', 30, 'FOUND'],
        ['000000010000000000000020', '000000010000000000000021', 2, 'MISSING_LOST'],
        ['000000010000000000000022', '00000001000000000000003A', 25, 'FOUND'],
      ]),
      ...withDeltasAlone(document),
    }),
    verdict: 'critical',
    finds: { backup: 'critical', wal_integrity: 'critical' },
  },
  {
    name: 'a hole near the head, which WAL-G calls UPLOADING',
    walg: 'v3.0.8/hole-near-head',
    verdict: 'critical',
    finds: { wal_integrity: 'critical' },
  },
  { name: 'the archiver is 3 segments behind', walg: 'v3.0.9/archiver-behind-3', verdict: 'ok' },
  {
    name: 'the archiver is 3 segments behind, of which WAL-G allows 2',
    walg: 'v3.0.8/archiver-behind-3-delayed2',
    verdict: 'ok',
  },
  {
    name: 'the archiver is 20 segments behind, of which WAL-G calls 4 lost',
    walg: 'v3.0.8/archiver-behind-20',
    verdict: 'warning',
    finds: { wal_integrity: 'warning' },
  },
  {
    name: 'the archiver is 300 segments behind (made of 3.0.8, archiver-behind-20)',
    walg: 'v3.0.8/archiver-behind-20',
    made: (document) =>
      withRows(document, [
        ['000000010000000000000002', '000000010000000000000028', 39, 'FOUND'],
        ['000000010000000000000029', '000000010000000100000044', 284, 'MISSING_LOST'],
        ['000000010000000100000045', '000000010000000100000054', 16, 'MISSING_UPLOADING'],
      ]),
    verdict: 'critical',
    finds: { wal_integrity: 'critical' },
  },
  {
    name: 'backups, but no WAL at all',
    walg: 'v3.0.8/no-wal-at-all',
    verdict: 'critical',
    finds: { backup: 'critical', wal_integrity: 'critical', wal_timeline: 'warning' },
  },
  {
    name: 'the history files are missing',
    walg: 'v3.0.8/history-files-missing',
    changes: onTimeline(3),
    at: at + 60 * MINUTE,
    verdict: 'warning',
    finds: { wal_integrity: 'warning' },
  },
  {
    name: 'the history files are encrypted and there is no key, WAL-G 0.2.22',
    walg: 'v0.2.22/encrypted-bad-key-path',
    changes: onTimeline(3),
    at: at + 60 * MINUTE,
    verdict: 'warning',
    finds: { wal_integrity: 'warning' },
  },
  {
    name: 'two switches in one segment (made after WAL-G issue 1390)',
    walg: 'v3.0.8/healthy-many',
    changes: {
      ...onTimeline(5),
      history: () => [
        [1, 0x45000110, '', '2026-11-20T06:46:50+00:00'],
        [2, 0x63000110, '', '2026-11-20T06:47:40+00:00'],
        [3, 0x82000110, '', '2026-11-20T06:50:40+00:00'],
        [4, 0x82800110, '', '2026-11-20T06:51:40+00:00'],
      ],
    },
    made: (document) => ({
      ...withRows(document, [
        ['000000010000000000000002', '000000010000000000000044', 67, 'FOUND'],
        ['000000020000000000000045', '000000020000000000000062', 30, 'FOUND'],
        ['000000040000000000000063', '000000040000000000000081', 31, 'MISSING_LOST'],
        ['000000050000000000000082', '000000050000000000000085', 4, 'FOUND'],
      ]),
      walg_timeline: {
        timeline: { status: 'OK', details: { current_timeline_id: 5, highest_storage_timeline_id: 5 } },
      },
    }),
    verdict: 'warning',
    finds: { wal_integrity: 'warning' },
  },
  {
    name: 'eight seconds after a promotion pg_control is still on the old timeline',
    walg: 'v3.0.5/just-after-promotion',
    changes: onTimeline(3),
    at: Date.parse('2026-11-21T06:47:48Z'),
    verdict: 'warning',
    finds: { wal_timeline: 'warning' },
  },
  {
    name: 'ten seconds after a promotion WAL moves on, and pg_control not',
    walg: 'v3.0.5/just-after-promotion-wal-moves-on',
    changes: onTimeline(3),
    at: Date.parse('2026-11-21T06:47:51Z'),
    verdict: 'warning',
    finds: { wal_timeline: 'warning', wal_integrity: 'warning' },
  },
  {
    name: 'sixteen minutes after a promotion, too late to be explained by it',
    walg: 'v3.0.5/just-after-promotion-wal-moves-on',
    changes: onTimeline(3),
    at: Date.parse('2026-11-21T07:03:41Z'),
    verdict: 'critical',
    finds: { wal_timeline: 'critical', wal_integrity: 'warning' },
  },
  {
    name: 'a hole before the switch stays what it is, right after a promotion (made of 3.0.5, just-after-promotion)',
    walg: 'v3.0.5/just-after-promotion',
    changes: onTimeline(3),
    at: Date.parse('2026-11-21T06:47:48Z'),
    made: (document) =>
      withRows(document, [
        ['000000010000000000000002', '00000001000000000000001F', 30, 'FOUND'],
        ['000000010000000000000020', '000000010000000000000020', 1, 'MISSING_LOST'],
        ['000000010000000000000021', '000000010000000000000044', 36, 'FOUND'],
        ['000000020000000000000045', '000000020000000000000062', 30, 'FOUND'],
      ]),
    verdict: 'critical',
    finds: { wal_timeline: 'warning', wal_integrity: 'critical' },
  },
  {
    name: 'five minutes after a promotion nothing of the new timeline is in the storage (made of 3.0.5, just-after-promotion)',
    walg: 'v3.0.5/just-after-promotion',
    changes: onTimeline(3),
    at: Date.parse('2026-11-21T06:52:40Z'),
    made: withoutNewTimeline,
    verdict: 'warning',
    finds: { wal_timeline: 'warning' },
  },
  {
    name: 'three hours after a promotion nothing of the new timeline is in the storage (made of 3.0.5, just-after-promotion)',
    walg: 'v3.0.5/just-after-promotion',
    changes: onTimeline(3),
    at: Date.parse('2026-11-21T09:47:40Z'),
    made: withoutNewTimeline,
    verdict: 'critical',
    finds: { wal_timeline: 'critical' },
  },
  {
    name: 'an hour after a promotion WAL-G still reports only the old timeline, as ok',
    walg: 'v3.0.5/after-promotion-checkpoint',
    changes: onTimeline(3),
    at: Date.parse('2026-11-21T07:47:40Z'),
    verdict: 'warning',
    finds: { wal_timeline: 'warning' },
  },
  {
    name: 'the former leader writes on, on an old timeline',
    walg: 'v3.0.9/stale-old-primary',
    at: Date.parse('2026-11-21T06:47:00Z'),
    verdict: 'critical',
    finds: { wal_timeline: 'critical' },
  },
  {
    name: 'another system writes to the storage, right after a promotion to timeline 2',
    walg: 'v3.0.8/healthy-three-timelines',
    changes: onTimeline(2),
    at: Date.parse('2026-11-21T06:53:30Z'),
    verdict: 'critical',
    finds: { wal_timeline: 'critical' },
  },

  // documents of other producers, and of another time
  { name: 'an older producer, healthy', made: asOlderProducer, verdict: 'ok', finds: OLDER_LEAVES_OUT },
  {
    name: 'an older producer that could not ask Patroni',
    patroni: undefined,
    walg: 'v0.2.22/healthy-many',
    made: asOlderProducer,
    verdict: 'unknown',
    finds: {
      ...OLDER_LEAVES_OUT,
      leader: 'unknown',
      members: 'unknown',
      replicas: 'unknown',
      lag: 'unknown',
      maintenance: 'unknown',
      archiving: 'unknown',
    },
  },
  {
    name: 'an older producer, a hole after the backup',
    walg: 'v3.0.5/hole-after-newest-backup',
    made: asOlderProducer,
    verdict: 'critical',
    finds: { ...OLDER_LEAVES_OUT, wal_integrity: 'critical' },
  },
  {
    name: 'read back after ten minutes',
    now: at + 10 * MINUTE,
    verdict: 'critical',
    finds: { collection: 'critical' },
  },
  { name: 'only Patroni was asked', ...patroniOnly, verdict: 'ok' },
  {
    name: 'only the backups were collected',
    collect: ['walg_backups'],
    verdict: 'ok',
    finds: {
      leader: undefined,
      members: undefined,
      replicas: undefined,
      lag: undefined,
      maintenance: undefined,
      dcs: undefined,
      archiving: undefined,
      backup_source: undefined,
      wal_integrity: undefined,
      wal_timeline: undefined,
      failovers: undefined,
    },
  },
];

/** The recording of a situation; parts that are not given are those of a healthy cluster. */
export function recordingOf(situation: RecordedSituation): Recording {
  return { patroni: healthy, walg: 'v3.0.8/healthy-many', at, ...situation };
}
