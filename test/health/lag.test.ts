import { expect, test } from 'vitest';
import { lag } from '../../src/health/lag.ts';
import {
  cluster,
  documentWith,
  failed,
  findingOf,
  leading,
  node,
  NOW,
  olderProducer,
  replica,
  withoutPatroni,
  type Case,
} from '../stand-ins/builders.ts';

const MIB = 1024 * 1024;
const lags = (...known: (number | string | undefined)[]) =>
  documentWith(cluster(leading, ...known.map((bytes, index) => replica(`node${index + 2}`, { lag: bytes }))));
const OWN = "(the cluster's maximum_lag_on_failover)";

test.each<Case>([
  ['none', lags(0), `ok: behind the leader: node2 0 B; at most 1 MiB ${OWN}`],
  [
    'as much as is allowed',
    lags(MIB, 5000),
    `ok: behind the leader: node2 1 MiB and node3 4.9 KiB; at most 1 MiB ${OWN}`,
  ],
  ['more', lags(MIB + 1, 0), `warning: node2 is 1 MiB behind, more than 1 MiB ${OWN}`],
  ['not known', lags('unknown'), "unknown: node2's lag is not known (it is streaming)"],
  ['not there', lags(undefined), "unknown: node2's lag is not known (it is streaming)"],
  [
    'one not known, one too much',
    lags('unknown', 3 * MIB),
    `unknown: node2's lag is not known (it is streaming); node3 is 3 MiB behind, more than 1 MiB ${OWN}`,
  ],
  [
    'down by its own word, whatever /cluster still says',
    documentWith({ node: node({ name: 'node2', role: 'replica', state: 'unknown' }) }),
    "unknown: node2's lag is not known (its PostgreSQL does not answer)",
  ],
  ['a single node', documentWith(cluster(leading)), 'ok: no replica that could lag'],
  [
    'the limit is not known',
    documentWith({ ...cluster(leading, replica('node2', { lag: 2 * MIB })), patroni_config: null }),
    "warning: node2 is 2 MiB behind, more than 1 MiB (assumed, for the cluster's maximum_lag_on_failover is not known)",
  ],
  ['Patroni failed', withoutPatroni(failed), 'unknown: lag not known: patroni failed (see collection)'],
  ['Patroni was not asked', withoutPatroni(null), undefined],
  [
    'an older producer',
    olderProducer(),
    "ok: behind the leader: node2 0 B; at most 1 MiB (assumed, for the cluster's maximum_lag_on_failover is not known)",
  ],
])('%s', (_situation, document, finding) => {
  expect(findingOf(lag, document)).toBe(finding);
});

test('the limit that was set counts before the cluster’s, and the numbers are told', () => {
  const thresholds = {
    lagMax: 16 * MIB,
    backupMaxAge: { warning: undefined, critical: 1 },
    walDelayMax: { warning: 1, critical: 2 },
    failoversMax: undefined,
  };
  expect(lag({ document: lags(5 * MIB, 17 * MIB, 'unknown'), thresholds, now: NOW })).toEqual({
    status: 'unknown',
    reasons: [
      "node4's lag is not known (it is streaming)",
      'node3 is 17 MiB behind, more than 16 MiB (the limit that was set)',
    ],
    value: 17 * MIB,
    unit: 'bytes',
    warning: 16 * MIB,
  });
});
