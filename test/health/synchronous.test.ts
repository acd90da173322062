import { expect, test } from 'vitest';
import type { Member, StatusDocument } from '../../src/document/schema.ts';
import { synchronous } from '../../src/health/synchronous.ts';
import {
  cluster,
  documentWith,
  ended,
  findingOf,
  leading,
  node,
  replica,
  standby,
  withoutPatroni,
  type Case,
} from '../stand-ins/builders.ts';

const CONFIG = documentWith().patroni_config;
const sync = (name: string, role = 'sync_standby'): Member => replica(name, { role });
const stream = (name: string, sync_state: string, state = 'streaming') => ({ ...standby(name, state), sync_state });

function kept(
  config: object,
  members: Member[],
  streams: ReturnType<typeof stream>[],
  change: Partial<StatusDocument> = {},
): StatusDocument {
  return documentWith({
    ...cluster(leading, ...members),
    patroni_config: CONFIG && { ...CONFIG, synchronous_mode: true, ...config },
    node: node({ replication: streams }),
    ...change,
  });
}

const both = [sync('node2'), replica('node3')];
const asked = { name: 'node3', role: 'replica', replication_state: 'streaming', replication: [] };

test.each<Case>([
  ['not configured', documentWith(), undefined],
  ['Patroni was not asked', withoutPatroni(null), undefined],
  [
    'one, according to the leader',
    kept({}, both, [stream('node2', 'sync'), stream('node3', 'async')]),
    'ok: node2 is synchronous according to node1',
  ],
  [
    'the one is gone',
    kept({}, both, [stream('node3', 'async')]),
    'critical: commits hang: node1 waits for node2, which does not stream from it (until Patroni chooses another, which can take up to the ttl)',
  ],
  [
    'the one is still catching up',
    kept({}, both, [stream('node2', 'async', 'catchup')]),
    'critical: commits hang: node1 waits for node2, which does not stream from it (until Patroni chooses another, which can take up to the ttl)',
  ],
  [
    'a base backup is not a standby',
    kept({}, both, [stream('node2', 'async', 'backup'), stream('node3', 'async')]),
    'critical: commits hang: node1 waits for node2, which does not stream from it (until Patroni chooses another, which can take up to the ttl)',
  ],
  [
    'none',
    kept({}, [replica('node2')], [stream('node2', 'async')]),
    'warning: no standby is synchronous: commits are only on node1',
  ],
  [
    'none, the leader has no replicas',
    kept({}, [], []),
    'warning: no standby is synchronous: commits are only on node1',
  ],
  [
    'none, and strict',
    kept({ synchronous_mode_strict: true }, [replica('node2')], [stream('node2', 'async')]),
    'critical: commits hang: no standby is synchronous, and synchronous_mode_strict is on',
  ],
  [
    'the one is gone, and strict',
    kept({ synchronous_mode_strict: true }, [sync('node2')], []),
    'critical: commits hang: node1 waits for node2, which does not stream from it, and synchronous_mode_strict is on',
  ],
  [
    'one of two that are required',
    kept({ synchronous_node_count: 2 }, both, [stream('node2', 'sync'), stream('node3', 'async')]),
    'warning: only 1 of 2 synchronous standbys (synchronous_node_count): node2',
  ],
  [
    'one of two that PostgreSQL waits for is gone',
    kept({ synchronous_node_count: 2 }, [sync('node2'), sync('node3')], [stream('node2', 'sync')]),
    'critical: commits hang: node1 waits for node3, which does not stream from it (until Patroni chooses another, which can take up to the ttl)',
  ],
  [
    'quorum: one of two is enough',
    kept(
      { synchronous_mode: 'quorum' },
      [sync('node2', 'quorum_standby'), sync('node3', 'quorum_standby')],
      [stream('node2', 'quorum')],
    ),
    'ok: node2 is synchronous according to node1',
  ],
  [
    'quorum: none is left',
    kept({ synchronous_mode: 'quorum' }, [sync('node2', 'quorum_standby'), sync('node3', 'quorum_standby')], []),
    'critical: commits hang: node1 waits for node2 and node3, which do not stream from it (until Patroni chooses another, which can take up to the ttl)',
  ],
  [
    'seconds after a switch',
    kept({}, [replica('node2')], [stream('node2', 'async')], { failovers: [ended(1, '0/5000000', 0.1)] }),
    'warning: the leader changed 6 s ago, and Patroni has yet to choose its synchronous standbys: no standby is synchronous: commits are only on node1',
  ],
  [
    "the leader's SQL failed: only /cluster is known",
    kept({}, both, [], { node: node({ replication: [], lsn: null }) }),
    'ok: node2 is synchronous according to /cluster',
  ],
  ['a replica was asked', kept({}, both, [], { node: node(asked) }), 'ok: node2 is synchronous according to /cluster'],
  [
    'a replica was asked, none is synchronous',
    kept({}, [replica('node3')], [], { node: node(asked) }),
    'warning: no standby is synchronous according to /cluster: commits are only on node1',
  ],
  [
    'a replica was asked, the synchronous one is stopped',
    kept({}, [replica('node2', { role: 'sync_standby', state: 'stopped' }), replica('node3')], [], {
      node: node(asked),
    }),
    'critical: commits hang: node1 waits for node2, which does not stream',
  ],
  [
    'a stream that may be the one under another name',
    kept({}, both, [stream('walreceiver', 'async'), stream('node3', 'async')]),
    'warning: no standby is synchronous: commits are only on node1',
  ],
  [
    'no leader',
    documentWith({ ...cluster(sync('node2')), patroni_config: CONFIG && { ...CONFIG, synchronous_mode: true } }),
    'ok: not judged: no member is the leader (see leader)',
  ],
  ['a standby cluster has none', kept({ standby_cluster: true }, both, []), undefined],
])('%s', (_situation, document, finding) => {
  expect(findingOf(synchronous, document)).toBe(finding);
});
