import { bad, critical, either, never, ok, told, unknown, warning } from '../claims.ts';
import { failed, said } from '../moment.ts';
import type { Case } from './case.ts';
import { backup, DAY, healthy, HOUR, isoAt, moment, row, segment, type Storage, verifySays } from './healthy.ts';

const recovery = either(['ok', 'warning', 'critical', 'unknown']);
const stored = (storage: Storage) => moment(healthy(), { storage });
const [B0, C0, F0] = [segment(1, 0xb0), segment(1, 0xc0), segment(1, 0xf0)];
const daily = [0, 1, 2, 3, 4].map((day) => backup(B0 + day * 16, (6 - day) * DAY + 8 * HOUR));

/** Five hours ago the cluster was restored in place to yesterday noon: timeline 4 left timeline 3 at 1/F8000000. */
function restoredInPlace(): Case {
  const cluster = healthy();
  const { 'pg-a': a, 'pg-b': b, 'pg-c': c } = cluster.nodes;
  const timeline = 4;
  const nodes = { 'pg-a': { ...a, timeline }, 'pg-b': { ...b, timeline }, 'pg-c': { ...c, timeline } };
  const members = cluster.cluster.members.map((member) => ({ ...member, timeline }));
  const left = [3, 2 ** 32 + 0xf8000000, 'before 2026-11-24 12:00:00+00', isoAt(-5 * HOUR), 'pg-a'];
  const storage: Storage = {
    rows: [row(3, B0, segment(1, 0xf7)), row(4, segment(1, 0xf8), segment(2, 0x17))],
    timeline: { current_timeline_id: 4, highest_storage_timeline_id: 4 },
  };
  return {
    name: '02 the two newest backups lie on a timeline that was abandoned',
    moment: moment(
      { nodes, config: cluster.config, cluster: { ...cluster.cluster, members }, history: [...cluster.history, left] },
      { storage },
    ),
    claims: {
      backup: either(['ok', 'warning'], /base_0000000300000001000000F0/, /base_000000030000000200000010/),
      recovery,
    },
  };
}

/** The dead leader had not archived the last two segments of timeline 2 when pg-a took over, nine hours ago. */
function deadLeaderLeftAHole(): Case {
  const cluster = healthy();
  const took = [2, 2 * 2 ** 32 + 0x12000000, 'no recovery target specified', isoAt(-9 * HOUR), 'pg-a'];
  const backups = [0, 1, 2, 3, 4].map((day) => backup(B0 + day * 16, (6 - day) * DAY + 16 * HOUR, { timeline: 2 }));
  const storage: Storage = {
    backups: [...backups, backup(segment(2, 5), 16 * HOUR, { timeline: 2 })],
    integrity: 'FAILURE',
    rows: [
      row(2, B0, segment(2, 0x0f)),
      row(2, segment(2, 0x10), segment(2, 0x11), 'MISSING_LOST'),
      row(3, segment(2, 0x12), segment(2, 0x17)),
    ],
  };
  return {
    name: '27 a dead leader left a hole',
    moment: moment({ ...cluster, history: [...cluster.history.slice(0, 1), took] }, { storage }),
    claims: {
      verdict: critical(),
      wal_integrity: critical(/000000020000000200000010/, /000000020000000200000011/),
      recovery,
    },
  };
}

const REFUSED = failed(
  'ERROR: 2026/11/25 20:00:00.000000 FATAL: password authentication failed for user "postgres" (SQLSTATE 28P01)\n',
);

export const storageCases: readonly Case[] = [
  {
    name: '01 only deltas are left',
    moment: stored({
      backups: [
        backup(segment(2, 5), DAY + 8 * HOUR, { base: F0 }),
        backup(segment(2, 16), 8 * HOUR, { base: segment(2, 5) }),
      ],
    }),
    claims: { verdict: critical(/backup/), backup: critical(/base/), recovery },
  },
  {
    name: '01 the base of the newest delta alone is gone',
    moment: stored({ backups: [...daily, backup(segment(2, 5), 8 * HOUR, { base: segment(2, 1) })] }),
    claims: {
      backup: either(['ok', 'warning'], /base_0000000300000001000000F0/, /base_000000030000000200000005_D/),
      recovery,
    },
  },
  restoredInPlace(),
  {
    // the host that took the newest one had a clock two months ahead; backups have failed since
    name: '03 a backup from the future',
    moment: stored({ backups: [backup(B0, 20 * DAY), backup(C0, -60 * DAY, { time: isoAt(-15 * DAY) })] }),
    claims: {
      verdict: critical(/backup/),
      backup: critical(/2026-11-10/, /2027-01-24/),
      recovery,
    },
  },
  {
    name: '03 a backup from the future, and one every day since',
    moment: stored({
      backups: [
        backup(B0 - 8, -60 * DAY, { time: isoAt(-15 * DAY) }),
        ...[4, 3, 2, 1, 0].map((day, index) => backup(B0 + 8 * index, day * DAY + 8 * HOUR)),
      ],
      rows: [row(3, B0 - 8, segment(2, 0x17))],
    }),
    claims: { verdict: ok(), backup: ok(/base_0000000300000001000000D0/) },
  },
  {
    // Sunday noon, 58 h after Friday's
    name: '10 Monday to Friday at 02:00, with a limit of 4 d',
    moment: stored({
      backups: [8, 7, 4, 3, 2, 1, 0].map((day, index) => backup(B0 + 8 * index, 58 * HOUR + day * DAY)),
    }),
    args: ['--backup-max-age', '4d'],
    claims: { verdict: ok(), backup: ok() },
  },
  {
    name: '10 Monday to Friday at 02:00, without a limit',
    moment: stored({
      backups: [8, 7, 4, 3, 2, 1, 0].map((day, index) => backup(B0 + 8 * index, 58 * HOUR + day * DAY)),
    }),
    claims: { verdict: ok(), backup: ok() },
  },
  {
    // none at night: twelve hours after the last one nothing was missed
    name: '10 hourly deltas by day',
    moment: stored({
      backups: [
        ...[58, 57, 56, 55, 54, 53].map((hours, index) => backup(B0 + index, hours * HOUR, { base: B0 - 1 })),
        ...[34, 33, 32, 31, 30, 29].map((hours, index) => backup(C0 + index, hours * HOUR, { base: B0 - 1 })),
        backup(F0, 12 * HOUR),
      ].toSpliced(0, 0, backup(B0 - 1, 60 * HOUR)),
      rows: [row(3, B0 - 1, segment(2, 0x17))],
    }),
    claims: { verdict: ok(), backup: ok() },
  },
  {
    name: '10 two a day in two places',
    moment: stored({
      backups: [5, 4, 3, 2, 1, 0].flatMap((day, index) => [
        backup(B0 + 8 * index, 20 * HOUR + day * DAY),
        backup(B0 + 8 * index + 1, 19 * HOUR + day * DAY, { hostname: 'pg-c' }),
      ]),
    }),
    claims: { verdict: ok(), backup: ok() },
  },
  {
    // while the primary storage was down, WAL-G archived four segments and a backup to "spare", from which a restore also reads
    name: '12 the failover storage has what is missing',
    moment: stored({
      backups: [
        ...daily,
        backup(segment(2, 5), DAY + 8 * HOUR, { storage_name: 'spare' }),
        backup(segment(2, 0x10), 8 * HOUR),
      ],
      integrity: 'FAILURE',
      rows: [
        row(3, B0, segment(2, 0x0f)),
        row(3, segment(2, 0x10), segment(2, 0x13), 'MISSING_LOST'),
        row(3, segment(2, 0x14), segment(2, 0x17)),
      ],
    }),
    claims: {
      verdict: warning(),
      wal_integrity: warning(/spare/),
      recovery,
    },
  },
  {
    name: '12 the same, and seven days shall be restorable',
    moment: stored({
      backups: [backup(B0, 8 * DAY), backup(segment(2, 5), DAY + 8 * HOUR, { storage_name: 'spare' })],
      integrity: 'FAILURE',
      rows: [
        row(3, B0, segment(2, 0x0f)),
        row(3, segment(2, 0x10), segment(2, 0x13), 'MISSING_LOST'),
        row(3, segment(2, 0x14), segment(2, 0x17)),
      ],
    }),
    args: ['--recovery-window', '7d'],
    claims: {
      verdict: warning(),
      wal_integrity: warning(/spare/),
      recovery: warning(/spare/),
      report: told(/unless "spare" has\s+them/),
    },
  },
  {
    name: '16 this wal-g is built for MySQL',
    moment: stored({
      more: {
        version: 'wal-g version v3.0.5\t8c7f6a1\t2025.01.10_12:00:00\tMySQL',
        backups: said(
          '[{"backup_name":"stream_20261125T010203Z","modify_time":"2026-11-25T01:10:03Z","binlog_start":"binlog.000104","binlog_end":"binlog.000105"}]',
        ),
        verify: failed('Error: unknown command "wal-verify" for "wal-g"\nRun \'wal-g --help\' for usage.\n'),
        verifyAsking: failed('Error: unknown command "wal-verify" for "wal-g"\nRun \'wal-g --help\' for usage.\n'),
      },
    }),
    claims: {
      verdict: unknown(),
      anywhere: told(/built for MySQL/),
      rest: either(['ok', 'unknown']),
    },
  },
  {
    name: '24 a clone archives into our prefix',
    moment: stored({ timeline: { status: 'FAILURE', current_timeline_id: 3, highest_storage_timeline_id: 6 } }),
    claims: { verdict: bad(), wal_timeline: bad(/timeline 6/, /latest/), recovery },
  },
  {
    // this cluster's own backups have failed for nine days
    name: '24 a clone takes its backups into our prefix',
    moment: stored({
      backups: [
        backup(B0, 11 * DAY),
        backup(C0, 9 * DAY),
        backup(segment(2, 0x12), 8 * HOUR, { timeline: 6, hostname: 'clone-0' }),
      ],
      timeline: { status: 'FAILURE', current_timeline_id: 3, highest_storage_timeline_id: 6 },
    }),
    claims: {
      verdict: critical(),
      backup: critical(/base_0000000300000001000000C0/, /base_000000060000000200000012/),
      wal_timeline: bad(),
      recovery,
    },
  },
  deadLeaderLeftAHole(),
  ...[0, 1].map((low): Case => ({
    // every 256th segment has such a name; wal-g (3.0.9) has no database login, and found all segments under 16 MB names
    name: `33 the only backup starts in a segment ...0${low}`,
    moment: stored({
      backups: [backup(segment(2, low), DAY)],
      rows: [row(3, segment(2, low), segment(2, 0x17))],
      more: { verifyAsking: REFUSED },
    }),
    claims: { verdict: ok() },
  })),
  {
    // WAL-G always reports the newest segments as UPLOADING, so an excerpt that ends with LOST was cut
    name: 'a listing that ends in what is lost',
    moment: stored({
      integrity: 'FAILURE',
      rows: [row(3, B0, segment(2, 0x0f)), row(3, segment(2, 0x10), segment(2, 0x15), 'MISSING_LOST')],
    }),
    claims: { verdict: bad(), wal_integrity: bad(/lost/i), recovery },
  },
  {
    name: 'everything is there, but the leader writes on in a segment that is not archived',
    moment: stored({ more: { verify: verifySays([row(3, B0, segment(2, 0x17))]) } }),
    claims: { verdict: ok(), anywhere: never(/lost|missing,/) },
  },
];
