import { expect, test } from 'vitest';
import { parse as parseYaml } from 'yaml';
import { startHost } from '../stand-ins/host.ts';
import { olderDocument } from '../formats/situations.ts';
import { firstHost } from '../../src/sources/live.ts';
import { httpReply } from '../stand-ins/patroni.ts';
import { healthyDocument, NOW, save } from '../stand-ins/saved.ts';

/** A healthy cluster, the same nine days later, one of an older producer, and two files without a document. */
async function fiveFiles() {
  const host = await startHost();
  const healthy = await healthyDocument();
  save(host, healthy, 'a.json');
  const crm = { ...healthy.cluster_status, scope: 'crm' };
  const node = healthy.node ? { ...healthy.node, scope: 'crm' } : null;
  save(
    host,
    { ...healthy, cluster_status: crm, node, current_timestamp: healthy.current_timestamp - 9 * 86_400 },
    'crm.json',
  );
  save(host, olderDocument, 'older.json');
  save(host, null, 'null.json');
  return host;
}

const FILES = ['--input', 'a.json', 'crm.json', 'older.json', 'null.json', 'missing.json'];
const UNREAD = [
  'postgres-status: null.json: it is not an object: this is not a status document',
  'postgres-status: missing.json cannot be read (no such file or directory)',
  '',
].join('\n');

test.each(['report', 'nagios', 'prometheus'])('several saved documents as %s', async (format) => {
  const host = await fiveFiles();
  const { status, stdout, stderr } = await host.run(...FILES, '--now', NOW, '--format', format);
  expect({ status, stderr }).toEqual({ status: 1, stderr: UNREAD });
  await expect(stdout).toMatchFileSnapshot(`golden/clusters/${format}.txt`);
});

test.each(['crm', 'older.json'])('the report of several with --details %s', async (details) => {
  const host = await fiveFiles();
  const report = [...FILES, '--now', NOW, '--format', 'report'];
  const { stdout: table } = await host.run(...report);
  const { stdout } = await host.run(...report, '--details', details);
  const file = details === 'crm' ? 'crm.json' : details;
  const { stdout: inFull } = await host.run('--input', file, '--now', NOW, '--format', 'report');
  expect(stdout).toBe(`${table}\n${inFull}`);
});

test('--details of a cluster without a document: the table has the error', async () => {
  const host = await fiveFiles();
  const report = [...FILES, '--now', NOW, '--format', 'report'];
  expect((await host.run(...report, '--details', 'null')).stdout).toBe((await host.run(...report)).stdout);
});

test.each([
  [['--details', 'x', '--format', 'report'], '--details: no cluster is called "x"; the clusters are demo and crm'],
  [['--details', 'crm', '--format', 'json'], '--details requires --format report'],
])('a useless %j', async (args, sentence) => {
  const host = await fiveFiles();
  const ended = await host.run('--input', 'a.json', 'crm.json', ...args);
  expect(ended).toEqual({ status: 2, stdout: '', stderr: `postgres-status: ${sentence}\n` });
});

test('several saved documents as JSON, and the same as YAML', async () => {
  const host = await fiveFiles();
  const { stdout } = await host.run(...FILES, '--now', NOW);
  const clusters = JSON.parse(stdout) as Record<string, unknown>[];
  expect(clusters.map(({ document, ...others }) => ({ ...others, document: document !== null }))).toEqual([
    { cluster: 'demo', origin: { file: 'a.json' }, document: true, error: null },
    { cluster: 'crm', origin: { file: 'crm.json' }, document: true, error: null },
    { cluster: 'acid-postgres', origin: { file: 'older.json' }, document: true, error: null },
    {
      cluster: 'null',
      origin: { file: 'null.json' },
      document: false,
      error: 'null.json: it is not an object: this is not a status document',
    },
    {
      cluster: 'missing',
      origin: { file: 'missing.json' },
      document: false,
      error: 'missing.json cannot be read (no such file or directory)',
    },
  ]);
  expect(Object.keys(clusters[0] ?? {})).toEqual(['cluster', 'origin', 'document', 'error']);
  const one = await host.run('--input', 'a.json', '--now', NOW);
  expect(clusters[0]?.['document']).toEqual(JSON.parse(one.stdout));
  expect(parseYaml((await host.run(...FILES, '--now', NOW, '--format', 'yaml')).stdout)).toEqual(clusters);
});

test('the exit status of several: 1 where one could not be read, 3 where none could; with --check the worst', async () => {
  const host = await fiveFiles();
  const statusOf = async (...args: string[]) => (await host.run(...args, '--now', NOW)).status;
  expect(await statusOf('--input', 'a.json', '--input', 'crm.json')).toBe(0);
  expect(await statusOf('--input', 'a.json', 'null.json')).toBe(1);
  expect(await statusOf('--input', 'null.json', 'missing.json')).toBe(3);
  expect(await statusOf('--check', '--input', 'a.json', 'null.json')).toBe(3);
  expect(await statusOf('--check', '--input', 'a.json', 'crm.json', 'null.json')).toBe(2);
});

test('two documents of one cluster: all metrics are those of the first', async () => {
  const host = await fiveFiles();
  save(host, { ...(await healthyDocument()), walg_integrity: null }, 'b.json');
  const metrics = async (...files: string[]) =>
    (await host.run('--input', ...files, '--now', NOW, '--format', 'prometheus')).stdout;
  expect(await metrics('b.json', 'a.json')).toBe(await metrics('b.json'));
});

test.each([
  [['--scope', 'x'], '--scope names one cluster, and --input several documents: leave one of them out'],
  [['--input', 'a.json'], '--input names the same file twice'],
])('several documents and %j', async (args, sentence) => {
  const host = await startHost();
  const ended = await host.run('--input', 'a.json', 'b.json', ...args);
  expect(ended).toEqual({ status: 2, stdout: '', stderr: `postgres-status: ${sentence}\n` });
});

/** The name in the report's first line, in the metrics and in the plugin's line, which must be the same. */
async function nameOf(run: (...args: string[]) => Promise<{ stdout: string }>): Promise<string> {
  const [report, metrics, plugin] = [
    await run('--format', 'report'),
    await run('--format', 'prometheus'),
    await run('--format', 'nagios'),
  ].map(({ stdout }) => stdout);
  const names = [/^ \w+ {2}(\S+) /, /^postgres_status_up\{scope="(.*?)"\}/m, /^POSTGRES \w+ - ([^ ]+): /].map(
    (pattern, index) => pattern.exec([report, metrics, plugin][index] ?? '')?.[1],
  );
  expect(new Set(names).size).toBe(1);
  return names[0] ?? '';
}

test.each([
  { what: 'the scope according to Patroni', args: [], name: 'demo' },
  { what: '--scope before Patroni', args: ['--scope', 'mine'], name: 'mine' },
  { what: 'STATUS_NAME if Patroni is down', down: true, name: 'postgres-demo' },
  { what: 'host and port if there is neither', down: true, walg: { STATUS_NAME: '' }, name: 'HOST' },
  {
    what: 'the ConfigMap that it is published to',
    down: true,
    walg: { STATUS_NAME: '' },
    args: ['--configmap', 'status-postgres-crm', '--publish-from', 'any'],
    name: 'postgres-crm',
  },
])('what a cluster is called: $what', async ({ down = false, args = [], walg = {}, name }) => {
  const host = await startHost({ walg, ...(down && { patroni: () => httpReply(500, '') }) });
  const expected = name.replace('HOST', new URL(host.patroni.url).host);
  expect(await nameOf((...more) => host.run('--collect', 'patroni', ...args, ...more))).toBe(expected);
});

test.each([
  { url: 'https://db1.example.org', name: 'db1.example.org:443' },
  { url: 'http://[::1]/', name: '[::1]:80' },
])('$url is called $name', ({ url, name }) => {
  expect(firstHost([new URL(url)])).toBe(name);
});
