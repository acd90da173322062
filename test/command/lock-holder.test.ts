import { expect, test } from 'vitest';
import type { StatusDocument } from '../../src/document/schema.ts';
import { NODE1, startHost } from '../stand-ins/host.ts';
import { httpReply } from '../stand-ins/patroni.ts';

/** After a failover the new leader hangs in recovery: it holds the lock, reports the role replica, and accepts no writes. */
function stuckLeader(path: string) {
  const reply = JSON.parse(
    NODE1(path)
      .toString()
      .replace(/^[^]*?\r\n\r\n/, ''),
  ) as Record<string, unknown>;
  if (path !== '/patroni') return NODE1(path);
  const { replication: _, ...own } = reply;
  const recovering = { replication_state: 'in archive recovery', xlog: { received_location: 1, replayed_location: 1 } };
  return httpReply(200, JSON.stringify({ ...own, role: 'replica', ...recovering }));
}

const STUCK =
  'node1 holds the leader lock, but is replica according to its own /patroni: its PostgreSQL is in recovery and accepts no writes; normal for seconds during a switchover, failover or restart';

test('the holder of the leader lock publishes, even while its role is replica, and the document shows the problem', async () => {
  const host = await startHost({ patroni: stuckLeader });
  const ended = await host.run('--configmap', '--collect', 'patroni', '--quiet');
  expect(ended).toEqual({ status: 0, stdout: '', stderr: '' });
  const { health } = JSON.parse(host.published()?.patch.data.status ?? '{}') as StatusDocument;
  expect(health?.status).toBe('critical');
  expect(health?.checks.find(({ name }) => name === 'leader')).toMatchObject({ status: 'critical', message: STUCK });
});

test('the same with --check: its verdict, and the document', async () => {
  const host = await startHost({ patroni: stuckLeader });
  const { status, stdout, stderr } = await host.run('--configmap', '--check', '--collect', 'patroni');
  expect({ status, stderr }).toEqual({ status: 2, stderr: '' });
  expect(stdout).toContain(`[CRITICAL] leader: ${STUCK}\n`);
  expect(host.published()?.patch.data.status).toContain(STUCK);
});

test("if /cluster does not answer, the node's own role decides", async () => {
  const host = await startHost({ patroni: (path) => (path === '/cluster' ? '' : stuckLeader(path)) });
  const ended = await host.run('--configmap', '--collect', 'patroni', '--quiet');
  expect(ended).toEqual({ status: 0, stdout: '', stderr: '' });
  expect(host.published()).toBeUndefined();
});
