import { expect, test } from 'vitest';
import { isFit } from '../../src/document/fitness.ts';
import { collect } from '../stand-ins/documents.ts';

test.each([
  { patroni: 'v2.0.2/s1_healthy.node1', fit: ['node1', 'node2'] },
  { patroni: 'v2.0.2/s1_healthy.node2', fit: ['node1', 'node2'] },
  { patroni: 'v3.0.4/s1_healthy.node1', fit: ['node1', 'node2'] },
  { patroni: 'v4.1.4/s1_healthy.node2', fit: ['node1', 'node2'] },
  { patroni: 'v4.1.4/s2_sync_pending_sched.node1', fit: ['node1', 'node2'] },
  { patroni: 'v4.1.4/s2b_quorum.node1', fit: ['node1', 'node2'] },
  { patroni: 'v2.0.2/s4_paused_replica_down.node1', fit: ['node1'] },
  { patroni: 'v4.1.4/s4_paused_replica_down.node1', fit: ['node1'] },
  { patroni: 'v2.0.2/s5_paused_leader_down_t0.node1', fit: [] },
  { patroni: 'v4.1.4/s5_paused_leader_down_t0.node1', fit: [] },
  { patroni: 'v4.1.4/s5_paused_leader_down.node1', fit: [] },
  { patroni: 'v4.1.4/s10_after_failover.node2', fit: ['node2'] },
])('$patroni: $fit', async ({ patroni, fit }) => {
  const document = await collect({ patroni, at: '2026-11-21T09:00:00Z' });
  const members = document.cluster_status.members.filter((member) => isFit(member, document));
  expect(members.map(({ name }) => name)).toEqual(fit);
});
