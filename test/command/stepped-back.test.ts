import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { NODE1, NODE2, startHost, type Host } from '../stand-ins/host.ts';

const PUBLISHING = ['--configmap', '--collect', 'patroni', '--quiet'];
const textOf = (host: Host, name: string) => readFileSync(join(host.folder, name), 'utf8');

/** A node that is first the leader and then a replica, with the same name. */
async function formerLeader(): Promise<{ host: Host; stepDown: () => void }> {
  let leads = true;
  const asReplica = (path: string) =>
    NODE2(path)
      .toString()
      .replaceAll(/node[12]/g, (name) => (name === 'node1' ? 'node2' : 'node1'));
  const host = await startHost({ patroni: (path) => (leads ? NODE1(path) : asReplica(path)) });
  return { host, stepDown: () => (leads = false) };
}

test('metrics of a former leader are replaced by ones that say that it no longer publishes, and since when', async () => {
  const { host, stepDown } = await formerLeader();
  const run = () => host.run(...PUBLISHING, '--format', 'prometheus', '--output', 'm.prom');
  expect(await run()).toEqual({ status: 0, stdout: '', stderr: '' });
  expect(textOf(host, 'm.prom')).toContain('postgres_status_publishes{scope="demo"} 1\n');
  stepDown();
  expect(await run()).toEqual({ status: 0, stdout: '', stderr: '' });
  expect(textOf(host, 'm.prom').replace(/\d{10}/, 'NOW'))
    .toBe(`# HELP postgres_status_publishes Whether this node publishes the state of its cluster; 0 = the leader does, and this node has no other series.
# TYPE postgres_status_publishes gauge
postgres_status_publishes{scope="demo"} 0
# HELP postgres_status_last_run_timestamp_seconds When the run collected, in seconds since the epoch.
# TYPE postgres_status_last_run_timestamp_seconds gauge
postgres_status_last_run_timestamp_seconds{scope="demo"} NOW
`);
});

test('without --configmap, no metric is about publishing', async () => {
  const host = await startHost();
  const { stdout } = await host.run('--collect', 'patroni', '--format', 'prometheus');
  expect(stdout).not.toContain('postgres_status_publishes');
});

test('a replica that never was the leader has the same metrics, with the name from --scope', async () => {
  const host = await startHost({ patroni: NODE2 });
  await host.run(...PUBLISHING, '--format', 'prometheus', '--output', 'm.prom', '--scope', 'mine');
  expect(textOf(host, 'm.prom')).toContain('postgres_status_publishes{scope="mine"} 0\n');
});

test.each(['json', 'yaml', 'report'])('%s of this node is removed', async (format) => {
  const { host, stepDown } = await formerLeader();
  const run = () => host.run(...PUBLISHING, '--format', format, '--output', 'out');
  await run();
  expect(textOf(host, 'out')).toContain('node1');
  stepDown();
  expect(await run()).toEqual({ status: 0, stdout: '', stderr: '' });
  expect(existsSync(join(host.folder, 'out'))).toBe(false);
  // once more, without a file
  expect(await run()).toEqual({ status: 0, stdout: '', stderr: '' });
});

test.each([
  { what: 'that the leader wrote', format: 'json', content: '{"node":{"name":"node1"}}' },
  { what: 'of something else', format: 'json', content: 'shopping list' },
  {
    what: 'of a plugin, which does not name its node',
    format: 'nagios',
    content: 'POSTGRES OK - demo: 12 checks passed\n',
  },
  {
    what: 'that the leader wrote',
    format: 'report',
    content: ' OK  demo\n asked node1 (primary) · PostgreSQL 15.18\n',
  },
  { what: 'that the leader wrote', format: 'yaml', content: 'node:\n  name: node1\n' },
])('a file $what is left, with a note ($format)', async ({ format, content }) => {
  const host = await startHost({ patroni: NODE2 });
  writeFileSync(join(host.folder, 'out'), content);
  expect(await host.run('--configmap', '--format', format, '--output', 'out')).toEqual({
    status: 0,
    stdout: '',
    stderr: [
      'postgres-status: node2 has the role replica: publishing is left to the leader',
      `postgres-status: ${host.folder}/out was kept, because it does not name this node: its content may be out of date`,
      '',
    ].join('\n'),
  });
  expect(textOf(host, 'out')).toBe(content);
});
