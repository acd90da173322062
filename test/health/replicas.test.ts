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

/** The leader was asked, and lists the replicas that stream. */
const listed = (...members: Parameters<typeof cluster>) =>
  documentWith({ ...cluster(leading, ...members), node: node({ replication: streams(members) }) });
const streams = (members: Parameters<typeof cluster>) =>
  members.filter(({ state }) => state === 'streaming').map(({ name }) => standby(name));
/** A third member was asked, so that only the state in /cluster is known. */
const ofVersion = (patroni_version: string | null, state: string) =>
  documentWith({
    cluster_status: { members: [leading, replica('node2', { state })] },
    node: node({ name: null, role: 'replica', patroni_version, replication: [] }),
  });
/** The same with these members, of which only the state in /cluster is known. */
const seenByCluster = (...members: Parameters<typeof cluster>) =>
  documentWith({ ...cluster(leading, ...members), node: node({ name: null, role: 'replica', replication: [] }) });
const streaming = (...standbys: ReturnType<typeof standby>[]) =>
  documentWith({ node: node({ replication: standbys }) });
const barred = (tags: object) => listed(replica('node2', { state: 'stopped', tags }));

/** The only replica was asked, which the leader lists. */
const asked = (words: object, timeline = 1) =>
  documentWith({
    ...cluster({ ...leading, timeline }, replica('node2', { timeline })),
    node: node({ name: 'node2', role: 'replica', replication: [], ...words }),
    leader: node({ timeline, replication: [standby('node2')] }),
  });

const DOES_NOT_REPLICATE = 'critical: no replica streams from node1: node2 runs, but does not replicate';

test.each<Case>([
  ['one follows', listed(replica('node2')), 'ok: node2 follows node1'],
  [
    'all follow, one from the archive',
    listed(replica('node2'), replica('node3', { state: 'in archive recovery', role: 'quorum_standby' })),
    'warning: node3 does not stream: it reads WAL from the archive (in archive recovery)',
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
    'the only one that may be promoted is down',
    listed(replica('node2', { state: 'stopped' }), replica('node3', { tags: { nofailover: true } })),
    'critical: no replica could take over (node3 may not: nofailover): node2 is stopped',
  ],
  [
    'none streams, and none may be promoted',
    listed(
      ...['node2', 'node3'].map((name) => replica(name, { state: 'in archive recovery', tags: { nofailover: true } })),
    ),
    'critical: no replica streams from node1: node2 does not stream: it reads WAL from the archive (in archive recovery) and node3 does not stream: it reads WAL from the archive (in archive recovery): check that the replication user may log in (pg_hba.conf, password) and that max_wal_senders is not reached',
  ],
  [
    'the leader still lists a stream that the replica has lost',
    asked({ replication_state: 'in archive recovery' }),
    'critical: no replica streams from node1: node2 does not stream: it reads WAL from the archive (in archive recovery): check that the replication user may log in (pg_hba.conf, password) and that max_wal_senders is not reached',
  ],
  [
    'the leader lists a replica that reports an old timeline',
    asked({ replication_state: 'streaming', timeline: 1 }, 2),
    'critical: no replica could take over: node2 is on timeline 1 and the leader on 2: it needs pg_rewind or a new copy (patronictl reinit)',
  ],
  ['one that may not be promoted is down', barred({ nofailover: true }), 'warning: node2 is stopped'],
  ['its priority is 0', barred({ failover_priority: 0 }), 'warning: node2 is stopped'],
  ['its priority is "0"', barred({ failover_priority: '0' }), 'warning: node2 is stopped'],
  [
    'nofailover: false overrides a priority of 0',
    barred({ nofailover: false, failover_priority: 0 }),
    'critical: no replica could take over: node2 is stopped',
  ],
  [
    'one streams that may not be promoted',
    listed(replica('node2'), replica('node3', { tags: { nofailover: true } })),
    'ok: node2 and node3 follow node1; node3 may not take over (nofailover)',
  ],
  ['running before 3.0.4', ofVersion('3.0.3', 'running'), 'ok: node2 follows node1'],
  ['running from 3.0.4 on', ofVersion('3.0.4', 'running'), DOES_NOT_REPLICATE],
  ['running in a pre-release of 4', ofVersion('4.0.0rc1', 'running'), DOES_NOT_REPLICATE],
  ['running, the version not known', ofVersion(null, 'running'), 'ok: node2 follows node1'],
  ['streaming, the version not known', ofVersion(null, 'streaming'), 'ok: node2 follows node1'],
  [
    'running, the version not known, but a reported scope proves 3.2',
    documentWith({ ...cluster(leading, replica('node2', { state: 'running' })), node: null }),
    DOES_NOT_REPLICATE,
  ],
  [
    'running according to an older version, but the leader lists its stream',
    documentWith({ ...cluster(leading, replica('node2', { state: 'running' })) }),
    'ok: node2 follows node1',
  ],
  [
    'on an old timeline',
    seenByCluster(replica('node2', { timeline: 3 }), replica('node3')),
    'warning: node2 is on timeline 3 and the leader on 1',
  ],
  [
    'its timeline is not known',
    seenByCluster(replica('node2', { timeline: undefined }), replica('node3')),
    'warning: node2 is streaming, but its timeline is not known',
  ],
  [
    "the leader's timeline is taken from its own /patroni",
    documentWith({ node: node({ timeline: 2 }) }),
    'ok: node2 follows node1',
  ],
  [
    'its own /patroni takes precedence',
    documentWith({ node: node({ name: 'node2', role: 'replica', state: 'unknown', timeline: null }) }),
    "critical: no replica could take over: node2's PostgreSQL does not answer according to its own /patroni",
  ],
  [
    'a former leader that is down is a replica that is down',
    documentWith({
      ...cluster({ ...leading, name: 'node2' }, replica('node1', { state: 'running' })),
      node: node({ state: 'crashed' }),
    }),
    'critical: no replica could take over: node1 is crashed according to its own /patroni',
  ],
  [
    'no leader',
    documentWith({
      ...cluster(replica('node1'), replica('node2')),
      node: node({ name: 'node2', role: 'replica', replication_state: 'streaming' }),
    }),
    'ok: node1 and node2 replicate',
  ],
  [
    "a pod with the cluster's labels",
    listed(replica('node2'), replica('cronjob', { state: '', api_url: null, timeline: undefined, lag: 'unknown' })),
    "warning: cronjob has neither a state nor an API: it is either starting, or a pod with the cluster's labels that is not a member",
  ],
  [
    "a pod with the cluster's labels beside a single node",
    listed(replica('cronjob', { state: '', api_url: null })),
    "warning: cronjob has neither a state nor an API: it is either starting, or a pod with the cluster's labels that is not a member",
  ],
  ['a single node', listed(), 'ok: no replica is listed: node1 is the only member'],
  [
    'a single node that had replicas before',
    { ...listed(), failovers: [ended(1, '0/5000000', 5, 'node2'), ended(2, '0/6000000', 1)] },
    'ok: no replica is listed: node1 is the only member',
  ],
  [
    'two leaders, one by the lock and one by its own /patroni: neither is a single node',
    documentWith({ ...cluster(leading, replica('node2')), node: node({ name: 'node2', replication: [] }) }),
    'ok: no replica is listed: node1 and node2 are both leader',
  ],
  [
    'three lead',
    documentWith({
      ...cluster(leading, { ...leading, name: 'node2' }, { ...leading, name: 'node3' }),
      node: node({ replication: [] }),
    }),
    'ok: no replica is listed: node1, node2 and node3 are all leader',
  ],
  [
    'a stranger streams',
    streaming(standby('node2'), standby('node9')),
    'ok: node2 follows node1; also streaming from node1, but not members: node9 (10.0.0.2)',
  ],
  [
    'a stranger without a name streams',
    streaming(standby(null)),
    'ok: node2 follows node1; also streaming from node1, but not members: a standby without a name (10.0.0.2)',
  ],
  [
    'a base backup and pg_receivewal are not standbys',
    streaming(standby('node2'), standby('x', 'backup'), standby('pg_receivewal')),
    'ok: node2 follows node1',
  ],
  [
    'a standby leader without replicas',
    documentWith({
      ...cluster({ ...leading, role: 'standby_leader' }),
      node: node({ role: 'standby_leader', replication: [] }),
    }),
    'ok: no replica is listed: node1 is the only member',
  ],
  ['Patroni failed', withoutPatroni(failed), 'unknown: replicas not known: patroni failed (see collection)'],
  ['Patroni was not asked', withoutPatroni(null), undefined],
  ['an older producer', olderProducer(), 'ok: node2 follows node1'],
])('%s', (_situation, document, finding) => {
  expect(findingOf(replicas, document)).toBe(finding);
});
