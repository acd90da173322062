import { expect, test } from 'vitest';
import { standbyCluster } from '../../src/health/standby-cluster.ts';
import { cluster, documentWith, findingOf, leading, node, NOW, replica, type Case } from '../stand-ins/builders.ts';

const at = (minutesAgo: number) =>
  new Date(NOW - minutesAgo * 60_000).toISOString().replace('T', ' ').replace('Z', '+00:00');
const ARCHIVE = 'in archive recovery';

function following(state: string, change: object = {}, role = 'standby_leader') {
  return documentWith({
    ...cluster({ ...leading, role: 'standby_leader', state }, replica('node2')),
    node: node({
      role,
      replication_state: state === 'running' ? null : state,
      received_lsn: '0/12000000',
      replayed_lsn: '0/12000000',
      replayed_timestamp: at(5),
      ...change,
    }),
  });
}

test.each<Case>([
  ['no standby cluster', documentWith(), undefined],
  ['it streams', following('streaming'), 'ok: node1 streams from the cluster that it follows'],
  [
    'it streams, and its source has written nothing for days',
    following('streaming', { replayed_timestamp: at(5000) }),
    'ok: node1 streams from the cluster that it follows',
  ],
  [
    'it streams, and nothing was replayed since it started',
    following('streaming', { replayed_timestamp: null }),
    'ok: node1 streams from the cluster that it follows',
  ],
  [
    'it streams and does not replay',
    following('streaming', { replayed_lsn: '0/11000000', replayed_timestamp: at(90) }),
    'critical: node1 streams from the cluster that it follows, but has not replayed all that it received, and its last transaction is 1 h 30 min old, more than 1 h (--standby-age-max): its replay is blocked or paused',
  ],
  [
    'from the archive, and on time',
    following(ARCHIVE),
    'ok: node1 does not stream from the cluster that it follows (in archive recovery); its last transaction is 5 min old, at most 1 h',
  ],
  [
    'from the archive, three days late',
    following(ARCHIVE, { replayed_timestamp: at(4320) }),
    'critical: node1 does not stream from the cluster that it follows (in archive recovery), and its last transaction is 3 d old, more than 1 h (--standby-age-max): either it cannot reach its source, or nothing was committed there',
  ],
  [
    'from the archive, nothing replayed since it started',
    following(ARCHIVE, { replayed_timestamp: null }),
    'unknown: node1 does not stream from the cluster that it follows (in archive recovery); the age of its last transaction is not known',
  ],
  [
    'from the archive, and its clock is wrong',
    following(ARCHIVE, { replayed_timestamp: at(-120) }),
    'unknown: node1 does not stream from the cluster that it follows (in archive recovery), and its last transaction is 2 h in the future (2026-11-21 09:00:00 UTC): check the clocks of both hosts',
  ],
  [
    'it runs and does not replicate',
    following('running'),
    'warning: node1 does not stream from the cluster that it follows (it runs, but does not replicate); its last transaction is 5 min old',
  ],
  [
    'it is down',
    following('streaming', { state: 'stopped', replication_state: null }),
    'ok: not judged: node1 does not run (see leader)',
  ],
  [
    'a replica was asked',
    documentWith({
      ...cluster({ ...leading, role: 'standby_leader', state: ARCHIVE }, replica('node2')),
      node: node({ name: 'node2', role: 'replica', replication_state: 'streaming', replayed_timestamp: at(120) }),
    }),
    'critical: node1 does not stream from the cluster that it follows (in archive recovery), and its last transaction is 2 h old, more than 1 h (--standby-age-max): either it cannot reach its source, or nothing was committed there',
  ],
  [
    'no leader',
    documentWith({ ...cluster(replica('node1')), node: node({ role: 'standby_leader' }) }),
    'ok: not judged: no member is the leader (see leader)',
  ],
])('%s', (_situation, document, finding) => {
  expect(findingOf(standbyCluster, document)).toBe(finding);
});

test('--standby-age-max', () => {
  const document = following(ARCHIVE, { replayed_timestamp: at(20) });
  expect(findingOf(standbyCluster, document)).toMatch(/^ok: /);
  expect(findingOf(standbyCluster, document, { standbyAgeMax: 900_000 })).toMatch(/^critical: /);
});
