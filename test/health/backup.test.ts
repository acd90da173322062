import { expect, test } from 'vitest';
import { backup } from '../../src/health/backup.ts';
import { defaultThresholds, overlayThresholds } from '../../src/health/thresholds.ts';
import type { ThresholdsFile } from '../../src/health/thresholds-file.ts';
import {
  backupAt,
  backups,
  documentWith,
  failed,
  findingOf,
  inPart,
  NOW,
  olderProducer,
  succeeded,
  timelines,
  withoutWalg,
  type Case,
} from '../stand-ins/builders.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const before = (age: number) => new Date(NOW - age).toISOString();
/** Backups of these ages in hours. */
const aged = (...hours: number[]) => documentWith(backups(...hours.map((age) => backupAt(before(age * HOUR)))));
const none = (highest: number) => documentWith({ ...backups(), ...timelines('OK', 1, highest) });
const incomplete = { collectors: { patroni: succeeded, walg_backups: inPart, walg_verify: succeeded } };
const told = (age: string, time: string) =>
  `the newest backup, base_00000001000000000000000F, is ${age} old (${time} UTC)`;
const EMPTY =
  'critical: there is no backup and no WAL: the storage is empty, usually because WAL-G reads another bucket, prefix or endpoint than the archiver writes to';

test.each<Case>([
  ['of this night', aged(5), `ok: ${told('5 h', '2026-11-21 02:00:00')}`],
  ['eight days old', aged(192), `ok: ${told('8 d', '2026-11-13 07:00:00')}`],
  [
    'older than eight days',
    aged(193),
    `critical: ${told('8 d 1 h', '2026-11-13 06:00:00')}, more than 8 d (--backup-max-age)`,
  ],
  [
    'every night, and the last one is 29 hours old',
    aged(29, 53, 77, 101, 125),
    `ok: ${told('1 d 5 h', '2026-11-20 02:00:00')}`,
  ],
  [
    'every night, but not this one',
    aged(37, 61, 85, 109),
    `warning: ${told('1 d 13 h', '2026-11-19 18:00:00')}, but a backup is usually taken every 1 d: the last one was missed, failed or is still running (--missed-backups ignore turns this check off)`,
  ],
  ['three backups are too few for an interval', aged(37, 61, 85), `ok: ${told('1 d 13 h', '2026-11-19 18:00:00')}`],
  [
    'a gap in the past may be a weekend: no interval is assumed',
    aged(37, 61, 85, 181, 205),
    `ok: ${told('1 d 13 h', '2026-11-19 18:00:00')}`,
  ],
  [
    'many manual backups within an hour: no interval is assumed',
    aged(10, 10.1, 10.2, 10.3, 10.4),
    `ok: ${told('10 h', '2026-11-20 21:00:00')}`,
  ],
  [
    'only the last eight count: weekly before, daily since',
    aged(37, 61, 85, 109, 133, 157, 181, 205, 373, 541),
    `warning: ${told('1 d 13 h', '2026-11-19 18:00:00')}, but a backup is usually taken every 1 d: the last one was missed, failed or is still running (--missed-backups ignore turns this check off)`,
  ],
  ['none, and no WAL', none(0), EMPTY],
  [
    'none, but WAL',
    none(3),
    'critical: there is no backup, though WAL up to timeline 3 is archived: either none was taken, or all were deleted; take a full backup',
  ],
  [
    'none, and the WAL is not known',
    { ...none(0), walg_timeline: null },
    'critical: there is no backup; it is not known whether there is WAL',
  ],
  ['young, in a list that is not complete', { ...aged(5), ...incomplete }, `ok: ${told('5 h', '2026-11-21 02:00:00')}`],
  [
    'old, in a list that is not complete',
    { ...aged(300), ...incomplete },
    `unknown: ${told('12 d 12 h', '2026-11-08 19:00:00')}, more than 8 d (--backup-max-age); the list of backups is incomplete (see collection), so there may be a newer one`,
  ],
  ['a clock that is a minute behind', aged(-1 / 60), `ok: ${told('0 s', '2026-11-21 07:01:00')}`],
  [
    'from the future',
    aged(-1),
    'unknown: the age of base_00000001000000000000000F is not known: its own time, 2026-11-21 08:00:00 UTC, is in the future: check the clocks of both hosts',
  ],
  [
    'from the future, with the time of its upload',
    documentWith(backups(backupAt(before(5 * HOUR), undefined, { finish_time: before(-1500 * HOUR) }))),
    'ok: the newest backup, base_00000001000000000000000F, is 5 h old (2026-11-21 02:00:00 UTC, when it was stored; its own time, 2027-01-22 19:00:00 UTC, is in the future: check the clocks of both hosts)',
  ],
  [
    'an invalid time',
    documentWith(backups(backupAt('soon'))),
    'unknown: the age of base_00000001000000000000000F is not known: its time "soon" is not a date',
  ],
  ['WAL-G failed', withoutWalg(failed), 'unknown: backups not known: walg_backups failed (see collection)'],
  ['WAL-G was not asked', withoutWalg(null), undefined],
  ['an older producer', olderProducer(aged(5)), `ok: ${told('5 h', '2026-11-21 02:00:00')}`],
])('%s', (_situation, document, finding) => {
  expect(findingOf(backup, document)).toBe(finding);
});

test.each<[string, ThresholdsFile]>([
  ['no interval is assumed if a limit is set', { backup_max_age: { critical: 8 * DAY } }],
  ['no interval is assumed together with a limit', { backup_max_age: { warning: 2 * DAY }, missed_backups: 'warn' }],
  ['no interval is assumed with --missed-backups ignore', { missed_backups: 'ignore' }],
])('%s', (_situation, file) => {
  expect(findingOf(backup, aged(37, 61, 85, 109), overlayThresholds(defaultThresholds, file))).toBe(
    `ok: ${told('1 d 13 h', '2026-11-19 18:00:00')}`,
  );
});

test('--backup-max-age', () => {
  const backupMaxAge = { warning: DAY, critical: 2 * DAY };
  expect(findingOf(backup, aged(24), { backupMaxAge })).toBe(`ok: ${told('1 d', '2026-11-20 07:00:00')}`);
  expect(findingOf(backup, aged(25), { backupMaxAge })).toBe(
    `warning: ${told('1 d 1 h', '2026-11-20 06:00:00')}, more than 1 d (--backup-max-age)`,
  );
  expect(findingOf(backup, aged(49), { backupMaxAge })).toBe(
    `critical: ${told('2 d 1 h', '2026-11-19 06:00:00')}, more than 2 d (--backup-max-age)`,
  );
});

test('the age counts from the end of a backup, so that a long one is not reported as missed while it runs', () => {
  const night = (age: number) =>
    backupAt(before((age - 6) * HOUR), undefined, {
      start_time: before((age + 14) * HOUR),
      finish_time: before(age * HOUR),
    });
  expect(findingOf(backup, documentWith(backups(night(23), night(47), night(71), night(95))))).toMatch(
    /^ok: .* is 23 h old/,
  );
});
