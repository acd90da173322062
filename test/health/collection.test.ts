import { expect, test } from 'vitest';
import { collection } from '../../src/health/collection.ts';
import {
  documentWith,
  failed,
  findingOf,
  inPart,
  late,
  NOW,
  olderProducer,
  succeeded,
  type Case,
} from '../stand-ins/builders.ts';

const runs = (change: object) =>
  documentWith({ collectors: { patroni: succeeded, walg_backups: succeeded, walg_verify: succeeded, ...change } });
const stale = (seconds: number) => documentWith({ current_timestamp: NOW / 1000 - seconds });

test.each<Case>([
  ['all went well', runs({}), 'ok: patroni, walg_backups and walg_verify succeeded'],
  ['one failed', runs({ walg_backups: failed }), 'unknown: walg_backups failed: it broke'],
  ['one ran out of time', runs({ walg_verify: late }), 'unknown: walg_verify ran out of time: did not finish in time'],
  [
    'one returned a partial result',
    runs({ patroni: inPart }),
    'unknown: patroni failed, with a partial result: it broke',
  ],
  ['one was not asked', runs({ walg_verify: null }), 'ok: patroni and walg_backups succeeded; walg_verify was skipped'],
  ['five minutes old', stale(300), 'ok: patroni, walg_backups and walg_verify succeeded'],
  [
    'older than five minutes',
    stale(301),
    'critical: the document is 5 min 1 s old (collected at 2026-11-21 06:54:59 UTC): the job that renews it does not run, or cannot publish',
  ],
  [
    'from the future',
    stale(-7200),
    "unknown: the document's timestamp, 2026-11-21 09:00:00 UTC, is 2 h in the future (here it is 2026-11-21 07:00:00 UTC): check the clocks of both hosts",
  ],
  ['an older producer', olderProducer(), 'ok: collected; the document does not report the result of each collector'],
])('%s', (_situation, document, finding) => {
  expect(findingOf(collection, document)).toBe(finding);
});
