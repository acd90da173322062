import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Memory } from '../../src/document/memory.ts';
import type { StatusDocument } from '../../src/document/schema.ts';
import { NODE1, NODE2, startHost, type Host } from '../stand-ins/host.ts';
import { httpReply, type Reply } from '../stand-ins/patroni.ts';

const STATE = ['--collect', 'patroni', '--state', 'state.json'];
const pathOf = (host: Host) => join(host.folder, 'state.json');
const stateOf = (host: Host) => JSON.parse(readFileSync(pathOf(host), 'utf8')) as Memory;

/** Makes the times in the state this much older. */
function age(host: Host, seconds: number): void {
  const { document, ...memory } = stateOf(host);
  const checks = document.health?.checks.map(({ since, ...check }) => ({
    ...check,
    ...(since !== undefined && { since: since - seconds }),
  }));
  const older = { ...document, current_timestamp: document.current_timestamp - seconds };
  writeFileSync(
    pathOf(host),
    JSON.stringify({ ...memory, document: { ...older, health: { ...document.health, checks } } }),
  );
}

/** A Patroni whose replies can be changed between two runs. */
async function changing(): Promise<{ host: Host; answer: (reply: (path: string) => Reply) => void }> {
  let current: (path: string) => Reply = NODE1;
  const host = await startHost({ patroni: (path) => current(path) });
  return { host, answer: (reply) => (current = reply) };
}

const down = () => httpReply(503, '');

const checksOf = (stdout: string) => (JSON.parse(stdout) as StatusDocument).health?.checks ?? [];

test('the state is written atomically, readable by this user only, with the document and the position of the leader', async () => {
  const host = await startHost();
  const { status, stdout, stderr } = await host.run(...STATE);
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  const document = JSON.parse(stdout) as StatusDocument;
  const patroni = new URL(host.patroni.url).host;
  expect(stateOf(host)).toMatchObject({
    document,
    cluster: { patroni, scope: 'demo', system_identifier: document.node?.system_identifier },
    positions: [{ time: document.current_timestamp, timeline: document.node?.timeline, lsn: document.node?.lsn }],
  });
  expect(statSync(pathOf(host)).mode & 0o777).toBe(0o600);
  expect(readdirSync(host.folder).filter((name) => name.includes('tmp'))).toEqual([]);
});

test('`since`: unknown in the first run, then from the state; a change of status resets it', async () => {
  const { host, answer } = await changing();
  const first = checksOf((await host.run(...STATE)).stdout);
  expect(first.filter(({ since }) => since !== undefined)).toEqual([]);
  age(host, 1800);
  const began = stateOf(host).document.current_timestamp;
  const second = checksOf((await host.run(...STATE)).stdout);
  expect(second.length).toBeGreaterThan(5);
  expect(second.filter(({ since }) => since !== began)).toEqual([]);
  answer(down);
  const { stdout } = await host.run(...STATE);
  const now = (JSON.parse(stdout) as StatusDocument).current_timestamp;
  const third = checksOf(stdout);
  expect(third.find(({ name }) => name === 'leader')).toMatchObject({ status: 'unknown', since: now });
});

test('the report says how long a check has been bad', async () => {
  const { host, answer } = await changing();
  answer(down);
  await host.run(...STATE);
  await host.run(...STATE);
  age(host, 1800);
  age(host, 1500);
  const { stdout } = await host.run(...STATE, '--format', 'report');
  expect(stdout).toMatch(/\(for 55 min\)/);
});

test('`since` is not taken from a state older than an hour', async () => {
  const host = await startHost();
  await host.run(...STATE);
  age(host, 3700);
  expect(checksOf((await host.run(...STATE)).stdout).filter(({ since }) => since !== undefined)).toEqual([]);
});

test('a saved document keeps its `since`', async () => {
  const host = await startHost();
  await host.run(...STATE);
  age(host, 600);
  const { stdout } = await host.run(...STATE);
  writeFileSync(join(host.folder, 'saved.json'), stdout);
  const since = (text: string) => checksOf(text).find(({ name }) => name === 'leader')?.since;
  expect(since(stdout)).toBeTypeOf('number');
  expect(since((await host.run('--input', 'saved.json')).stdout)).toBe(since(stdout));
});

test('a cluster keeps its name for as long as Patroni is down', async () => {
  const { host, answer } = await changing();
  await host.run(...STATE);
  answer(down);
  for (let run = 0; run < 2; run += 1) {
    const { stdout } = await host.run(...STATE, '--format', 'prometheus');
    expect(stdout).toContain('postgres_status_up{scope="demo"} 0\n');
  }
  expect(stateOf(host).cluster).toMatchObject({ scope: 'demo' });
});

test('a member that is no longer listed is reported as missing, from the second run on', async () => {
  const { host, answer } = await changing();
  const members = async () =>
    checksOf((await host.run(...STATE)).stdout).find(({ name }) => name === 'members')?.message;
  expect(await members()).toBe('2 members listed: node1 and node2');
  answer((path) => {
    if (path !== '/cluster') return NODE1(path);
    const [, body = ''] = NODE1(path).toString().split('\r\n\r\n');
    const cluster = JSON.parse(body) as { members: { name: string }[] };
    return httpReply(
      200,
      JSON.stringify({ ...cluster, members: cluster.members.filter(({ name }) => name === 'node1') }),
    );
  });
  const missed = /^node2 is no longer listed \(2 members were listed .* ago\): .*give --members-min 1$/;
  expect(await members()).toMatch(missed);
  // it is still reported as missing in the next run
  expect(await members()).toMatch(missed);
});

test('a replica that does not publish does not change the state', async () => {
  const host = await startHost({ patroni: NODE2 });
  writeFileSync(pathOf(host), 'mine');
  await host.run(...STATE, '--configmap');
  expect(readFileSync(pathOf(host), 'utf8')).toBe('mine');
});

test.each([
  { what: 'nothing', content: '', why: 'is empty' },
  { what: 'garbage', content: '{"document":', why: 'is not JSON' },
  { what: 'another JSON', content: '[]', why: 'is not a state file: it is not an object' },
  {
    what: 'half a document',
    content: JSON.stringify({ positions: [], document: { cluster_status: {} } }),
    why: 'is not a state file: field "document.cluster_status.members" is not an array',
  },
])('a state that holds $what costs a note, and is replaced', async ({ content, why }) => {
  const host = await startHost();
  writeFileSync(pathOf(host), content);
  const { status, stderr } = await host.run(...STATE);
  expect({ status, stderr }).toEqual({
    status: 0,
    stderr: `postgres-status: no earlier state is used: state.json ${why}\n`,
  });
  expect(stateOf(host).cluster).toMatchObject({ scope: 'demo' });
});

test('conclusions of an earlier version about the WAL are dropped, and the positions are kept', async () => {
  const host = await startHost();
  await host.run(...STATE);
  const { document, positions, ...memory } = stateOf(host);
  const before = positions.map((position) => ({ ...position, time: position.time - 600 }));
  const older = { ...document, wal: { segment_size: 1 }, recovery: { windows: 'many' } };
  writeFileSync(pathOf(host), JSON.stringify({ ...memory, positions: before, document: older }));
  const { status, stderr } = await host.run(...STATE);
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  expect(stateOf(host).positions.slice(0, -1)).toEqual(before);
});

test('the state of another cluster is replaced, with a note', async () => {
  const host = await startHost();
  await host.run(...STATE);
  const before = stateOf(host);
  writeFileSync(
    pathOf(host),
    JSON.stringify({ ...before, cluster: { patroni: 'x', scope: 'crm', system_identifier: '7' } }),
  );
  const { status, stdout, stderr } = await host.run(...STATE);
  expect(status).toBe(0);
  expect(stderr).toBe(
    `postgres-status: no earlier state is used: state.json is of another cluster (crm, system 7; this one is demo, system ${before.cluster?.system_identifier ?? ''})\n`,
  );
  expect(checksOf(stdout).filter(({ since }) => since !== undefined)).toEqual([]);
  expect(stateOf(host).positions).toHaveLength(1);
});

test.each([
  {
    what: 'a symbolic link',
    make: (path: string) => {
      symlinkSync('/etc/hostname', path);
    },
    why: 'is a symbolic link, which is not followed: name the file itself',
  },
  {
    what: 'a folder',
    make: (path: string) => {
      mkdirSync(path);
    },
    why: 'is not a regular file',
  },
])('$what is neither read nor replaced', async ({ make, why }) => {
  const host = await startHost();
  make(pathOf(host));
  const before = lstatSync(pathOf(host));
  const { status, stderr } = await host.run(...STATE);
  expect({ status, stderr }).toEqual({
    status: 0,
    stderr: ['no earlier state is used', 'the state was not saved']
      .map((what) => `postgres-status: ${what}: state.json ${why}\n`)
      .join(''),
  });
  expect(lstatSync(pathOf(host)).ino).toBe(before.ino);
});

test('a missing folder: only a note', async () => {
  const host = await startHost();
  const { status, stderr } = await host.run('--collect', 'patroni', '--state', 'nowhere/state.json');
  expect({ status, stderr }).toEqual({
    status: 0,
    stderr:
      'postgres-status: the state was not saved: nowhere/state.json cannot be written (no such file or directory)\n',
  });
});

test('--quiet suppresses the note', async () => {
  const host = await startHost();
  expect(await host.run('--collect', 'patroni', '--state', 'nowhere/state.json', '--quiet')).toEqual({
    status: 0,
    stdout: '',
    stderr: '',
  });
});

test('two concurrent runs leave one complete state', async () => {
  const host = await startHost();
  await Promise.all([host.run(...STATE), host.run(...STATE), host.run(...STATE)]);
  expect(stateOf(host).positions.length).toBeGreaterThan(0);
  expect(existsSync(pathOf(host))).toBe(true);
});

test('a state file with too many permissions gets mode 0600', async () => {
  const host = await startHost();
  await host.run(...STATE);
  chmodSync(pathOf(host), 0o666);
  await host.run(...STATE);
  expect(statSync(pathOf(host)).mode & 0o777).toBe(0o600);
});
