import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { olderDocument } from '../formats/situations.ts';
import { startFleet, type StandInConfigMap, writeKubeconfig } from '../stand-ins/fleet.ts';
import { CLI, type Host, KUBECTL, startHost } from '../stand-ins/host.ts';
import { healthyDocument, NOW } from '../stand-ins/saved.ts';
import { needs } from '../stand-ins/needs.ts';

const testWithKubectl = needs('kubectl');

/** ConfigMaps of each kind, in two labelled namespaces and one without the label. */
async function configMaps(): Promise<StandInConfigMap[]> {
  const healthy = await healthyDocument();
  const called = (scope: string, more: object = {}) =>
    JSON.stringify({ ...healthy, node: { ...healthy.node, scope }, ...more });
  const whole = called('acid-main');
  const stale = called('acid-stale', { current_timestamp: healthy.current_timestamp - 400 });
  return [
    { namespace: 'db', name: 'status-postgres-main', status: whole },
    { namespace: 'db', name: 'status-postgres-stale', status: stale },
    { namespace: 'db', name: 'status-postgres-null', status: 'null' },
    { namespace: 'db', name: 'status-postgres-empty', status: '' },
    { namespace: 'db', name: 'status-postgres-bare' },
    { namespace: 'db', name: 'status-postgres-text', status: 'not published' },
    { namespace: 'db', name: 'status-postgres-cut', status: whole.slice(0, 500) },
    { namespace: 'db', name: 'status-postgres-list', status: '[]' },
    { namespace: 'db', name: 'status-mysql-x', status: whole },
    { namespace: 'db', name: 'kube-root-ca.crt' },
    { namespace: 'crm', name: 'status-citus-old', status: JSON.stringify(olderDocument) },
    { namespace: 'crm', name: 'status-postgres-newer', status: called('acid-newer', { schema_version: 9, later: {} }) },
    { namespace: 'other', name: 'status-postgres-unlabelled', status: called('unlabelled') },
    { namespace: 'other', name: 'mine', status: called('mine'), labels: { app: 'mine' } },
  ];
}

const NAMESPACES = { db: true, crm: true, other: false };
const AS_OF = ['--now', NOW];

async function reader(): Promise<Host> {
  const host = await startHost();
  host.program('kubectl', `exec ${KUBECTL} "$@"`);
  return host;
}

interface Listed {
  cluster: string;
  origin: object;
  document: { health: { status: string } } | null;
  error: string | null;
}

/** Name, origin and verdict or error of each. */
function rows(stdout: string): string[] {
  return (JSON.parse(stdout) as Listed[]).map(
    ({ cluster, origin, document, error }) =>
      `${cluster} ${Object.values(origin).map(String).join('/')}: ${document?.health.status ?? String(error)}`,
  );
}

const MAIN = 'acid-main null/db/status-postgres-main: ok';
const DB = [
  MAIN,
  'acid-stale null/db/status-postgres-stale: critical',
  'postgres-null null/db/status-postgres-null: its data.status is null: nothing was published yet',
  'postgres-empty null/db/status-postgres-empty: its data.status is not JSON: it is empty',
  'postgres-bare null/db/status-postgres-bare: it has no data.status: nothing was published yet',
  'postgres-text null/db/status-postgres-text: its data.status is not JSON',
  'postgres-cut null/db/status-postgres-cut: its data.status is not JSON',
  'postgres-list null/db/status-postgres-list: its data.status: it is not an object: this is not a status document',
];
const CRM = ['acid-postgres null/crm/status-citus-old: critical', 'acid-newer null/crm/status-postgres-newer: ok'];
const OTHER = 'unlabelled null/other/status-postgres-unlabelled: ok';

/** A host with a kubeconfig for these servers, and the rows in the output of a run. */
async function reading(servers: Record<string, { url: string; namespace?: string }>) {
  const host = await reader();
  const kubeconfig = writeKubeconfig(host.folder, servers);
  const run = (...args: string[]) => host.run('--kubeconfig', kubeconfig, ...args, ...AS_OF);
  return {
    host,
    run,
    read: async (...args: string[]) => {
      const { status, stdout, stderr } = await run(...args);
      return { status, rows: rows(stdout), stderr };
    },
  };
}

const everything = async () => startFleet({ namespaces: NAMESPACES, configMaps: await configMaps() });
const LABELLED = '/api/v1/namespaces?labelSelector=ossobv/zabbix-agent-osso.k8s-patroni=true&limit=500';

testWithKubectl('the documents of the labelled namespaces, by two requests', async () => {
  const fleet = await everything();
  const { read } = await reading({ one: fleet });
  const { status, rows, stderr } = await read('--from', 'configmaps');
  expect({ status, rows }).toEqual({ status: 1, rows: [...DB, ...CRM] });
  expect(stderr.split('\n').slice(0, 2)).toEqual([
    'postgres-status: db/status-postgres-null: its data.status is null: nothing was published yet',
    'postgres-status: db/status-postgres-empty: its data.status is not JSON: it is empty',
  ]);
  expect(fleet.requests).toEqual([LABELLED, '/api/v1/configmaps?limit=500']);
});

testWithKubectl.each([
  ['of every namespace', ['-A'], [...DB, ...CRM, OTHER], '/api/v1/configmaps?limit=500'],
  ['of one namespace', ['-n', 'crm'], CRM, '/api/v1/namespaces/crm/configmaps?limit=500'],
  [
    'with a label, whatever their names',
    ['--selector', 'app=mine'],
    ['mine null/other/mine: ok'],
    '/api/v1/configmaps?labelSelector=app=mine&limit=500',
  ],
  [
    'with a label, of one namespace',
    ['-l', 'app=mine', '--namespace=db'],
    [],
    '/api/v1/namespaces/db/configmaps?labelSelector=app=mine&limit=500',
  ],
])('the documents %s, by one request', async (_, args, rows, request) => {
  const fleet = await everything();
  const { read } = await reading({ one: fleet });
  expect((await read('--from', 'configmaps', ...args)).rows).toEqual(rows);
  expect(fleet.requests).toEqual([request]);
});

testWithKubectl('one document: the document itself, as from a file', async () => {
  const fleet = await everything();
  const { run } = await reading({ one: { ...fleet, namespace: 'db' } });
  const { status, stdout, stderr } = await run('--from', 'configmap/status-postgres-main');
  const { node, health } = JSON.parse(stdout) as { node: { scope: string }; health: { status: string } };
  expect({ status, stderr, scope: node.scope, health: health.status }).toEqual({
    status: 0,
    stderr: '',
    scope: 'acid-main',
    health: 'ok',
  });
  expect(fleet.requests).toEqual(['/api/v1/namespaces/db/configmaps/status-postgres-main']);
});

testWithKubectl.each([
  [
    'is not there',
    'status-postgres-x',
    'there is no such ConfigMap in namespace db (Error from server (NotFound): configmaps "status-postgres-x" not found)',
  ],
  ['holds null', 'status-postgres-null', 'its data.status is null: nothing was published yet'],
])('one ConfigMap that %s', async (_, name, why) => {
  const { run } = await reading({ one: await everything() });
  const args = ['--from', `configmap/${name}`, '-n', 'db'];
  expect(await run(...args)).toEqual({ status: 3, stdout: '', stderr: `postgres-status: ConfigMap ${name}: ${why}\n` });
  expect(await run(...args, '--check')).toMatchObject({
    status: 3,
    stdout: `POSTGRES UNKNOWN - ConfigMap ${name}: ${why}\n`,
  });
});

testWithKubectl(
  'pages of 500, the last of them empty, and an expired continue token: the whole list, once',
  async () => {
    const status = JSON.stringify(await healthyDocument());
    const many = Array.from({ length: 1000 }, (_, index) => ({
      namespace: 'db',
      name: `status-postgres-${String(index)}`,
      status: index === 999 ? status : 'null',
      labels: { app: 'many' },
    }));
    for (const emptyLastPage of ['null', '[]'] as const) {
      const fleet = await startFleet({ configMaps: many, expires: true, emptyLastPage });
      const { read } = await reading({ one: fleet });
      const { rows } = await read('--from', 'configmaps', '-l', 'app=many');
      expect([rows.length, rows.at(-1)]).toEqual([1000, 'demo null/db/status-postgres-999: ok']);
      const page = '/api/v1/configmaps?labelSelector=app=many&limit=500';
      const after = (start: number) => page.replace('?', `?continue=${String(start)}&`);
      expect(fleet.requests).toEqual([page, after(500), page, after(500), after(1000)]);
    }
  },
);

testWithKubectl(
  'without the right to list all ConfigMaps: namespace by namespace, and one of them is forbidden, too',
  async () => {
    const forbidden = [/^\/api\/v1\/configmaps$/, /\/crm\//];
    const fleet = await startFleet({ namespaces: NAMESPACES, configMaps: await configMaps(), forbidden });
    const { read } = await reading({ one: fleet });
    const { rows, status } = await read('--from', 'configmaps');
    expect(rows).toEqual([
      ...DB,
      'crm null/crm: not allowed; the role needs the verb "list" on configmaps in namespace crm (Error from server (Forbidden): /api/v1/namespaces/crm/configmaps is forbidden: User "someone" cannot list resource)',
    ]);
    expect(status).toBe(1);
    expect(fleet.requests.slice(0, 2)).toEqual([LABELLED, '/api/v1/configmaps?limit=500']);
  },
);

testWithKubectl('contexts side by side: what one cannot answer costs its own rows', async () => {
  const fleet = await startFleet({ namespaces: { db: true }, configMaps: (await configMaps()).slice(0, 1) });
  const noNamespaces = await startFleet({ configMaps: [], forbidden: [/namespaces/] });
  const hanging = await startFleet({ configMaps: [], hangs: true });
  const { read } = await reading({
    'kubernetes-admin@kubernetes': fleet,
    'arn:aws:eks:eu/prod a': fleet,
    dead: { url: 'http://127.0.0.1:1' },
    narrow: noNamespaces,
    hanging,
  });
  const asked = await read('--from', 'configmaps', '--all-contexts', '--request-timeout', '8s');
  expect(asked).toMatchObject({ status: 1 });
  expect(asked.rows).toEqual([
    'acid-main arn:aws:eks:eu/prod a/db/status-postgres-main: ok',
    expect.stringMatching(
      /^dead dead\/null: the API server cannot be reached; is its address in the kubeconfig right\? \(.*refused/,
    ),
    expect.stringMatching(
      /^hanging hanging\/null: the API server did not answer within 8 s; raise --request-timeout if it is only slow$/,
    ),
    'acid-main kubernetes-admin@kubernetes/db/status-postgres-main: ok',
    expect.stringMatching(
      /^narrow narrow\/null: not allowed to list namespaces; give -n and the name of one, or -A \(/,
    ),
  ]);
  const none = await read('--from', 'configmaps', '--context', 'dead', '--context', 'nowhere');
  expect(none.status).toBe(3);
  expect(none.rows[1]).toMatch(
    /^nowhere nowhere\/null: check --kubeconfig and --context \(error: context "nowhere" does not exist\)$/,
  );
});

test('contexts are listed without waiting for the server of the current one, which may hang', async () => {
  const host = await reader();
  host.program(
    'kubectl',
    `case "$*" in`,
    `"config get-contexts --output=name --request-timeout=200ms") echo a; echo b ;;`,
    `*--context=a) echo '{"metadata": {}, "items": []}' ;;`,
    `*) echo "error: $*" >&2; exit 1 ;;`,
    'esac',
  );
  const { status, stdout } = await host.run('--from', 'configmaps', '--all-contexts', '-A', ...AS_OF);
  expect({ status, rows: rows(stdout) }).toEqual({
    status: 3,
    rows: [expect.stringMatching(/^b b\/null: .*--context=b/)],
  });
});

testWithKubectl(
  'a list that takes longer than the time limit, but flows, is read; one that stops is a row',
  async () => {
    const some = { namespaces: { db: true }, configMaps: (await configMaps()).slice(0, 1) };
    const { read } = await reading({
      slow: await startFleet({ ...some, trickles: { every: 400 } }),
      stopping: await startFleet({ ...some, trickles: { every: 400, stalls: true } }),
    });
    const { status, rows } = await read('--from', 'configmaps', '--all-contexts', '-A', '--request-timeout', '3s');
    expect({ status, rows }).toEqual({
      status: 1,
      rows: [
        'acid-main slow/db/status-postgres-main: ok',
        'stopping stopping/null: the API server did not answer within 3 s; raise --request-timeout if it is only slow',
      ],
    });
  },
);

testWithKubectl('where every context answered and none has any, that is no error, and no verdict', async () => {
  const { run } = await reading({ one: await startFleet({ configMaps: [] }) });
  const note =
    'no published document was found: without -n, -A or --selector, only namespaces with the label ossobv/zabbix-agent-osso.k8s-patroni=true are read, and only names that begin with status-postgres- or status-citus-';
  expect(await run('--from', 'configmaps')).toEqual({
    status: 0,
    stdout: '[]\n',
    stderr: `postgres-status: ${note}\n`,
  });
  const { status, stdout } = await run('--from', 'configmaps', '--check');
  expect({ status, stdout: stdout.split('|')[0] }).toEqual({
    status: 3,
    stdout: 'POSTGRES UNKNOWN - no cluster was found ',
  });
});

testWithKubectl('of many that cannot be read, stderr has the first, and the output all', async () => {
  const unread = Array.from({ length: 30 }, (_, index) => ({
    namespace: 'db',
    name: `status-postgres-${String(index)}`,
  }));
  const { read } = await reading({ one: await startFleet({ namespaces: { db: true }, configMaps: unread }) });
  const { status, rows, stderr } = await read('--from', 'configmaps');
  expect({ status, rows: rows.length }).toEqual({ status: 3, rows: 30 });
  const lines = stderr.split('\n');
  expect(lines.slice(0, 20).every((line) => line.endsWith('it has no data.status: nothing was published yet'))).toBe(
    true,
  );
  expect(lines.slice(20)).toEqual(['postgres-status: 10 more failures, all of them in the output', '']);
});

test('a reply that is a single object instead of a list is an error, not an empty list', async () => {
  const host = await startHost();
  host.program('kubectl', `echo '{"kind":"ConfigMap","metadata":{"name":"status-postgres-main"}}'`);
  expect(await host.run('--from', 'configmaps', '-n', 'db', '--format', 'nagios')).toMatchObject({
    status: 3,
    stderr: `postgres-status: the current context: the API server gave an unexpected reply: field "items" is not an array\n`,
  });
});

testWithKubectl.each(['report', 'nagios', 'prometheus'])('a fleet as %s', async (format) => {
  const { run } = await reading({ 'prod-a': await everything(), dead: { url: 'http://127.0.0.1:1' } });
  const { stdout } = await run('--from', 'configmaps', '--all-contexts', '--format', format);
  await expect(stdout.replaceAll(/127\.0\.0\.1:\d+/g, 'HOST')).toMatchFileSnapshot(`golden/reading/${format}.txt`);
});

testWithKubectl('a wide report of a fleet', async () => {
  const { host } = await reading({ 'prod-a': await everything() });
  const { stdout } = await host.shell(
    `COLUMNS=160 $CLI --kubeconfig kubeconfig --from configmaps --context prod-a --format report ${AS_OF.join(' ')}`,
  );
  await expect(stdout).toMatchFileSnapshot('golden/reading/wide.txt');
});

testWithKubectl('as the kubectl plugin: a report on the namespace of the context, or of all', async () => {
  const fleet = await everything();
  const { host } = await reading({ one: { ...fleet, namespace: 'crm' } });
  const [program = '', script] = CLI;
  symlinkSync(script ?? program, join(host.folder, 'bin', 'kubectl-postgres_status'));
  const node = script === undefined ? '' : program;
  const plugin = (more: string) =>
    host.shell(`KUBECONFIG=$PWD/kubeconfig ${node} $PWD/bin/kubectl-postgres_status ${AS_OF.join(' ')} ${more}`);
  expect((await plugin('')).stdout).toContain('2 clusters: 1 critical, 1 ok');
  expect((await plugin('-A')).stdout).toContain('11 clusters: ');
  expect(fleet.requests).toEqual(['/api/v1/namespaces/crm/configmaps?limit=500', '/api/v1/configmaps?limit=500']);
});

test.each([
  [['--from', 'pods'], '--from: "pods" is neither configmaps nor configmap/NAME'],
  [['-A'], '--all-namespaces requires --from configmaps'],
  [['--from', 'configmap/a', '--selector', 'a=b'], '--selector requires --from configmaps'],
  [['--from', 'configmaps', '-A', '-n', 'db'], '--all-namespaces and --namespace contradict each other'],
  [['--from', 'configmaps', '--all-contexts', '--context', 'a'], '--all-contexts and --context contradict each other'],
  [
    ['--from', 'configmaps', '--input', 'a.json'],
    '--from and --input cannot be combined: --from reads documents from Kubernetes, --input from files',
  ],
  [
    ['--from', 'configmaps', '--configmap', 'a'],
    '--from and --configmap cannot be combined: documents that are read back are not published again',
  ],
  [
    ['--from', 'configmaps', '--scope', 'a'],
    '--scope names one cluster, and --from several documents: leave one of them out',
  ],
  [['--from', 'configmaps', '--request-timeout', '1h'], '--request-timeout: "1h" is not between 100ms and 10m'],
  [['--configmap', 'a', '--context', 'a', '--context', 'b'], '--configmap allows only one --context'],
])('%j is a mistake', async (args, sentence) => {
  const host = await reader();
  expect(await host.run(...args)).toEqual({ status: 2, stdout: '', stderr: `postgres-status: ${sentence}\n` });
});
