import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { statusDocument, type StatusDocument } from '../../src/document/schema.ts';
import { KUBECTL, NODE2, startHost } from '../stand-ins/host.ts';
import { needs } from '../stand-ins/needs.ts';
import { startKubernetes } from '../stand-ins/kubernetes.ts';
import { httpReply } from '../stand-ins/patroni.ts';
import { temporaryFolder } from '../stand-ins/temporary.ts';

function parse(stdout: string): StatusDocument {
  return statusDocument.parse(JSON.parse(stdout));
}

/** The part that does not differ between two runs with the same input; the verdict contains ages. */
function timeless(stdout: string): string {
  return stdout
    .replace(/,"health":.*/, '')
    .replace(/"(current_timestamp|collected_at)":\d+/g, '"$1":0')
    .replace(/"duration_ms":\d+/g, '"duration_ms":0')
    .replace(/"value":\d+,"unit":"seconds"/g, '"value":0,"unit":"seconds"')
    .replace(/(?:\d+ (?:d|h|min|s) )+(old|before|ago)/g, '… $1');
}

test('a run without options: one line on stdout, and nothing else', async () => {
  const host = await startHost();
  const ended = await host.run();
  expect(ended).toEqual({ status: 0, stdout: expect.stringMatching(/^\{.*\}\n$/) as string, stderr: '' });
  expect(Object.keys(parse(ended.stdout))).toEqual([
    'cluster_status',
    'patroni_archive_enabled',
    'patroni_archive_command_set',
    'walg_last_backup',
    'walg_timeline',
    'walg_integrity',
    'current_timestamp',
    'schema_version',
    'generator',
    'node',
    'leader',
    'leader_api',
    'patroni_config',
    'failovers',
    'walg_backups',
    'wal',
    'recovery',
    'collectors',
    'health',
  ]);
  expect(host.published()).toBeUndefined();
});

test('two runs with the same input differ only in their times', async () => {
  const host = await startHost();
  const [first, second] = [await host.run(), await host.run()];
  expect(timeless(first.stdout)).toBe(timeless(second.stdout));
});

const LABELS = {
  'app.kubernetes.io/name': 'postgres-status',
  'postgres-status/health': expect.stringMatching(/^(ok|warning|unknown|critical)$/) as string,
  'postgres-status/leader': 'node1',
  'postgres-status/updated': expect.stringMatching(/^\d{10}$/) as string,
};

test('the leader publishes what it prints', async () => {
  const host = await startHost();
  const ended = await host.run('--configmap');
  expect(ended).toMatchObject({ status: 0, stderr: '' });
  expect(host.published()).toEqual({
    object: { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'status-postgres-demo', namespace: 'db' } },
    patch: { data: { status: ended.stdout.trimEnd() }, metadata: { labels: LABELS } },
  });
});

needs('kubectl')('the same with the real kubectl', async () => {
  const host = await startHost();
  const { url, requests } = await startKubernetes('kubernetes-1.34.4', 'patch_ok');
  const clusters = [{ name: 'c', cluster: { server: url } }];
  const contexts = [{ name: 'x', context: { cluster: 'c', user: '' } }];
  const kubeconfig = join(
    temporaryFolder({ kubeconfig: JSON.stringify({ apiVersion: 'v1', kind: 'Config', clusters, contexts }) }),
    'kubeconfig',
  );
  host.program('kubectl', `exec ${KUBECTL} "$@"`);
  const ended = await host.run('--configmap', '--kubeconfig', kubeconfig, '--context', 'x');
  expect(ended).toMatchObject({ status: 0, stderr: '' });
  const patch = requests.find(({ method }) => method === 'PATCH');
  expect(patch?.url).toContain('/api/v1/namespaces/db/configmaps/status-postgres-demo?');
  expect(JSON.parse(patch?.body ?? '')).toEqual({
    data: { status: ended.stdout.trimEnd() },
    metadata: { labels: LABELS },
  });
});

const STEPS_BACK = 'postgres-status: node2 has the role replica: publishing is left to the leader\n';

test.each([
  [['--configmap'], STEPS_BACK],
  [['--configmap', '--quiet'], ''],
])('a replica steps back (%j)', async (args, stderr) => {
  const host = await startHost({ patroni: NODE2 });
  host.program('wal-g', `touch ${host.folder}/ran`);
  expect(await host.run(...args)).toEqual({ status: 0, stdout: '', stderr });
  expect(host.patroni.asked).toEqual(['/patroni', '/cluster']);
  expect(existsSync(join(host.folder, 'ran'))).toBe(false);
  expect(host.published()).toBeUndefined();
});

test('a replica without --configmap prints its document', async () => {
  const host = await startHost({ patroni: NODE2 });
  const { status, stdout } = await host.run();
  expect(status).toBe(0);
  expect(parse(stdout).node).toMatchObject({ name: 'node2', role: 'replica' });
});

test('--publish-from any', async () => {
  const host = await startHost({ patroni: NODE2 });
  const { status, stdout } = await host.run('--configmap', '--publish-from', 'any');
  expect(status).toBe(0);
  expect(host.published()?.patch.data.status).toBe(stdout.trimEnd());
});

test.each(['master', 'primary', 'standby_leader'])('%s leads', async (role) => {
  const host = await startHost({ patroni: playing(role) });
  await host.run('--configmap');
  expect(host.published()).toBeDefined();
});

test.each(['replica', 'demoted', 'uninitialized'])('%s steps back', async (role) => {
  const host = await startHost({ patroni: playing(role) });
  expect(await host.run('--configmap')).toEqual({
    status: 0,
    stdout: '',
    stderr: `postgres-status: this node has the role ${role}: publishing is left to the leader\n`,
  });
  expect(host.published()).toBeUndefined();
});

/** A Patroni that answers only /patroni, with this reply. */
function playing(role: string): (path: string) => string {
  return (path) =>
    path === '/patroni'
      ? httpReply(200, JSON.stringify({ state: 'running', role, patroni: { version: '2.0.2', scope: 'demo' } }))
      : httpReply(404, '');
}

test('if the leader cannot be determined, the document is printed and not published', async () => {
  const host = await startHost({ patroni: () => httpReply(500, 'oops') });
  const { status, stdout, stderr } = await host.run('--configmap');
  expect(status).toBe(3);
  const asked = `${host.patroni.url}/patroni: HTTP 500`;
  expect(stderr).toContain(`postgres-status: patroni: ${asked}`);
  expect(stderr).toContain(
    `postgres-status: not published: cannot determine whether this node is the leader: ${asked}`,
  );
  expect(parse(stdout).collectors?.patroni).toMatchObject({ ok: false });
  expect(host.published()).toBeUndefined();
});

test('a failed collector is reported, and the rest is published', async () => {
  const host = await startHost();
  host.program('wal-g', 'echo "ERROR: 2026/11/21 no storage" >&2; exit 1');
  const { status, stdout, stderr } = await host.run('--configmap', '--collect', 'patroni,walg_backups');
  expect(status).toBe(1);
  expect(stderr).toMatch(/^postgres-status: walg_backups: wal-g backup-list [^\n]*no storage[^\n]*\n$/);
  expect(parse(stdout)).toMatchObject({
    walg_last_backup: null,
    collectors: { patroni: { ok: true }, walg_backups: { ok: false, partial: false }, walg_verify: null },
  });
  expect(host.published()?.patch.data.status).toBe(stdout.trimEnd());
});

test('a missing wal-g is a failed collector', async () => {
  const host = await startHost();
  const { status, stdout, stderr } = await host.run('--wal-g', '/nowhere/wal-g', '--collect', 'patroni,walg_backups');
  const error = '/nowhere/wal-g is not an executable file: correct --wal-g';
  expect({ status, stderr }).toEqual({ status: 1, stderr: `postgres-status: walg_backups: ${error}\n` });
  expect(parse(stdout)).toMatchObject({ node: { name: 'node1' }, collectors: { walg_backups: { error } } });
});

test('a document that could not be published is still printed', async () => {
  const host = await startHost();
  host.program('kubectl', 'echo "Error from server (InternalError): an error on the server" >&2; exit 1');
  const { status, stdout, stderr } = await host.run('--configmap');
  expect({ status, stderr }).toEqual({
    status: 3,
    stderr:
      'postgres-status: ConfigMap status-postgres-demo in namespace db was not written: Error from server (InternalError): an error on the server\n',
  });
  expect(parse(stdout).node?.name).toBe('node1');
});

test('--quiet: no output if nothing failed', async () => {
  const host = await startHost();
  expect(await host.run('--configmap', '--quiet')).toEqual({ status: 0, stdout: '', stderr: '' });
  expect(host.published()).toBeDefined();
});

test('--quiet: one line for each failure', async () => {
  const host = await startHost({ patroni: (path) => (path === '/patroni' ? NODE2(path) : httpReply(500, '')) });
  host.program('wal-g', 'echo several >&2; echo lines >&2; exit 1');
  host.program('kubectl', 'echo several >&2; echo lines >&2; exit 1');
  const { status, stdout, stderr } = await host.run('--configmap', '--publish-from', 'any', '--quiet');
  expect({ status, stdout }).toEqual({ status: 3, stdout: '' });
  expect(stderr.split('\n').map((line) => line.split(' ').slice(0, 2).join(' '))).toEqual([
    'postgres-status: patroni:',
    'postgres-status: walg_backups:',
    'postgres-status: walg_verify:',
    'postgres-status: ConfigMap',
    '',
  ]);
});

test('--verbose prints each request and its duration', async () => {
  const host = await startHost();
  const { status, stderr } = await host.run('--verbose', '--collect', 'patroni,walg_backups');
  expect(status).toBe(0);
  const told = stderr.replaceAll(host.patroni.url, 'URL').replace(/\d+\.\d s/g, '0.0 s');
  expect(told.split('\n').sort()).toEqual([
    '',
    expect.stringMatching(/^postgres-status: URL\/cluster: HTTP 200, \d+ characters in 0.0 s$/),
    expect.stringMatching(/^postgres-status: URL\/config: HTTP 200, \d+ characters in 0.0 s$/),
    expect.stringMatching(/^postgres-status: URL\/history: HTTP 200, \d+ characters in 0.0 s$/),
    expect.stringMatching(/^postgres-status: URL\/patroni: HTTP 200, \d+ characters in 0.0 s$/),
    'postgres-status: wal-g backup-list --detail --json: exit status 0 after 0.0 s',
  ]);
});

test('no secret is printed, whichever program prints it', async () => {
  const secrets = ['sesame-of-walg', 'sesame of\tthe process', 'first sesame line', 'second sesame line'];
  const [ofWalg = '', ofProcess = '', first = '', second = ''] = secrets;
  const host = await startHost({
    walg: { AWS_SECRET_ACCESS_KEY: ofWalg, WALG_PGP_KEY: [first, second].join('\\n') },
    environment: { PGPASSWORD: ofProcess },
  });
  host.program('wal-g', 'env >&2; set >&2; echo "ERROR: $AWS_SECRET_ACCESS_KEY $PGPASSWORD $WALG_PGP_KEY" >&2; exit 1');
  host.program('kubectl', 'env >&2; echo "error: $PGPASSWORD $AWS_SECRET_ACCESS_KEY" >&2; exit 1');
  const { status, stdout, stderr } = await host.run('--configmap', '--verbose');
  expect(status).toBe(3);
  expect(stderr).toContain('***');
  for (const secret of [...secrets, 'sesame of the process']) expect(stdout + stderr).not.toContain(secret);
  // kubectl gets neither WAL-G's environment nor PostgreSQL's variables in the process environment
  expect(stderr).toContain('in namespace db was not written: error:\n');
});
