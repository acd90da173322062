import { expect, test } from 'vitest';
import { lag } from '../../src/health/lag.ts';
import { defaultThresholds } from '../../src/health/thresholds.ts';
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
const OWN = '(maximum_lag_on_failover)';

test.each<Case>([
  ['none', lags(0), `ok: lag behind the leader: node2 0 B; the limit is 1 MiB ${OWN}`],
  [
    'exactly the limit',
    lags(MIB, 5000),
    `ok: lag behind the leader: node2 1 MiB and node3 4.9 KiB; the limit is 1 MiB ${OWN}`,
  ],
  ['more', lags(MIB + 1, 0), `warning: node2 is 1 MiB behind, more than 1 MiB ${OWN}`],
  ['not known', lags('unknown'), "unknown: node2's lag is not known"],
  ['not there', lags(undefined), "unknown: node2's lag is not known"],
  [
    'one not known, one too much',
    lags('unknown', 3 * MIB),
    `unknown: node2's lag is not known; node3 is 3 MiB behind, more than 1 MiB ${OWN}`,
  ],
  [
    'down according to its own /patroni, whatever /cluster reports',
    documentWith({ node: node({ name: 'node2', role: 'replica', state: 'unknown' }) }),
    'ok: no replica is running, so no lag can be measured (see replicas)',
  ],
  ['a single node', documentWith(cluster(leading)), 'ok: there is no replica'],
  [
    'the limit is not known',
    documentWith({ ...cluster(leading, replica('node2', { lag: 2 * MIB })), patroni_config: null }),
    'warning: node2 is 2 MiB behind, more than 1 MiB (the default of maximum_lag_on_failover; the configuration is not known)',
  ],
  ['Patroni failed', withoutPatroni(failed), 'unknown: lag not known: patroni failed (see collection)'],
  ['Patroni was not asked', withoutPatroni(null), undefined],
  [
    'an older producer',
    olderProducer(),
    'ok: lag behind the leader: node2 0 B; the limit is 1 MiB (the default of maximum_lag_on_failover; the configuration is not known)',
  ],
])('%s', (_situation, document, finding) => {
  expect(findingOf(lag, document)).toBe(finding);
});

test('--lag-max overrides the limit of the cluster, and the message has the numbers', () => {
  const thresholds = { ...defaultThresholds, lagMax: 16 * MIB };
  expect(lag({ document: lags(5 * MIB, 17 * MIB, 'unknown'), thresholds, now: NOW })).toEqual({
    status: 'unknown',
    reasons: ["node4's lag is not known", 'node3 is 17 MiB behind, more than 16 MiB (--lag-max)'],
    value: 17 * MIB,
    unit: 'bytes',
    warning: 16 * MIB,
  });
});
