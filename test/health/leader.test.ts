import { expect, test } from 'vitest';
import { leader } from '../../src/health/leader.ts';
import {
  cluster,
  documentWith,
  failed,
  findingOf,
  inPart,
  leading,
  node,
  NOW,
  olderProducer,
  replica,
  succeeded,
  withoutPatroni,
  type Case,
} from '../stand-ins/builders.ts';

const asked = (change: object, ...members: Parameters<typeof cluster>) =>
  documentWith({ ...cluster(...(members.length === 0 ? [leading, replica('node2')] : members)), node: node(change) });
const unlisted = (change: object) =>
  documentWith({
    ...cluster(),
    node: node(change),
    collectors: { patroni: inPart, walg_backups: succeeded, walg_verify: succeeded },
  });
const another = { name: 'node2', role: 'replica', replication_state: 'streaming' };
const following = { ...leading, role: 'standby_leader' };

test.each<Case>([
  ['the leader is asked', asked({}), 'ok: node1 is the leader and runs on timeline 1, according to its own /patroni'],
  ['a replica is asked', asked(another), 'ok: node1 is the leader and runs on timeline 1'],
  [
    'a replica that does not report its name is asked (before 3.2)',
    asked({ ...another, name: null }),
    'ok: node1 is the leader and runs on timeline 1',
  ],
  [
    'its PostgreSQL does not answer',
    asked({ state: 'unknown', timeline: null }),
    'critical: node1 holds the leader lock, but its PostgreSQL does not answer according to its own /patroni (primary)',
  ],
  [
    'it starts',
    asked({ state: 'starting', timeline: null }),
    'critical: node1 holds the leader lock, but its PostgreSQL is starting according to its own /patroni (primary)',
  ],
  [
    'it holds the lock and is a replica according to its own /patroni',
    asked({ role: 'replica' }),
    'critical: node1 holds the leader lock, but is replica according to its own /patroni: its PostgreSQL is in recovery and accepts no writes; normal for seconds during a switchover, failover or restart',
  ],
  [
    '/cluster shows it crashed',
    asked(another, { ...leading, state: 'crashed' }, replica('node2')),
    'critical: node1 holds the leader lock, but its PostgreSQL is crashed',
  ],
  [
    '/cluster shows it running without a timeline',
    asked(another, { ...leading, timeline: undefined }, replica('node2')),
    'critical: node1 holds the leader lock and is listed as running, but without a timeline: its PostgreSQL is down, or has just started',
  ],
  [
    'two lead',
    asked({ name: 'node2' }),
    'critical: two leaders: node2 is primary and runs according to its own /patroni, and node1 holds the leader lock: normal for seconds during a switchover; if it lasts, both may accept writes',
  ],
  [
    'two leaders, and the asked one does not report its name (before 3.2)',
    asked({ name: null, role: 'master', timeline: 1 }, { ...leading, timeline: 2 }, replica('node2')),
    'critical: two leaders: the node that was asked is master and runs according to its own /patroni, and node1 holds the leader lock: normal for seconds during a switchover; if it lasts, both may accept writes',
  ],
  [
    'just promoted, /cluster does not know its timeline yet, and it does not report its name (before 3.2)',
    asked({ name: null, role: 'master', timeline: 3 }, { ...leading, timeline: 2 }, replica('node2')),
    'ok: node1 is the leader and runs on timeline 2',
  ],
  [
    'a former leader that is down is not a leader',
    asked({ name: 'node2', state: 'stopped' }),
    'ok: node1 is the leader and runs on timeline 1',
  ],
  [
    'two are listed as leaders',
    asked(another, leading, { ...leading, name: 'node2' }),
    'critical: 2 members are leader according to /cluster: node1 and node2',
  ],
  [
    'a standby leader is asked',
    asked({ role: 'standby_leader', replication_state: 'streaming' }, following),
    'ok: node1 is the standby leader and runs on timeline 1, according to its own /patroni',
  ],
  [
    'a standby leader from the archive is listed',
    asked(another, { ...following, state: 'in archive recovery' }, replica('node2')),
    'ok: node1 is the standby leader and runs on timeline 1',
  ],
  [
    'no member holds the lock, in a switchover',
    asked({ role: 'demoted', state: 'stopping' }, replica('node1'), replica('node2')),
    'critical: none of the 2 members holds the leader lock: normal for seconds during a switchover or failover; if it lasts, no member can be promoted',
  ],
  [
    'no member holds the lock, and Patroni is paused',
    asked({ state: 'stopped', paused: true }, replica('node1'), replica('node2')),
    'critical: none of the 2 members holds the leader lock (node1 is primary according to its own /patroni, and its PostgreSQL is stopped): Patroni is paused and does not promote another',
  ],
  [
    'no member holds the lock, and a primary runs without it',
    asked({ cluster_unlocked: true }, replica('node1'), replica('node2')),
    'critical: none of the 2 members holds the leader lock (node1 is primary according to its own /patroni, and its PostgreSQL is running): normal for seconds during a switchover or failover; if it lasts, no member can be promoted',
  ],
  [
    'the asked node is leader according to its own /patroni, and /cluster does not show it yet',
    asked({}, replica('node1'), replica('node2')),
    'ok: node1 is the leader (primary, running) according to its own /patroni; /cluster, which may lag behind, lists no leader',
  ],
  [
    'no member list, the asked node is leader',
    unlisted({}),
    'ok: node1 is the leader (primary, running) according to its own /patroni; there is no member list to compare with',
  ],
  [
    'no member list, the asked node was leader and is down',
    unlisted({ state: 'crashed' }),
    'critical: node1 is primary, but its PostgreSQL is crashed',
  ],
  [
    'no member list, a replica was asked',
    unlisted(another),
    'unknown: the node that was asked (replica, running) is not the leader; the current leader is not known: patroni failed (see collection)',
  ],
  [
    'the DCS is down for longer than the ttl, a replica was asked',
    unlisted({ ...another, cluster_unanswered: true, dcs_last_seen: NOW / 1000 - 31 }),
    'unknown: the node that was asked (replica, running) is not the leader; the current leader is not known: patroni failed (see collection); most likely there is none: without the DCS no member can hold the leader lock',
  ],
  [
    'the DCS is down for less than the ttl, a replica was asked',
    unlisted({ ...another, cluster_unanswered: true, dcs_last_seen: NOW / 1000 - 30 }),
    'unknown: the node that was asked (replica, running) is not the leader; the current leader is not known: patroni failed (see collection)',
  ],
  [
    'the DCS is down, Patroni is paused, a replica was asked',
    unlisted({ ...another, cluster_unanswered: true, dcs_last_seen: NOW / 1000 - 31, paused: true }),
    'unknown: the node that was asked (replica, running) is not the leader; the current leader is not known: patroni failed (see collection)',
  ],
  ['Patroni failed', withoutPatroni(failed), 'unknown: leader not known: patroni failed (see collection)'],
  ['Patroni was not asked', withoutPatroni(null), undefined],
  ['an older producer', olderProducer(), 'ok: node1 is the leader and runs on timeline 1'],
  [
    'an older producer without members',
    olderProducer(documentWith(cluster())),
    'unknown: leader not known: not in the document',
  ],
])('%s', (_situation, document, finding) => {
  expect(findingOf(leader, document)).toBe(finding);
});
