import * as z from 'zod/mini';
import { count, field, known, list, name, text } from './field.ts';
import { cluster, integrity, type member, timelineCheck } from './passed-through.ts';
import { recovery } from './recovery.ts';
import { wal } from './wal.ts';

/** Up to the year 9999, which PostgreSQL, JavaScript and Python can represent. */
const epochSeconds = () => z.int().check(z.minimum(0, NO_TIME), z.maximum(253_402_300_799, NO_TIME));
const NO_TIME = 'it is not a time between 1970 and 9999';

export const backup = z.object({
  backup_name: field(name(), 'base_<segment>, with _D_<segment> when it is a delta backup.'),
  time: field(name(), 'When the storage wrote its sentinel object, as WAL-G prints it.'),
  wal_file_name: field(name(), 'The WAL segment in which it starts.'),
  storage_name: field(
    z.optional(name()),
    'Which storage holds it: "default" or the name of a failover storage (from WAL-G 3.0 on).',
  ),
  start_time: field(known(name()), 'When it began.'),
  finish_time: field(known(name()), 'When it was complete: the earliest time to which it can be restored.'),
  duration_seconds: field(known(z.number()), 'How long it took, in seconds.'),
  start_lsn: field(known(name()), 'The LSN at which it begins, as X/Y.'),
  finish_lsn: field(known(name()), 'The LSN at which it ends, as X/Y.'),
  compressed_size: field(known(z.number()), 'Bytes in the storage.'),
  uncompressed_size: field(known(z.number()), 'Bytes when restored.'),
  is_permanent: field(known(z.boolean()), 'Retention keeps it, and wal-verify ignores it.'),
  is_delta: field(
    z.boolean(),
    'It has only the pages that changed since another backup, and cannot be restored without that one.',
  ),
  pg_version: field(known(z.int()), 'The server_version_num of the PostgreSQL from which it was taken.'),
  system_identifier: field(
    known(name()),
    'The system identifier of the cluster from which it was taken, as text because it exceeds 2^53.',
  ),
  hostname: field(known(name()), 'The host that took it.'),
});

const collectorRun = z.object({
  ok: field(z.boolean(), 'It succeeded completely.'),
  partial: field(z.boolean(), 'It brought an incomplete result; `error` says why, and `ok` is false.'),
  duration_ms: field(count(), 'How long it took, in milliseconds.'),
  error: field(known(text()), 'What failed, in a sentence.'),
  cause: field(
    z.optional(text()),
    'The innermost cause of the error in a few words, such as "connection refused", if it was recognized.',
  ),
  timed_out: field(z.boolean(), 'It failed because it ran out of time.'),
  collected_at: field(
    known(epochSeconds()),
    'When its result was collected, epoch seconds; null = there is no result.',
  ),
});

const node = z.object({
  name: field(
    known(name()),
    'The name of the Patroni member that was asked; before Patroni 3.2 known only if it can be concluded from /cluster.',
  ),
  role: field(
    name(),
    'Its role according to itself: master (before Patroni 4), primary, replica, standby_leader, demoted, …',
  ),
  state: field(
    name(),
    'The state of its PostgreSQL: running, stopped, crashed, …; "unknown" = it runs but does not answer.',
  ),
  timeline: field(known(z.int()), 'Its timeline.'),
  lsn: field(known(name()), 'Its LSN: written by a leader, received by a standby, as X/Y.'),
  replication_state: field(known(name()), 'Of a standby: streaming or in archive recovery (from Patroni 3.0.4 on).'),
  system_identifier: field(known(name()), 'The system identifier of its cluster, as text because it exceeds 2^53.'),
  server_version: field(known(z.int()), 'The server_version_num of its PostgreSQL.'),
  patroni_version: field(known(name()), 'The version of its Patroni.'),
  scope: field(known(name()), "The cluster's name."),
  received_lsn: field(z.optional(known(name())), 'Of a standby: the LSN up to which it has received WAL, as X/Y.'),
  replayed_lsn: field(z.optional(known(name())), 'Of a standby: the LSN up to which it has replayed WAL, as X/Y.'),
  replayed_timestamp: field(
    z.optional(known(name())),
    'Of a standby: when the last transaction that it replayed was committed, as Patroni prints it.',
  ),
  replay_paused: field(z.optional(z.boolean()), 'Of a standby: replay is paused.'),
  postmaster_start_time: field(known(name()), 'When its PostgreSQL started, as Patroni prints it.'),
  paused: field(z.boolean(), 'Patroni is paused (maintenance mode).'),
  cluster_unlocked: field(z.boolean(), 'According to it, no member holds the leader lock.'),
  failsafe_mode_is_active: field(z.boolean(), 'The DCS cannot be reached, and failsafe mode keeps the leader up.'),
  dcs_last_seen: field(known(z.int()), 'When it last reached the DCS, epoch seconds (from Patroni 2.1.2 on).'),
  cluster_unanswered: field(
    z.optional(z.boolean()),
    'It answered /patroni, but not /cluster, which reads the DCS: the connection was closed or the answer took too long.',
  ),
  pending_restart: field(z.boolean(), 'PostgreSQL must be restarted for a setting to take effect.'),
  pending_restart_reason: field(
    z.optional(z.record(name(), z.unknown())),
    'By setting: `old_value`, the running value, and `new_value`, the configured one (from Patroni 3.3 on).',
  ),
  replication: field(
    z.array(
      z.object({
        application_name: field(known(name()), 'The application_name of the standby.'),
        client_addr: field(known(name()), 'The address from which it connects.'),
        state: field(known(name()), 'startup, catchup, streaming or backup.'),
        sync_state: field(known(name()), 'async, potential, sync or quorum.'),
      }),
    ),
    'The standbys that stream from it.',
  ),
});

/** The outcome of asking the leader for its own /patroni. */
const leaderAnswer = z.object({
  member: field(name(), 'The member that holds the leader lock according to /cluster.'),
  outcome: field(
    z.enum(['answered', 'refused', 'closed', 'timed_out', 'unreachable', 'foreign', 'not_asked']),
    'answered; refused: nothing listens there; closed: the connection was accepted and closed; timed_out; unreachable: no route, DNS or TLS error; foreign: something else answers there; not_asked: its api_url is unusable or --leader-api is never.',
  ),
  error: field(known(text()), 'Why there is no answer, in a sentence.'),
});

const unansweredUrl = z.object({
  url: field(text(), 'The --patroni-url.'),
  error: field(text(), 'Why there is no answer, or why it is not usable, in a sentence.'),
});

export const patroniConfig = z.object({
  ttl: field(known(z.number()), 'Seconds after which a leader that does not renew the leader lock loses it.'),
  loop_wait: field(known(z.number()), "Seconds between two runs of Patroni's HA loop."),
  maximum_lag_on_failover: field(known(z.number()), 'Bytes that a replica may be behind and still be promoted.'),
  synchronous_mode: field(known(z.union([z.boolean(), text()])), 'Whether Patroni keeps synchronous standbys.'),
  synchronous_mode_strict: field(
    z.optional(known(z.boolean())),
    'Whether commits wait while there is no synchronous standby.',
  ),
  synchronous_node_count: field(z.optional(known(z.int())), 'How many synchronous standbys Patroni keeps.'),
  failsafe_mode: field(known(z.boolean()), 'Whether failsafe mode may keep a leader up.'),
  standby_cluster: field(z.boolean(), 'This cluster follows another one.'),
  retry_timeout: field(z.optional(known(z.number())), 'Seconds for which Patroni retries the DCS and PostgreSQL.'),
  archive_mode: field(known(text()), 'archive_mode in the dynamic configuration, as text; null = not set there.'),
  archive_timeout: field(
    z.optional(known(z.number())),
    'Seconds after which PostgreSQL switches to a new segment, 0 = never; null = not set there.',
  ),
  archive_command: field(
    z.optional(z.enum(['none', 'empty', 'noop', 'set'])),
    'archive_command in the dynamic configuration: none = not set there, empty, noop = a command that archives nothing (/bin/true), set. Its text is never included, because it may contain secrets.',
  ),
  archive_library: field(z.optional(z.boolean()), 'Whether archive_library is set in the dynamic configuration.'),
});

const failover = z.object({
  timeline: field(z.int(), 'The timeline that ended.'),
  lsn: field(name(), 'The LSN at which it ended, as X/Y.'),
  reason: field(text(), 'The reason, copied from the timeline history file.'),
  time: field(known(name()), 'When it ended, as Patroni recorded it.'),
  new_leader: field(known(name()), 'The member that took over (from Patroni 2.1 on).'),
});

const backupReference = z.pick(backup, {
  backup_name: true,
  time: true,
  start_time: true,
  finish_time: true,
  start_lsn: true,
  wal_file_name: true,
});

const backups = z.object({
  count: field(count(), 'The number of backups; one that is in two storages counts once.'),
  full: field(count(), 'The number of full backups.'),
  delta: field(count(), 'The number of delta backups.'),
  permanent: field(known(count()), 'The number of permanent backups, which retention keeps.'),
  storages: field(z.record(z.string(), count()), 'The number of backups in each storage.'),
  compressed_size: field(known(z.number()), 'The size of all of them in all storages, in bytes.'),
  oldest: field(known(backupReference), 'The oldest backup.'),
  newest_full: field(known(backupReference), 'The newest full backup.'),
  restorable: field(
    known(z.object({ from: text(), to: text() })),
    'Every point in time between these two can be restored if no WAL is missing: from the end of the oldest full backup that is not permanent to the end of the newest backup. WAL archived since then extends it.',
  ),
  recent: field(list(backup, 20_000), 'The newest backups, newest first.'),
  recent_left_out: field(
    z.optional(count()),
    'The number of older backups that were left out of `recent` to keep the document small.',
  ),
});

const healthStatus = z.enum(['ok', 'warning', 'unknown', 'critical']);

const healthCheck = z.object({
  name: field(name(), 'What is judged.'),
  status: field(healthStatus, 'The verdict on it.'),
  message: field(text(), 'All reasons in one sentence, with the numbers, the worst first.'),
  reasons: field(
    z.optional(z.array(text())),
    'The reasons one by one, the worst first, if there are several (from schema version 2 on).',
  ),
  value: field(z.optional(z.number()), 'The number that was judged.'),
  unit: field(z.optional(name()), "The number's unit: seconds, bytes, segments, members, …"),
  warning: field(z.optional(z.number()), 'The number above which it is a warning, in the same unit.'),
  critical: field(z.optional(z.number()), 'The number above which it is critical, in the same unit.'),
  collector: field(
    z.optional(name()),
    'The collector that failed, if that is the only reason why this could not be judged; `collection` says why it failed.',
  ),
  since: field(
    z.optional(epochSeconds()),
    'Since when it has this status, epoch seconds, as far as --state has saved it.',
  ),
});

const health = z.object({
  status: field(healthStatus, 'The worst status of the checks; from best to worst: ok, warning, unknown, critical.'),
  checks: field(z.array(healthCheck), 'Each thing that was judged.'),
  left_out: field(
    z.optional(z.array(text())),
    'The checks that could not be made, because the document is of an older version and lacks what they need.',
  ),
});

/** The contract with existing consumers (Zabbix templates): these seven keys, at the top level, in these shapes. */
const contract = {
  cluster_status: field(cluster, "Patroni's answer to GET /cluster, passed through."),
  patroni_archive_enabled: field(
    known(z.boolean()),
    "archive_mode is on or always in Patroni's dynamic configuration; null = not known.",
  ),
  patroni_archive_command_set: field(
    known(z.boolean()),
    "archive_command is set in Patroni's dynamic configuration (Spilo sets it locally instead); null = not known.",
  ),
  walg_last_backup: field(
    known(z.partial(backup)),
    'The newest backup, in documents of older versions without the details; {} = there is none; null = not known.',
  ),
  walg_timeline: field(known(z.looseObject({ timeline: timelineCheck })), "WAL-G's timeline check; null = not known."),
  walg_integrity: field(known(z.looseObject({ integrity })), "WAL-G's integrity check; null = not known."),
  current_timestamp: field(epochSeconds(), 'When this run collected, epoch seconds.'),
};

/** The status document: every source yields it, and health, formats and deliveries read it. */
export const statusDocument = z.looseObject({
  ...contract,
  schema_version: field(z.optional(z.int()), 'The version of this shape.'),
  generator: field(z.optional(z.object({ name: name(), version: name() })), 'The program that made the document.'),
  node: field(
    z.optional(known(node)),
    'The Patroni member that was asked, according to its own /patroni; null = not known.',
  ),
  leader: field(
    z.optional(known(node)),
    'The leader according to its own /patroni, if another member was asked; null = not known (see leader_api).',
  ),
  leader_api: field(
    z.optional(known(leaderAnswer)),
    'The outcome of asking the leader itself; null = the member that was asked is the leader, or no leader is known.',
  ),
  other_nodes: field(
    z.optional(z.array(node)),
    'The other members that --patroni-url names and that answered, according to their own /patroni: `node` is the leader if it is one of them, else the one that reached the DCS last.',
  ),
  unanswered_urls: field(
    z.optional(z.array(unansweredUrl)),
    'Each --patroni-url without a usable answer while another one had one.',
  ),
  patroni_config: field(
    z.optional(known(patroniConfig)),
    "The settings of Patroni's dynamic configuration that the checks use; null = not known.",
  ),
  failovers: field(
    z.optional(known(list(failover, 10_000))),
    "The last rows of Patroni's history, oldest first; null = not known.",
  ),
  walg_backups: field(z.optional(known(backups)), 'A summary of all backups; null = not known.'),
  wal: field(
    z.optional(wal),
    'A summary of the WAL in the storage, from everything that WAL-G reported; absent if walg_integrity is not known.',
  ),
  recovery: field(
    z.optional(known(recovery)),
    'What can be restored, from everything that WAL-G reported; null = neither the backups nor the WAL are known.',
  ),
  collectors: field(
    z.optional(
      z.object({ patroni: known(collectorRun), walg_backups: known(collectorRun), walg_verify: known(collectorRun) }),
    ),
    'The result of each collector; null = it was skipped.',
  ),
  left_out: field(
    z.optional(z.record(z.string(), count())),
    'What else was left out to keep the document small: the number of elements, keys or characters, by their place in the document.',
  ),
  health: field(z.optional(health), 'The verdict on the cluster and its backups, with the reasons.'),
});

export type { Recovery, RecoveryGap, RecoveryWindow, Unrestorable } from './recovery.ts';
export type { Fate } from './fates.ts';
export type { Tally, Wal, WalRange } from './wal.ts';
export type StatusDocument = z.infer<typeof statusDocument>;
export type Member = z.infer<typeof member>;
export type Cluster = z.infer<typeof cluster>;
export type Backup = z.infer<typeof backup>;
export type BackupReference = z.infer<typeof backupReference>;
export type Backups = z.infer<typeof backups>;
export type Integrity = z.infer<typeof integrity>;
export type CollectorRun = z.infer<typeof collectorRun>;
export type Node = z.infer<typeof node>;
export type LeaderAnswer = z.infer<typeof leaderAnswer>;
export type PatroniConfig = z.infer<typeof patroniConfig>;
export type Health = z.infer<typeof health>;
export type HealthCheck = z.infer<typeof healthCheck>;
export type Failover = z.infer<typeof failover>;
