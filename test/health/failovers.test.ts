import { expect, test } from 'vitest';
import type { Failover } from '../../src/document/schema.ts';
import { failovers } from '../../src/health/failovers.ts';
import {
  documentWith,
  ended,
  failed,
  findingOf,
  olderProducer,
  withoutPatroni,
  type Case,
} from '../stand-ins/builders.ts';

const history = (...rows: Failover[]) => documentWith({ failovers: rows });
const HOUR = 60;
const twoToday = history(
  ended(1, '0/5000000', 200 * HOUR),
  ended(2, '0/6000000', 20 * HOUR),
  ended(3, '0/7000000', 2, 'node2'),
);

test.each<Case>([
  ['none', history(), 'ok: the leader changed 0 times in 24 hours, 0 times in 7 days'],
  [
    'two today',
    twoToday,
    'ok: the leader changed 2 times in 24 hours, 2 times in 7 days; last at 2026-11-21 06:58:00 UTC (2 min ago), when timeline 3 ended and node2 took over',
  ],
  [
    'one this week',
    history(ended(1, '0/5000000', 30 * HOUR, null)),
    'ok: the leader changed 0 times in 24 hours, 1 time in 7 days; last at 2026-11-20 01:00:00 UTC (1 d 6 h ago), when timeline 1 ended',
  ],
  [
    'a history without times',
    history(ended(1, '0/5000000', null, null)),
    'ok: the leader changed 0 times in 24 hours, 0 times in 7 days; last at an unknown time, when timeline 1 ended',
  ],
  [
    'all of the tail is young',
    history(ended(30, '0/5000000', 20), ended(31, '0/6000000', 10)),
    'ok: the leader changed at least 2 times in 24 hours, at least 2 times in 7 days; last at 2026-11-21 06:50:00 UTC (10 min ago), when timeline 31 ended and node1 took over',
  ],
  ['Patroni failed', withoutPatroni(failed), 'unknown: failovers not known: patroni failed (see collection)'],
  ['Patroni was not asked', withoutPatroni(null), undefined],
  ['an older producer', olderProducer(), undefined],
])('%s', (_situation, document, finding) => {
  expect(findingOf(failovers, document)).toBe(finding);
});

test('more than --failovers-max', () => {
  expect(findingOf(failovers, twoToday, { failoversMax: 2 })).toMatch(/^ok: /);
  expect(findingOf(failovers, twoToday, { failoversMax: 1 })).toMatch(
    /^warning: the leader changed 2 times in 24 hours \(more than 1\), 2 times in 7 days; /,
  );
});
