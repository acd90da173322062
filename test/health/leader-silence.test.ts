import { expect, test } from 'vitest';
import type { LeaderAnswer, Node, StatusDocument } from '../../src/document/schema.ts';
import { leader } from '../../src/health/leader.ts';
import { cluster, documentWith, findingOf, leading, node, replica, type Case } from '../stand-ins/builders.ts';

const follower = { name: 'node2', role: 'replica', replication: [] };

/** A replica was asked, and the leader in /cluster too, with this result. */
function silent(outcome: LeaderAnswer['outcome'], change: Partial<Node>, more: Partial<StatusDocument> = {}) {
  return documentWith({
    ...cluster(leading, replica('node2'), replica('node3')),
    node: node({ ...follower, ...change }),
    leader: null,
    leader_api: { member: 'node1', outcome, error: null },
    ...more,
  });
}

const streams = { replication_state: 'streaming' };
const lost = { replication_state: 'in archive recovery' };

test.each<Case>([
  [
    'refused, and the stream is lost',
    silent('refused', lost),
    'critical: node1 holds the leader lock, but its API refuses connections, and node2 no longer streams from it: a failover can take up to the ttl, 30 s',
  ],
  [
    'refused, the stream is lost, paused',
    silent('refused', { ...lost, paused: true }),
    'critical: node1 holds the leader lock, but its API refuses connections, and node2 no longer streams from it: Patroni is paused and does not promote another',
  ],
  [
    'refused, the stream is lost, without a restore_command',
    silent('refused', { replication_state: null }),
    'critical: node1 holds the leader lock, but its API refuses connections, and node2 no longer streams from it: a failover can take up to the ttl, 30 s',
  ],
  [
    'timed out, and the stream is lost',
    silent('timed_out', lost),
    'critical: node1 holds the leader lock, but its API does not answer in time, and node2 no longer streams from it: a failover can take up to the ttl, 30 s',
  ],
  [
    'refused, and it streams: only Patroni is down',
    silent('refused', streams),
    'warning: node1 holds the leader lock, but its API refuses connections while node2 streams from it: its PostgreSQL runs, and its Patroni is restarting or down; if Patroni stays down, another member takes over within 30 s, and both may accept writes',
  ],
  [
    'closed, it streams, paused',
    silent('closed', { ...streams, paused: true }),
    'warning: node1 holds the leader lock, but its API closes connections without an answer while node2 streams from it: its PostgreSQL runs, and its Patroni is restarting or down',
  ],
  [
    'not asked, and the stream is lost',
    silent('not_asked', lost),
    'unknown: node1 holds the leader lock, but its API was not asked, and node2 no longer streams from it: it is not known whether its PostgreSQL runs',
  ],
  [
    'timed out, and it streams',
    silent('timed_out', streams),
    'warning: node1 holds the leader lock, but its API does not answer in time while node2 streams from it: its PostgreSQL runs (if it can never be reached from here, give --leader-api never)',
  ],
  [
    'unreachable, and it streams',
    silent('unreachable', streams),
    'warning: node1 holds the leader lock, but its API cannot be reached from here while node2 streams from it: its PostgreSQL runs (if it can never be reached from here, give --leader-api never)',
  ],
  [
    'something else answers, and it streams',
    silent('foreign', streams),
    'warning: node1 holds the leader lock, but something else answers at the URL of its API while node2 streams from it: its PostgreSQL runs',
  ],
  [
    'refused, and Patroni is too old to report whether it streams',
    silent('refused', { patroni_version: '3.0.3', replication_state: null }),
    'unknown: node1 holds the leader lock, but its API refuses connections, and no replica that was asked shows whether its PostgreSQL runs',
  ],
  [
    'refused, and the asked PostgreSQL is down',
    silent('refused', { state: 'stopped' }),
    'unknown: node1 holds the leader lock, but its API refuses connections, and no replica that was asked shows whether its PostgreSQL runs',
  ],
  [
    'refused, and the asked one follows another',
    silent(
      'refused',
      streams,
      cluster(leading, replica('node2', { tags: { replicatefrom: 'node3' } }), replica('node3')),
    ),
    'unknown: node1 holds the leader lock, but its API refuses connections, and no replica that was asked shows whether its PostgreSQL runs',
  ],
  [
    'refused, and it streams on another timeline',
    silent('refused', { ...streams, timeline: 9 }),
    'critical: node1 holds the leader lock, but its API refuses connections, and node2 no longer streams from it: a failover can take up to the ttl, 30 s',
  ],
  [
    'refused, the asked one has lost its stream, and another has not',
    silent('refused', lost, { other_nodes: [node({ ...follower, ...streams, name: 'node3' })] }),
    'warning: node1 holds the leader lock, but its API refuses connections while node3 streams from it: its PostgreSQL runs, and its Patroni is restarting or down; if Patroni stays down, another member takes over within 30 s, and both may accept writes',
  ],
  [
    'two have lost their stream',
    silent('refused', lost, { other_nodes: [node({ ...follower, ...lost, name: 'node3' })] }),
    'critical: node1 holds the leader lock, but its API refuses connections, and node2 and node3 no longer stream from it: a failover can take up to the ttl, 30 s',
  ],
  ['not asked, and it streams', silent('not_asked', streams), 'ok: node1 is the leader and runs on timeline 1'],
  [
    'its own /patroni takes precedence over /cluster',
    silent('answered', streams, { leader: node({ state: 'stopped', timeline: null }) }),
    'critical: node1 holds the leader lock, but its PostgreSQL is stopped according to its own /patroni (primary)',
  ],
  [
    'it is leader and runs',
    silent('answered', streams, { leader: node({ timeline: 3 }) }),
    'ok: node1 is the leader and runs on timeline 3, according to its own /patroni',
  ],
  [
    'it does not answer, and another member holds the lock now',
    silent('refused', streams, cluster(replica('node2'), { ...leading, name: 'node3' })),
    'ok: node3 is the leader and runs on timeline 1',
  ],
])('%s', (_situation, document, finding) => {
  expect(findingOf(leader, document)).toBe(finding);
});
