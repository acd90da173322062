import { chmodSync, copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { join, resolve } from 'node:path';
import { beforeAll, describe, expect, inject, test } from 'vitest';
import { olderDocument } from '../formats/situations.ts';
import { healthyDocument, NOW } from '../stand-ins/saved.ts';
import { startApiServer, type ApiServer } from './api-server.ts';
import { postgresStatus } from './command.ts';
import { createConfigMaps, type Made } from './fleet-of-configmaps.ts';
import { openFolder, promtool, SILENCE } from './metrics.ts';
import { freePorts, run } from './processes.ts';
import { startPrometheus } from './prometheus.ts';
import { endAfterwards } from './teardown.ts';

const RULES = resolve(import.meta.dirname, '../../examples/alerts.rules.yaml');
const READER = resolve(import.meta.dirname, '../../examples/kubernetes/reader-rbac.yaml');
const LABEL = 'ossobv/zabbix-agent-osso.k8s-patroni=true';
const ODD = 'odd "name"\\of a@context:ü/x';
const OURS = { 'app.kubernetes.io/name': 'postgres-status' };

interface Listed {
  cluster: string;
  origin: Record<string, string | null>;
  document: { health: { status: string } } | null;
  error: string | null;
}

describe('published documents on two real API servers', () => {
  const ends = endAfterwards();
  let folder: string;
  let one: ApiServer;
  let two: ApiServer;
  let kubeconfig: string;
  let whole: string;

  beforeAll(async () => {
    folder = join(inject('workshop'), 'fleet');
    mkdirSync(folder);
    [one, two] = await Promise.all([
      startApiServer(join(folder, 'one')).then(ends),
      startApiServer(join(folder, 'two')).then(ends),
    ]);
    const document = await healthyDocument();
    const called = (scope: string, more: object = {}) =>
      JSON.stringify({ ...document, node: { ...document.node, scope }, ...more });
    whole = called('a');
    for (const api of [one, two])
      for (const namespace of ['databases', 'db-2', 'db-3', 'unlabelled', 'monitoring']) {
        await api.admin(['create', 'namespace', namespace]);
        if (namespace.startsWith('d')) await api.admin(['label', 'namespace', namespace, LABEL]);
      }
    await createConfigMaps(one, [
      ...many(250, 'databases', (name) => called(name)),
      ...many(250, 'db-2', (name) => called(name)),
      ...broken(called),
      ...many(2, 'unlabelled', (name) => called(name)),
      // other objects of the cluster, enough for a third page
      ...Array.from({ length: 600 }, (_, index) => ({
        namespace: 'unlabelled',
        name: `app-${String(index)}`,
        status: '1',
      })),
    ]);
    await createConfigMaps(
      two,
      many(150, 'db-2', (name) => called(name)),
    );
    kubeconfig = await contexts();
  });

  function many(count: number, namespace: string, status: (name: string) => string): Made[] {
    return Array.from({ length: count }, (_, index) => {
      const name = `${namespace}-${String(index).padStart(3, '0')}`;
      return { namespace, name: `status-postgres-${name}`, status: status(name), labels: OURS };
    });
  }

  function broken(called: (scope: string, more?: object) => string): Made[] {
    const of = (name: string, status?: string) => ({
      namespace: 'db-3',
      name: `status-postgres-${name}`,
      ...(status !== undefined && { status }),
    });
    return [
      of('null', 'null'),
      of('empty', ''),
      of('bare'),
      of('text', 'not published'),
      of('cut', called('cut').slice(0, 700)),
      of('older', JSON.stringify(olderDocument)),
      of('newer', called('newer', { schema_version: 9, later: { than: 'this' } })),
      of('stale', called('stale', { current_timestamp: Date.parse(NOW) / 1000 - 400 })),
    ];
  }

  /** The unreadable documents with the message for each, in the order of the API server. */
  const BROKEN = [
    'postgres-bare one/db-3/status-postgres-bare: it has no data.status: nothing was published yet',
    'postgres-cut one/db-3/status-postgres-cut: its data.status is not JSON',
    'postgres-empty one/db-3/status-postgres-empty: its data.status is not JSON: it is empty',
    'newer one/db-3/status-postgres-newer: ok',
    'postgres-null one/db-3/status-postgres-null: its data.status is null: nothing was published yet',
    'acid-postgres one/db-3/status-postgres-older: critical',
    'stale one/db-3/status-postgres-stale: critical',
    'postgres-text one/db-3/status-postgres-text: its data.status is not JSON',
  ];

  /** Both clusters with administrator credentials, and contexts that cannot be read, for different reasons. */
  async function contexts(): Promise<string> {
    const silent = createServer((socket) => socket.on('error', () => undefined).resume()).listen(0, '127.0.0.1');
    await once(silent, 'listening');
    ends({ end: () => new Promise((resolve) => silent.close(resolve)) });
    const [closed = 0] = await freePorts(1);
    const at = (port: number) => ({ server: `https://127.0.0.1:${String(port)}` });
    const of = (api: ApiServer) => ({ server: api.server, 'certificate-authority': api.authority });
    const token = (file: string) =>
      (JSON.parse(readFileSync(file, 'utf8')) as { users: [{ user: { token: string } }] }).users[0].user.token;
    await one.admin(['create', 'serviceaccount', 'nothing', '-n', 'monitoring']);
    const forbidden = token(await one.login('nothing', 'monitoring'));
    const all = {
      one: { cluster: of(one), user: { token: 'administrator' } },
      two: { cluster: of(two), user: { token: 'administrator' } },
      // the same documents in a context whose name must be escaped
      [ODD]: { cluster: of(one), user: { token: 'administrator' } },
      anonymous: { cluster: of(one), user: {} },
      forbidden: { cluster: of(one), user: { token: forbidden } },
      hanging: { cluster: at((silent.address() as AddressInfo).port), user: { token: 'x' } },
      refusing: { cluster: at(closed), user: { token: 'x' } },
      stranger: { cluster: of(two), user: { token: 'nonsense' } },
    };
    const entries = Object.entries(all);
    const path = join(folder, 'kubeconfig');
    const content = {
      apiVersion: 'v1',
      kind: 'Config',
      'current-context': 'one',
      clusters: entries.map(([name, { cluster }]) => ({ name, cluster })),
      users: entries.map(([name, { user }]) => ({ name, user })),
      contexts: entries.map(([name]) => ({ name, context: { cluster: name, user: name, namespace: 'db-2' } })),
    };
    writeFileSync(path, JSON.stringify(content));
    return path;
  }

  const reading = (args: readonly string[], config = kubeconfig) =>
    postgresStatus(['--kubeconfig', config, '--from', 'configmaps', '--now', NOW, ...args]);

  /** The exit status, and name, origin and verdict or error of each. */
  async function rows(args: readonly string[], config?: string) {
    const { status, stdout } = await reading(args, config);
    const listed = JSON.parse(stdout) as Listed[];
    return {
      status,
      rows: listed.map(
        ({ cluster, origin, document, error }) =>
          `${cluster} ${Object.values(origin).map(String).join('/')}: ${document?.health.status ?? String(error)}`,
      ),
    };
  }

  const numbered = (count: number, place: string, namespace: string) =>
    many(count, namespace, () => '').map(({ name }) => {
      const cluster = name.replace('status-postgres-', '');
      return `${cluster} ${place}/${namespace}/${name}: ok`;
    });

  const onFirst = (context: string) => [
    ...numbered(250, context, 'databases'),
    ...numbered(250, context, 'db-2'),
    ...BROKEN.map((row) => row.replace(' one/', ` ${context}/`)),
  ];

  test('every context: what can be read, and a row with the reason for each document and context that cannot', async () => {
    const { status, rows: found } = await rows(['--all-contexts']);
    expect(status).toBe(1);
    expect(found.map((row) => row.replace(/ \(.*\)$/, ''))).toEqual([
      'anonymous anonymous/null: kubectl has no credentials, and asks for a password; check its kubeconfig or service account',
      'forbidden forbidden/null: not allowed to list namespaces; give -n and the name of one, or -A',
      'hanging hanging/null: the API server did not answer within 2 s; raise --request-timeout if it is only slow',
      ...onFirst(ODD),
      ...onFirst('one'),
      'refusing refusing/null: the API server cannot be reached; is its address in the kubeconfig right?',
      'stranger stranger/null: the API server rejects the credentials; has the token expired?',
      ...numbered(150, 'two', 'db-2'),
    ]);
  });

  test('no context answers: exit status 3, and the run takes no longer than the context that hangs', async () => {
    const began = performance.now();
    const { status, rows: found } = await rows(['--context', 'refusing', '--context', 'hanging']);
    const took = performance.now() - began;
    expect([status, found.length]).toEqual([3, 2]);
    // less than 3 s on an idle machine
    expect(took).toBeLessThan(5000);
  });

  test('everything is read: exit status 0; --check has the worst status, with counts', async () => {
    expect(await rows(['--context', 'one', '--context', 'two', '-n', 'db-2'])).toEqual({
      status: 0,
      rows: [...numbered(250, 'one', 'db-2'), ...numbered(150, 'two', 'db-2')],
    });
    const check = (...args: string[]) => reading(['--check', ...args]);
    const well = await check('-n', 'db-2');
    expect([well.status, well.stdout.split('\n')[0]]).toEqual([0, 'POSTGRES OK - 250 clusters: 250 ok']);
    const ill = await check();
    expect([ill.status, ill.stdout.split('\n')[0]]).toEqual([
      2,
      expect.stringContaining('508 clusters: 2 critical, 5 unknown, 501 ok'),
    ]);
  });

  test('-A reads every namespace, --selector those with the label: three pages, each object once', async () => {
    const unlabelled = numbered(2, 'null', 'unlabelled');
    const all = await rows(['-A']);
    expect([all.rows.length, new Set(all.rows).size, all.rows.slice(-2)]).toEqual([510, 510, unlabelled]);
    expect((await rows(['-l', 'app.kubernetes.io/name=postgres-status'])).rows).toEqual([
      ...numbered(250, 'null', 'databases'),
      ...numbered(250, 'null', 'db-2'),
      ...unlabelled,
    ]);
  });

  test('an expired continue token: the list is read again, and no object occurs twice', async () => {
    const revision = /"resourceVersion":"(\d+)"/.exec(
      (await one.admin(['get', '--raw', '/api/v1/namespaces'])).stdout,
    )?.[1];
    const etcdctl = ['etcdctl', `--endpoints=${one.etcd}`, 'compaction', String(revision)];
    await run(etcdctl, { environment: { ETCDCTL_API: '3' } });
    const state = { v: 'meta.k8s.io/v1', rv: 2, start: 'databases/status\u0000' };
    const token = Buffer.from(JSON.stringify(state)).toString('base64url');
    const said = join(folder, 'said');
    const kubectl = join(folder, 'kubectl');
    writeFileSync(
      kubectl,
      `#!/bin/sh
case $2 in
*continue=*) if [ ! -e ${said} ]; then
  shift 2
  kubectl get "--raw=/api/v1/configmaps?limit=500&continue=${token}" "$@" 2>${said}; status=$?
  cat ${said} >&2
  exit $status
fi ;;
esac
exec kubectl "$@"
`,
    );
    chmodSync(kubectl, 0o755);
    chmodSync(folder, 0o777);
    const { status, rows: found } = await rows(['-A', '--kubectl', kubectl]);
    expect(readFileSync(said, 'utf8')).toMatch(/^Error from server \(Expired\): /);
    expect([status, found.length, new Set(found).size]).toEqual([1, 510, 510]);
  });

  test('as metrics: promtool accepts them, and in Prometheus each alert is one for each cluster, with its context and namespace', async () => {
    const contexts = ['one', ODD, 'refusing'].flatMap((name) => ['--context', name]);
    const { status, stdout } = await reading([...contexts, '-n', 'db-3', '--format', 'prometheus']);
    expect(status).toBe(1);
    expect(await promtool(stdout)).toEqual(SILENCE);
    const target = { exposition: stdout, labels: { instance: 'reader' } };
    const prometheus = ends(await startPrometheus(openFolder('fleet-metrics'), [target], RULES));
    const rung = (await prometheus.alerts()).flatMap(({ labels }) =>
      ['PostgresStatusStale', 'PostgresStatusDown'].includes(labels['alertname'] ?? '')
        ? [
            `${labels['alertname'] ?? ''} ${labels['context'] ?? ''}/${labels['namespace'] ?? ''}/${labels['scope'] ?? ''}`,
          ]
        : [],
    );
    const expected = ['one', ODD].flatMap((context) => [
      ...['acid-postgres', 'newer', 'stale'].map((name) => `PostgresStatusStale ${context}/db-3/${name}`),
      ...['bare', 'cut', 'empty', 'null', 'text'].map((name) => `PostgresStatusDown ${context}/db-3/postgres-${name}`),
    ]);
    expect(rung.toSorted()).toEqual([...expected, 'PostgresStatusDown refusing//refusing'].toSorted());
  });

  test('as the kubectl plugin: the namespace of the context as a report; -A all of them', async () => {
    const plugins = join(folder, 'plugins');
    mkdirSync(plugins);
    copyFileSync(inject('postgresStatus'), join(plugins, 'kubectl-postgres_status'));
    chmodSync(join(plugins, 'kubectl-postgres_status'), 0o755);
    const environment = { PATH: `${plugins}:/usr/bin:/bin`, HOME: folder, KUBECONFIG: kubeconfig };
    const plugin = (...args: string[]) =>
      run(['kubectl', 'postgres-status', '--now', NOW, ...args], { environment, statuses: [0, 1, 2, 3] });
    const { status, stdout } = await plugin();
    expect([status, stdout.split('\n')[0]]).toEqual([0, ' OK  250 clusters: 250 ok · all in namespace db-2']);
    const all = await plugin('-A', '--context', 'two');
    expect([all.status, all.stdout.split('\n')[0]]).toEqual([0, ' OK  150 clusters: 150 ok · all in two/db-2']);
  });

  describe('with minimal permissions', () => {
    const account = async (name: string, namespace: string) => one.login(name, namespace);

    beforeAll(async () => {
      for (const [name, namespace] of [
        ['postgres-status-reader', 'monitoring'],
        ['dashboard', 'databases'],
        ['lister', 'monitoring'],
        ['namespaces', 'monitoring'],
        ['one-name', 'db-2'],
      ] as const)
        await one.admin(['create', 'serviceaccount', name, '-n', namespace]);
      await one.admin(['apply', '--filename', READER]);
      await may('lister', 'configmaps', 'list');
      await may('namespaces', 'namespaces', 'list');
      const subject = '--serviceaccount=monitoring:namespaces';
      await one.admin(['create', 'role', 'two', '--verb=list', '--resource=configmaps', '-n', 'db-2']);
      await one.admin(['create', 'rolebinding', 'two', '--role=two', subject, '-n', 'db-2']);
      const rule = ['--verb=get', '--resource=configmaps', '--resource-name=status-postgres-db-2-007'];
      await one.admin(['create', 'role', 'seven', ...rule, '-n', 'db-2']);
      await one.admin([
        'create',
        'rolebinding',
        'seven',
        '--role=seven',
        '--serviceaccount=db-2:one-name',
        '-n',
        'db-2',
      ]);
    });

    async function may(name: string, resource: string, verb: string): Promise<void> {
      await one.admin(['create', 'clusterrole', name, `--verb=${verb}`, `--resource=${resource}`]);
      const binding = [`--clusterrole=${name}`, `--serviceaccount=monitoring:${name}`];
      await one.admin(['create', 'clusterrolebinding', name, ...binding]);
    }

    test('list on namespaces and configmaps (the example): all labelled namespaces', async () => {
      const { rows: found } = await rows([], await account('postgres-status-reader', 'monitoring'));
      expect(found.length).toBe(508);
    });

    test('list on configmaps only: -A and -n work; without them the message is that namespaces cannot be listed', async () => {
      const config = await account('lister', 'monitoring');
      expect((await rows(['-A'], config)).rows.length).toBe(510);
      expect((await rows(['-n', 'db-2'], config)).rows).toEqual(numbered(250, 'null', 'db-2'));
      const { status, rows: found } = await rows([], config);
      expect([status, found]).toEqual([
        3,
        [
          expect.stringMatching(
            /^kubernetes null\/null: not allowed to list namespaces; give -n and the name of one, or -A \(/,
          ),
        ],
      ]);
    });

    test('list in one namespace (the example): that namespace; for all namespaces the message has the missing permission', async () => {
      const config = await account('dashboard', 'databases');
      expect(await rows(['-n', 'databases'], config)).toEqual({ status: 0, rows: numbered(250, 'null', 'databases') });
      expect((await rows(['-A'], config)).rows).toEqual([
        expect.stringMatching(
          /^kubernetes null\/null: not allowed; the role needs the verb "list" on configmaps of all namespaces, or give -n and the name of one \(/,
        ),
      ]);
    });

    test('list on namespaces, and on configmaps in one of them: that namespace, and a row for each other one', async () => {
      const { status, rows: found } = await rows([], await account('namespaces', 'monitoring'));
      const denied = (name: string) =>
        expect.stringMatching(
          `^${name} null/${name}: not allowed; the role needs the verb "list" on configmaps in namespace ${name} \\(`,
        ) as string;
      expect({ status, rows: found }).toEqual({
        status: 1,
        rows: [denied('databases'), ...numbered(250, 'null', 'db-2'), denied('db-3')],
      });
    });

    test('get on one name: only that document', async () => {
      const config = await account('one-name', 'db-2');
      const get = (name: string) =>
        postgresStatus(['--kubeconfig', config, '--now', NOW, '--from', `configmap/status-postgres-db-2-${name}`]);
      const { status, stdout, stderr } = await get('007');
      const { node } = JSON.parse(stdout) as { node: { scope: string } };
      expect([status, stderr, node.scope]).toEqual([0, '', 'db-2-007']);
      const other = await get('008');
      expect([other.status, other.stdout]).toEqual([3, '']);
      expect(other.stderr).toMatch(
        /^postgres-status: ConfigMap status-postgres-db-2-008: not allowed; the role needs the verb "get" on configmaps, resourceNames \["status-postgres-db-2-008"\] \(/,
      );
    });
  });

  test('the document that is read equals the published one', async () => {
    const { stdout } = await reading(['-n', 'databases', '--format', 'json']);
    const [first] = JSON.parse(stdout) as { document: object }[];
    expect(first?.document).toMatchObject({ ...(JSON.parse(whole) as object), node: { scope: 'databases-000' } });
  });
});
