import { expect, test } from 'vitest';
import type { Recovery, StatusDocument } from '../../src/document/schema.ts';
import type { StoredTimeline } from '../../src/document/stored.ts';
import { walTimeline } from '../../src/health/wal-timeline.ts';
import { recoveryOf } from '../../src/wal/read.ts';
import {
  cluster,
  documentWith,
  ended,
  failed,
  findingOf,
  leading,
  node,
  olderProducer,
  succeeded,
  timelines,
  withoutWalg,
  type Case,
} from '../stand-ins/builders.ts';

/** The result of WAL-G while Patroni has been on timeline 3 for this many minutes. */
const since = (minutesAgo: number | null, status: string, current: number, highest: number) =>
  documentWith({
    ...cluster({ ...leading, timeline: 3 }),
    ...timelines(status, current, highest),
    node: node({ timeline: 3 }),
    failovers: [ended(1, '0/45000110', 9000), ended(2, '0/63000110', minutesAgo)],
  });
const withoutPatroni = (status: string, current: number, highest: number) =>
  documentWith({
    ...cluster(),
    ...timelines(status, current, highest),
    node: null,
    failovers: null,
    collectors: { patroni: failed, walg_backups: succeeded, walg_verify: succeeded },
  });
const BEHIND = 'the storage is on timeline 3, the cluster on 2 according to WAL-G, on 3 according to Patroni';
const NOT_YET = 'the storage is on timeline 2, the cluster on 3 according to WAL-G';
const foreign = (highest: number, ours: string, found = '') =>
  `critical: the storage has WAL of timeline ${highest}, and this cluster is on timeline ${ours}${found}: another system writes there (a former leader, a clone), or did before this cluster was restored into the same prefix; right after a switch this may be the new timeline of this cluster; a restore to "latest", PostgreSQL's default, may follow timeline ${highest}: restore with recovery_target_timeline = '3' to get this cluster`;
const STALE =
  'warning: WAL-G expects and finds timeline 2 in the storage, but Patroni is on 3: either WAL-G asks another PostgreSQL (PGHOST, PGPORT), or no WAL of the new timeline has reached the storage';
const EMPTY =
  'there is no WAL in the storage, and the cluster is on timeline 3: either the archiver uploads nothing, or WAL-G reads another bucket, prefix or endpoint';

test.each<Case>([
  ['all agree', since(600, 'OK', 3, 3), 'ok: the cluster and the newest WAL in the storage are on timeline 3'],
  [
    'pg_control is behind a recent switch',
    since(14, 'FAILURE', 2, 3),
    `warning: ${BEHIND}, because of the switch 14 min ago: WAL-G reads pg_control, which keeps the old timeline until the checkpoint after the promotion is complete`,
  ],
  [
    'pg_control is behind a switch that is not recent',
    since(16, 'FAILURE', 2, 3),
    `critical: ${BEHIND}: either WAL-G asks another PostgreSQL (PGHOST, PGPORT), or the checkpoint after the last switch is overdue`,
  ],
  [
    'pg_control is behind a switch of which the time is not known',
    since(null, 'FAILURE', 2, 3),
    `critical: ${BEHIND}: either WAL-G asks another PostgreSQL (PGHOST, PGPORT), or the checkpoint after the last switch is overdue`,
  ],
  [
    'further behind than the recent switch explains',
    since(2, 'FAILURE', 1, 3),
    'critical: the storage is on timeline 3, the cluster on 1 according to WAL-G, on 3 according to Patroni: either WAL-G asks another PostgreSQL (PGHOST, PGPORT), or the checkpoint after the last switch is overdue',
  ],
  [
    'the new timeline is not in the storage yet',
    since(1, 'FAILURE', 3, 2),
    `warning: ${NOT_YET}, because of the switch 1 min ago: no WAL of the new timeline has reached the storage yet`,
  ],
  [
    'the new timeline is not in the storage, and should be there by now',
    since(20, 'FAILURE', 3, 2),
    `critical: ${NOT_YET}: no WAL of the new timeline has reached the storage, so the archiver uploads nothing`,
  ],
  [
    'WAL-G does not know of the new timeline, nor does the storage',
    since(1, 'OK', 2, 2),
    'ok: WAL-G expects and finds timeline 2 in the storage; Patroni is already on 3',
  ],
  ['WAL-G does not know of the new timeline sixteen minutes later', since(16, 'OK', 2, 2), STALE],
  ['nothing of it long after a switch of which the time is not known', since(null, 'OK', 2, 2), STALE],
  ['another system writes, right after a switch', since(1, 'FAILURE', 3, 4), foreign(4, '3')],
  ['another system writes, whatever the status in WAL-G', since(600, 'OK', 4, 4), foreign(4, '3')],
  [
    "a history that is newer than a replica's view: no other system writes",
    { ...since(1, 'FAILURE', 2, 3), node: node({ name: 'node2', role: 'replica', timeline: 2 }) },
    `warning: ${BEHIND}, because of the switch 1 min ago: WAL-G reads pg_control, which keeps the old timeline until the checkpoint after the promotion is complete`,
  ],
  ['no WAL', since(600, 'WARNING', 3, 0), `warning: ${EMPTY}`],
  [
    'an unknown status',
    since(600, 'MAYBE', 3, 3),
    'unknown: WAL-G reports the unknown status MAYBE for its timeline check',
  ],
  [
    "Patroni failed, and WAL-G's check is ok",
    withoutPatroni('OK', 3, 3),
    'ok: the cluster and the newest WAL in the storage are on timeline 3',
  ],
  [
    'Patroni failed, and WAL-G finds a higher one',
    withoutPatroni('FAILURE', 3, 4),
    foreign(4, '3 (according to WAL-G; Patroni does not report it)'),
  ],
  [
    'Patroni failed, and WAL-G finds a lower one',
    withoutPatroni('FAILURE', 3, 2),
    `critical: ${NOT_YET}: no WAL of the new timeline has reached the storage, so the archiver uploads nothing`,
  ],
  [
    'WAL-G failed',
    withoutWalg(failed),
    'unknown: timeline in the storage not known: walg_verify failed (see collection)',
  ],
  ['WAL-G was not asked', withoutWalg(null), undefined],
  [
    'an older producer',
    olderProducer(since(1, 'FAILURE', 2, 3)),
    `critical: ${BEHIND}: either WAL-G asks another PostgreSQL (PGHOST, PGPORT), or the checkpoint after the last switch is overdue`,
  ],
])('%s', (_situation, document, finding) => {
  expect(findingOf(walTimeline, document)).toBe(finding);
});

/** The result of wal-show, in addition to the other facts. */
const storing = (document: StatusDocument, ...found: StoredTimeline[]) => ({
  ...document,
  recovery: { ...recoveryOf(document), stored: { listed_at: 0, timelines: found } } as Recovery,
});
const clone: StoredTimeline = {
  timeline: 6,
  relation: 'other',
  parent: 3,
  switch_lsn: '0/75000000',
  first_segment: '000000060000000000000075',
  last_segment: '000000060000000000000077',
  missing_segments: 0,
  abandoned_segments: 3,
};
const FOUND = '; timeline 6 branched off timeline 3 at 0/75000000 and has WAL up to 000000060000000000000077';
const ARRIVES =
  'WAL of timeline 6 that is not of this cluster still arrives in the storage (3 segments, the newest 000000060000000000000077): find the PostgreSQL that archives it (a former leader or a clone) and stop its archiving';

test('the message has the branch point of the foreign timeline, and whether its WAL still arrives', () => {
  const document = since(600, 'FAILURE', 3, 6);
  expect(findingOf(walTimeline, storing(document, clone))).toBe(foreign(6, '3', FOUND));
  expect(findingOf(walTimeline, storing(document, { ...clone, still_arriving: true }))).toBe(
    `${foreign(6, '3', FOUND)}; ${ARRIVES}`,
  );
});

test('a former leader continues to archive, on a timeline that WAL-G does not check', () => {
  const former = { ...clone, timeline: 2, relation: 'ancestor' as const, still_arriving: true };
  expect(findingOf(walTimeline, storing(since(600, 'OK', 3, 3), former))).toBe(
    `warning: the cluster and the newest WAL in the storage are on timeline 3; ${ARRIVES.replace('timeline 6', 'timeline 2')}`,
  );
});
