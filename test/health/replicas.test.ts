import { expect, test } from 'vitest';
import { replicas } from '../../src/health/replicas.ts';
import {
  cluster,
  documentWith,
  ended,
  failed,
  findingOf,
  leading,
  node,
  olderProducer,
  replica,
  standby,
  withoutPatroni,
  type Case,
} from '../stand-ins/builders.ts';

const listed = (...members: Parameters<typeof cluster>) =>
  documentWith({ ...cluster(leading, ...members), node: node({ replication: [] }) });
const ofVersion = (patroni_version: string | null, state: string) =>
  documentWith({
    cluster_status: { members: [leading, replica('node2', { state })] },
    node: node({ patroni_version, replication: [] }),
  });
const streaming = (...standbys: ReturnType<typeof standby>[]) =>
  documentWith({ node: node({ replication: standbys }) });
const barred = (tags: object) => listed(replica('node2', { state: 'stopped', tags }));

const DOES_NOT_REPLICATE = 'critical: no replica could take over: node2 runs, but does not replicate';

test.each<Case>([
  ['one follows', listed(replica('node2')), 'ok: node2 follows node1'],
  [
    'all follow, one from the archive',
    listed(replica('node2'), replica('node3', { state: 'in archive recovery', role: 'quorum_standby' })),
    'ok: node2 and node3 follow node1',
  ],
  [
    'one of two is down',
    listed(replica('node2'), replica('node3', { state: 'start failed', timeline: undefined })),
    'warning: node3 is in state "start failed"',
  ],
  [
    'both are down',
    listed(replica('node2', { state: 'stopped' }), replica('node3', { state: 'crashed' })),
    'critical: no replica could take over: node2 is stopped and node3 is crashed',
  ],
  [
    'the only one that may take over is down',
    listed(replica('node2', { state: 'stopped' }), replica('node3', { tags: { nofailover: true } })),
    'critical: no replica could take over (node3 may not: nofailover): node2 is stopped',
  ],
  ['one that may not take over is down', barred({ nofailover: true }), 'warning: node2 is stopped'],
  ['its priority is 0', barred({ failover_priority: 0 }), 'warning: node2 is stopped'],
  ['its priority is "0"', barred({ failover_priority: '0' }), 'warning: node2 is stopped'],
  [
    'nofailover: false counts before a priority of 0',
    barred({ nofailover: false, failover_priority: 0 }),
    'critical: no replica could take over: node2 is stopped',
  ],
  [
    'one follows that may not take over',
    listed(replica('node2'), replica('node3', { tags: { nofailover: true } })),
    'ok: node2 and node3 follow node1; node3 may not take over (nofailover)',
  ],
  ['running before 3.0.4', ofVersion('3.0.3', 'running'), 'ok: node2 follows node1'],
  ['running from 3.0.4 on', ofVersion('3.0.4', 'running'), DOES_NOT_REPLICATE],
  ['running in a pre-release of 4', ofVersion('4.0.0rc1', 'running'), DOES_NOT_REPLICATE],
  ['running, the version not known', ofVersion(null, 'running'), 'ok: node2 follows node1'],
  ['streaming, the version not known', ofVersion(null, 'streaming'), 'ok: node2 follows node1'],
  [
    'running, the version not known, but a scope proves 3.2',
    documentWith({ ...cluster(leading, replica('node2', { state: 'running' })), node: null }),
    DOES_NOT_REPLICATE,
  ],
  [
    'running by the word of an older version, but it streams from here',
    documentWith({ ...cluster(leading, replica('node2', { state: 'running' })) }),
    'ok: node2 follows node1',
  ],
  [
    'on an old timeline',
    listed(replica('node2', { timeline: 3 }), replica('node3')),
    'warning: node2 is on timeline 3 and the leader on 1: just after a switch it is about to follow, else it needs pg_rewind or a new copy',
  ],
  [
    'its timeline is not known',
    listed(replica('node2', { timeline: undefined }), replica('node3')),
    'warning: node2 is streaming, but its timeline is not known',
  ],
  [
    "the leader's timeline is its own word",
    documentWith({ node: node({ timeline: 2 }) }),
    'critical: no replica could take over: node2 is on timeline 1 and the leader on 2: just after a switch it is about to follow, else it needs pg_rewind or a new copy',
  ],
  [
    'its own word counts',
    documentWith({ node: node({ name: 'node2', role: 'replica', state: 'unknown', timeline: null }) }),
    "critical: no replica could take over: node2's PostgreSQL does not answer by its own word",
  ],
  [
    'a former leader that is down is a replica that is down',
    documentWith({
      ...cluster({ ...leading, name: 'node2' }, replica('node1', { state: 'running' })),
      node: node({ state: 'crashed' }),
    }),
    'critical: no replica could take over: node1 is crashed by its own word',
  ],
  [
    'nobody leads',
    documentWith({
      ...cluster(replica('node1'), replica('node2')),
      node: node({ name: 'node2', role: 'replica', replication_state: 'streaming' }),
    }),
    'ok: node1 and node2 replicate',
  ],
  [
    "a pod with the cluster's labels",
    listed(replica('node2'), replica('cronjob', { state: '', api_url: null, timeline: undefined, lag: 'unknown' })),
    "warning: cronjob has neither a state nor an API: it is just starting, or a pod that carries the cluster's labels and is no member",
  ],
  [
    "a pod with the cluster's labels beside a single node",
    listed(replica('cronjob', { state: '', api_url: null })),
    "warning: cronjob has neither a state nor an API: it is just starting, or a pod that carries the cluster's labels and is no member",
  ],
  ['a single node', listed(), 'ok: node1 is the only member listed and taken for a single node'],
  [
    'a single node that was not alone',
    { ...listed(), failovers: [ended(1, '0/5000000', 5, 'node2'), ended(2, '0/6000000', 1)] },
    'ok: node1 is the only member listed and taken for a single node, though node2 led before and is gone',
  ],
  [
    'two lead, one by the lock and one by its own word: neither is a single node',
    documentWith({ ...cluster(leading, replica('node2')), node: node({ name: 'node2', replication: [] }) }),
    'ok: no replica is listed: node1 and node2 both lead',
  ],
  [
    'three lead',
    documentWith({
      ...cluster(leading, { ...leading, name: 'node2' }, { ...leading, name: 'node3' }),
      node: node({ replication: [] }),
    }),
    'ok: no replica is listed: node1, node2 and node3 all lead',
  ],
  [
    'a stranger streams',
    streaming(standby('node2'), standby('node9')),
    "warning: node9 (10.0.0.2) streams from node1, but Patroni does not list it: its Patroni is down, or it is no member (another cluster's standby, a subscriber)",
  ],
  [
    'a stranger without a name streams',
    streaming(standby(null)),
    "warning: a standby without a name (10.0.0.2) streams from node1, but Patroni does not list it: its Patroni is down, or it is no member (another cluster's standby, a subscriber)",
  ],
  [
    'a base backup and pg_receivewal are no standbys',
    streaming(standby('node2'), standby('x', 'backup'), standby('pg_receivewal')),
    'ok: node2 follows node1',
  ],
  [
    'a standby leader that does not replicate',
    documentWith({
      ...cluster({ ...leading, role: 'standby_leader' }),
      node: node({ role: 'standby_leader', replication: [] }),
    }),
    'warning: node1, the standby leader, runs but does not replicate from the cluster that it follows',
  ],
  ['Patroni failed', withoutPatroni(failed), 'unknown: replicas not known: patroni failed (see collection)'],
  ['Patroni was not asked', withoutPatroni(null), undefined],
  ['an older producer', olderProducer(), 'ok: node2 follows node1'],
])('%s', (_situation, document, finding) => {
  expect(findingOf(replicas, document)).toBe(finding);
});
