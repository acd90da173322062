import { bad, type Claims, critical, either, never, ok, told, unknown, warning } from './claims.ts';

/** A recorded moment, the facts at that time, and the required output. */
export interface Situation {
  /** The folder in `test/fixtures/real`, whose README says how the facts were determined. */
  moment: string;
  /** ISO 8601, if it was not all recorded at once. */
  at?: string;
  args?: readonly string[];
  claims: Claims;
}

/** Two switches within one segment left WAL-G in doubt (its issue 1390); no WAL was missing. */
const settledOrDoubted = { ...either(['ok', 'warning']), never: [/\b19 segments|\b0 segments found/] };
/** The windows are reported; there is no requirement for their length. */
const recovery = either(['ok', 'warning', 'critical', 'unknown']);
/** The gap of `10-hole-after-archive-off`, which exists until 19:53. */
const holeOfTimeline4 = { wal_integrity: bad(), recovery };
/** A standby cluster streams from this one on purpose. */
const attached = ok(/dr1/);
/** The gaps that the broken archiving of `24-backup-while-archive-broken` left on timeline 5. */
const holesOfTimeline5 = { wal_integrity: bad(), recovery };
const nothingOfStorage = {
  collection: either(['warning', 'unknown']),
  backup_source: unknown(),
  wal_integrity: unknown(),
  wal_timeline: unknown(),
  recovery,
};
const withoutDcs = {
  collection: either(['warning', 'unknown']),
  leader: either(['ok', 'warning', 'unknown']),
  replicas: either(['ok', 'unknown']),
  lag: either(['ok', 'unknown']),
  maintenance: either(['ok', 'unknown']),
  archiving: either(['ok', 'unknown']),
  failovers: either(['ok', 'unknown']),
  members: either(['ok', 'unknown']),
  synchronous: either(['ok', 'unknown']),
  wal_integrity: settledOrDoubted,
  recovery,
  anywhere: never(/nothing can be restored/i),
};

export const situations: readonly Situation[] = [
  {
    // the leader can be asked for its position, so nothing about WAL is unknown; no backup was taken yet
    moment: '00-start-failed',
    claims: {
      verdict: critical(),
      replicas: critical(/pg1/, /pg3/),
      backup: critical(),
      backup_source: either(['ok', 'unknown']),
      collection: ok(),
      lag: ok(),
      wal_integrity: ok(),
      wal_timeline: ok(),
      recovery,
    },
  },
  { moment: '02-healthy', claims: { verdict: ok() } },
  {
    moment: '04-after-failover-host-dead',
    claims: { verdict: warning(/pg1/), members: warning(/pg1/), wal_integrity: settledOrDoubted },
  },
  {
    moment: '05-reinit-running',
    claims: {
      verdict: warning(),
      replicas: warning(/pg1/),
      lag: ok(),
      wal_integrity: settledOrDoubted,
    },
  },
  {
    moment: '09b-archive-mode-on-pending-restart',
    claims: {
      verdict: critical(/archiv/),
      archiving: critical(/restart/),
      maintenance: either(['ok', 'warning']),
      wal_integrity: settledOrDoubted,
    },
  },
  {
    // PostgreSQL archived the three segments nine minutes later
    moment: '10-hole-after-archive-off',
    claims: {
      verdict: bad(),
      ...holeOfTimeline4,
      anywhere: told(/may still arrive/),
      report: told(/19:40:21/),
    },
  },
  {
    moment: '11a-replica-stopped-3s',
    claims: { verdict: bad(), replicas: warning(/pg3/), lag: ok(), ...holeOfTimeline4 },
  },
  {
    moment: '11b-replica-stopped-40s',
    claims: { verdict: bad(), members: warning(/pg3/), ...holeOfTimeline4 },
  },
  {
    moment: '12-replay-delayed',
    claims: {
      verdict: bad(),
      lag: either(['ok', 'warning'], /pg3/, /replay/, /15 MiB|14\.\d MiB/),
      ...holeOfTimeline4,
    },
  },
  {
    moment: '13-replica-lagging',
    claims: { verdict: bad(), lag: warning(/pg3/, /2[01](\.\d)? MiB/), ...holeOfTimeline4 },
  },
  {
    moment: '14b-sync-standby-just-killed',
    claims: {
      verdict: critical(/pg2/),
      synchronous: critical(/pg2/),
      replicas: warning(/pg2/),
      lag: either(['ok', 'warning']),
      ...holeOfTimeline4,
    },
  },
  {
    // commits continue, on one host only; without a state it is not known that pg2 was a member
    moment: '14d-sync-mode-no-standby',
    claims: {
      verdict: bad(),
      synchronous: warning(),
      members: warning(/pg3/),
      replicas: either(['ok', 'warning', 'critical']),
      anywhere: never(/single.node/),
      ...holeOfTimeline4,
    },
  },
  {
    moment: '15-dcs-down-failsafe',
    at: '2026-11-25T19:57:12Z',
    claims: {
      verdict: either(['warning', 'unknown']),
      ...withoutDcs,
      dcs: { ...warning(/failsafe/i), never: [/will be demoted|demotes|is demoted within/] },
    },
  },
  {
    // demoted 20 s after its last contact: loop_wait and retry_timeout, not the ttl of 30 s
    moment: '17a-dcs-down-1s-leader',
    claims: { verdict: critical(), ...withoutDcs, dcs: { ...critical(/20 s/), never: [/30 s/] } },
  },
  {
    moment: '22a-s3-refused',
    claims: {
      verdict: unknown(/^.{0,80}connection refused/),
      backup: unknown(/connection refused/, /127\.0\.11\.20:7070/),
      ...nothingOfStorage,
    },
  },
  {
    moment: '22-wrongsecret',
    claims: {
      verdict: unknown(/^.{0,80}SignatureDoesNotMatch/),
      backup: unknown(/SignatureDoesNotMatch/),
      ...nothingOfStorage,
    },
  },
  {
    moment: '22-wronghost',
    claims: {
      verdict: unknown(/^.{0,80}no such host/),
      backup: unknown(/no such host/, /no-such-host\.invalid/),
      ...nothingOfStorage,
    },
  },
  {
    // the last segment that arrived, 47, did so at 20:16:32
    moment: '24-backup-while-archive-broken',
    claims: {
      verdict: bad(),
      wal_integrity: bad(/000000050000000000000047/, /20:16/),
      archiving: either(['ok', 'warning', 'critical']),
      recovery,
      report: told(/20:16/),
    },
  },
  {
    moment: '26a-hole-before-newest-full-settling',
    claims: {
      verdict: bad(),
      wal_integrity: { ...bad(/000000050000000000000050/), never: [/may still arrive/] },
      recovery,
    },
  },
  {
    // /config looks healthy: only the missing segments show the problem
    moment: '28-alter-system-bin-true',
    claims: { verdict: bad(), ...holesOfTimeline5, report: told(/not archived/) },
  },
  {
    moment: '29b-archive-command-empty',
    claims: {
      verdict: critical(),
      archiving: critical(/archive_command/, /empty/),
      ...holesOfTimeline5,
    },
  },
  {
    moment: '30-archive-library',
    claims: {
      verdict: bad(),
      archiving: either(['ok', 'warning'], /archive_library/),
      ...holesOfTimeline5,
    },
  },
  {
    // it reads the storage of its source, which has gaps
    moment: '31a-standby-cluster-leader',
    claims: {
      maintenance: either(['ok', 'warning']),
      wal_integrity: either(['ok', 'warning', 'critical']),
      recovery,
    },
  },
  {
    moment: '31c-primary-side',
    claims: { verdict: bad(), replicas: attached, ...holesOfTimeline5 },
  },
  {
    // windows: from the first full backup to the first hole, from the second to the next, and nothing after the last
    moment: '33-holes-settled',
    claims: {
      verdict: bad(),
      ...holesOfTimeline5,
      report: told(/20:13:12/, /20:18:50/),
      replicas: attached,
    },
  },
  {
    moment: '35-delta-base-gone',
    claims: {
      verdict: bad(),
      backup: either(['ok', 'warning'], /base_000000050000000000000043_D/, /base_00000005000000000000007A_D/),
      replicas: attached,
      ...holesOfTimeline5,
    },
  },
  {
    // it ends in segment 80, and 7F is the newest in the storage
    moment: '38-replica-backup-not-yet-restorable',
    claims: {
      verdict: bad(),
      backup: either(['ok', 'warning'], /base_00000005000000000000007A_D/, /base_00000005000000000000007D/),
      replicas: attached,
      ...holesOfTimeline5,
    },
  },
  {
    moment: '40c-foreign-backup-among-own',
    claims: {
      verdict: bad(),
      backup: ok(/base_000000050000000000000085/),
      backup_source: either(['ok', 'warning'], /base_000000010000000000000004/),
      wal_integrity: { ...bad(), never: [/\b94 segments/] },
      recovery,
    },
  },
  {
    // pg1 accepts writes that will be lost; from here only its absence can be seen
    moment: '42a-split-old-primary-alive-asked-new',
    claims: { verdict: bad(/pg1/), members: bad(/pg1/) },
  },
  {
    moment: '43-replicas-cannot-stream',
    claims: {
      verdict: critical(/pg1|pg2|replica/),
      replicas: critical(/pg1/, /pg2/),
      lag: either(['ok', 'warning']),
    },
  },
];
