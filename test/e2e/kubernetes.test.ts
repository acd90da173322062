import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { beforeAll, beforeEach, describe, expect, inject, test } from 'vitest';
import { FIRST_BODY, startApiServer, type ApiServer } from './api-server.ts';
import { postgresStatus, standInWalg, writeEnvdir } from './command.ts';
import { startCluster, type Member, type PatroniCluster } from './patroni-cluster.ts';
import { freePorts, run, until } from './processes.ts';
import { endAfterwards } from './teardown.ts';

const EXAMPLES = resolve(import.meta.dirname, '../../examples/kubernetes');
/** Names in the examples. */
const NAMESPACE = 'databases';
const CONFIG_MAP = 'status-postgres-main';
const ACCOUNT = 'postgres-status';

interface Document {
  current_timestamp: number;
  health: { status: string };
}

describe('a real API server with RBAC', () => {
  const ends = endAfterwards();
  let api: ApiServer;
  let cluster: PatroniCluster;
  let leader: Member;
  let environment: string;
  let kubeconfig: string;

  beforeAll(async () => {
    const folder = join(inject('workshop'), 'kubernetes');
    api = ends(await startApiServer(join(folder, 'api')));
    cluster = ends(await startCluster(join(folder, 'patroni'), { members: 1 }));
    leader = await cluster.leader();
    environment = writeEnvdir(join(folder, 'wal-g.d/env'), {
      ...standInWalg(join(folder, 'wal-g')),
      STATUS_NAME: 'postgres-main',
      POD_NAMESPACE: NAMESPACE,
      POSTGRES_STATUS_TIMEOUT: '20s',
    });
    await api.admin(['create', 'namespace', NAMESPACE]);
    await api.admin(['apply', '--filename', join(EXAMPLES, 'cronjob.yaml')]);
    kubeconfig = await api.login(ACCOUNT, NAMESPACE);
  });

  beforeEach(async () => {
    const patch = JSON.stringify({ data: { status: FIRST_BODY } });
    await api.admin(['patch', 'configmap', CONFIG_MAP, '-n', NAMESPACE, '--type=merge', '-p', patch]);
  });

  const apply = async (example: string, way = '--server-side=false') => {
    const manifests = readFileSync(join(EXAMPLES, example), 'utf8');
    // strictly: a field that the API server does not know is an error
    return api.admin(['apply', way, '--validate=true', '--filename=-'], manifests);
  };

  const published = () => api.published(CONFIG_MAP, NAMESPACE);

  /** A run that publishes, and also prints its document. */
  const publish = (variables: Readonly<Record<string, string>> = {}, ...args: string[]) =>
    postgresStatus(['--env', environment, '--patroni-url', leader.url, '--configmap', ...args], {
      KUBECONFIG: kubeconfig,
      ...variables,
    });

  describe('published', () => {
    test('with the verb patch only: the whole printed document, and nothing else is changed', async () => {
      const before = await configMap();
      const { status, stdout, stderr } = await publish();
      expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
      const after = await configMap();
      expect(after.data).toEqual({ status: stdout.trimEnd() });
      const { name, namespace, uid, annotations } = before.metadata;
      const labels = labelsFor(JSON.parse(stdout) as Document);
      expect(after.metadata).toMatchObject({ name, namespace, uid, labels, annotations });
      expect(after.metadata.labels).toEqual(labels);
    });

    test('with --no-labels: labels stay as they are', async () => {
      await publish();
      const { metadata } = await configMap();
      const { stdout } = await publish({}, '--no-labels');
      const after = await configMap();
      expect(after).toMatchObject({ data: { status: stdout.trimEnd() }, metadata: { labels: metadata.labels } });
    });

    test("kubectl shows the verdicts of all clusters by labels, and Patroni's labels select no ConfigMap of ours", async () => {
      const { stdout } = await publish();
      const { 'postgres-status/health': health, ...labels } = labelsFor(JSON.parse(stdout) as Document);
      const columns = ['health', 'leader', 'updated'].map((name) => `postgres-status/${name}`).join(',');
      const table = await list('app.kubernetes.io/name=postgres-status', '--label-columns', columns);
      expect(table.replaceAll(/ +/g, ' ')).toMatch(
        new RegExp(
          `^databases ${CONFIG_MAP} 1 \\d+\\w+ ${health} ${leader.name} ${labels['postgres-status/updated']}\n$`,
        ),
      );
      expect(await list('postgres-status/health notin (ok)', '--output=name')).toContain(`configmap/${CONFIG_MAP}\n`);
      for (const selector of ['cluster-name', 'application', 'version', 'team', 'role', 'spilo-role'])
        expect(await list(selector)).toBe('');
    });

    async function list(selector: string, ...more: string[]): Promise<string> {
      const args = ['get', 'configmaps', '--all-namespaces', '--no-headers', `--selector=${selector}`];
      return (await api.admin([...args, ...more])).stdout;
    }

    function labelsFor(document: Document) {
      return {
        'app.kubernetes.io/name': 'postgres-status',
        'postgres-status/health': document.health.status,
        'postgres-status/leader': leader.name,
        'postgres-status/updated': String(document.current_timestamp),
      };
    }

    for (const way of ['--server-side=false', '--server-side'])
      test(`applying the manifest again keeps document and labels: kubectl apply ${way}`, async () => {
        await apply('cronjob.yaml', way);
        await publish();
        const { data, metadata } = await configMap();
        await apply('cronjob.yaml', way);
        await apply('sidecar.yaml', way);
        expect(await configMap()).toMatchObject({ data, metadata: { labels: metadata['labels'] } });
        expect(await publish()).toMatchObject({ status: 0, stderr: '' });
      });

    test('an admission policy rejects the labels: the document is written without them, with a note', async () => {
      const name = 'no-labels-of-ours';
      const refuses = `!has(object.metadata.labels) || !object.metadata.labels.exists(key, key.startsWith('postgres-status/'))`;
      await clearLabels();
      await api.admin(['create', '--filename=-'], JSON.stringify(policy(name, refuses)));
      try {
        const label = ['label', 'configmap', CONFIG_MAP, '-n', NAMESPACE, 'postgres-status/a=b', '--dry-run=server'];
        await until('the policy to count', () =>
          api.admin(label).then(
            () => undefined,
            () => true,
          ),
        );
        const { status, stdout, stderr } = await publish();
        expect({ status, stderr }).toEqual({
          status: 0,
          stderr: `postgres-status: ConfigMap ${CONFIG_MAP} in namespace ${NAMESPACE} was written without labels, because it was refused with them: admission policy "${name}" denied it: no labels of ours; permit them, or use --no-labels\n`,
        });
        const { data, metadata } = await configMap();
        expect(data).toEqual({ status: stdout.trimEnd() });
        expect(metadata['labels']).toEqual({ 'app.kubernetes.io/name': 'postgres-status' });
        expect(await publish({}, '--no-labels')).toMatchObject({ status: 0, stderr: '' });
        expect(await publish({}, '--quiet')).toEqual({ status: 0, stdout: '', stderr: '' });
      } finally {
        await api.admin(['delete', 'validatingadmissionpolicies,validatingadmissionpolicybindings', name]);
      }
    });

    async function clearLabels(): Promise<void> {
      const names = ['health', 'leader', 'updated'].map((name) => `postgres-status/${name}-`);
      await api.admin(['label', 'configmap', CONFIG_MAP, '-n', NAMESPACE, ...names]);
    }

    test('--quiet: no output, and the same document', async () => {
      expect(await publish({}, '--quiet')).toEqual({ status: 0, stdout: '', stderr: '' });
      expect(JSON.parse(await published())).toMatchObject({ node: { name: leader.name } });
    });

    test('twice: the second run replaces the first document', async () => {
      await publish();
      const { stdout } = await publish();
      expect(`${await published()}\n`).toBe(stdout);
    });

    async function configMap() {
      const { stdout } = await api.admin(['get', 'configmap', CONFIG_MAP, '-n', NAMESPACE, '--output=json']);
      return JSON.parse(stdout) as { data: unknown; metadata: Record<string, unknown> };
    }
  });

  describe('not published: exit status 3, one sentence, the document is printed, and the old content is kept', () => {
    /** kubectl's own message, which differs between versions, is in parentheses at the end. */
    async function expectRefusal(sentence: string, refused: ReturnType<typeof publish>): Promise<void> {
      const { status, stdout, stderr } = await refused;
      expect({ status, stderr: stderr.replace(/ \([^()]*(\([^()]*\)[^()]*)*\)\n$/, ' (…)\n') }).toEqual({
        status: 3,
        stderr: `postgres-status: ${sentence} (…)\n`,
      });
      expect(JSON.parse(stdout)).toMatchObject({ node: { name: leader.name } });
      expect(await published()).toBe(FIRST_BODY);
    }

    test('a ConfigMap that its role does not name', async () => {
      await api.admin(['create', 'configmap', 'status-postgres-other', '-n', NAMESPACE]);
      await expectRefusal(
        'ConfigMap status-postgres-other in namespace databases was not written: not allowed; the role needs the verb "patch" on configmaps, resourceNames ["status-postgres-other"]',
        publish({}, '--configmap', 'status-postgres-other'),
      );
    });

    test('another namespace', async () => {
      await expectRefusal(
        'ConfigMap status-postgres-main in namespace default was not written: not allowed; the role needs the verb "patch" on configmaps, resourceNames ["status-postgres-main"]',
        publish({}, '--namespace', 'default'),
      );
    });

    test('a ConfigMap that does not exist: the message has the command that creates it, and the command works', async () => {
      const missing = 'status-postgres-missing';
      const rule = ['--verb=patch', '--resource=configmaps', `--resource-name=${missing}`];
      await api.admin(['create', 'role', 'missing', ...rule, '-n', NAMESPACE]);
      const binding = ['--role=missing', `--serviceaccount=${NAMESPACE}:${ACCOUNT}`];
      await api.admin(['create', 'rolebinding', 'missing', ...binding, '-n', NAMESPACE]);
      const create = `kubectl create configmap ${missing} -n ${NAMESPACE}`;
      await expectRefusal(
        `ConfigMap ${missing} in namespace ${NAMESPACE} was not written: it does not exist; create it once: ${create}`,
        publish({}, '--configmap', missing),
      );
      await run(['/bin/sh', '-c', create], { environment: { KUBECONFIG: api.adminConfig, HOME: api.folder } });
      expect(await publish({}, '--configmap', missing)).toMatchObject({ status: 0, stderr: '' });
    });

    test('an API server that refuses connections', async () => {
      const [port = 0] = await freePorts(1);
      const nowhere = api.kubeconfig('nowhere', 'token', NAMESPACE, `https://127.0.0.1:${String(port)}`);
      await expectRefusal(
        'ConfigMap status-postgres-main in namespace databases was not written: the API server cannot be reached; is its address in the kubeconfig right?',
        publish({ KUBECONFIG: nowhere }),
      );
    });

    test('an API server that does not answer', async () => {
      api.hang(true);
      const refused = publish({}, '--timeout', '5s').finally(() => {
        api.hang(false);
      });
      const { status, stderr } = await refused;
      expect(status).toBe(3);
      expect(stderr).toMatch(
        /^postgres-status: ConfigMap status-postgres-main in namespace databases was not written: (kubectl did not finish in time and was terminated|the API server did not answer in time \(.*\))\n$/,
      );
      expect(await published()).toBe(FIRST_BODY);
    });

    test('a token that is not accepted', async () => {
      await expectRefusal(
        'ConfigMap status-postgres-main in namespace databases was not written: the API server rejects the credentials; has the token expired?',
        publish({ KUBECONFIG: api.kubeconfig('stranger', 'nonsense', NAMESPACE) }),
      );
    });

    test('a ConfigMap that is immutable', async () => {
      const frozen = 'status-postgres-frozen';
      const body = { data: { status: FIRST_BODY }, immutable: true };
      const manifest = {
        apiVersion: 'v1',
        kind: 'ConfigMap',
        metadata: { name: frozen, namespace: NAMESPACE },
        ...body,
      };
      await api.admin(['create', '--filename=-'], JSON.stringify(manifest));
      const { status, stderr } = await publish({ KUBECONFIG: api.adminConfig }, '--configmap', frozen);
      expect(status).toBe(3);
      expect(stderr).toContain(`ConfigMap ${frozen} in namespace ${NAMESPACE} was not written: it is immutable`);
      expect(await api.published(frozen, NAMESPACE)).toBe(FIRST_BODY);
    });
  });

  describe('how the old Zabbix consumer reads published documents', () => {
    let document: string;

    beforeAll(async () => {
      expect(await publish()).toMatchObject({ status: 0 });
      document = await published();
    });

    test('it finds the namespace by its label and the ConfigMap by its name', async () => {
      const label = 'ossobv/zabbix-agent-osso.k8s-patroni=true';
      await api.admin(['label', 'namespace', NAMESPACE, label, '--overwrite']);
      const namespaces = ['get', 'namespaces', `--selector=${label}`, '--output=jsonpath={.items[*].metadata.name}'];
      expect((await api.admin(namespaces)).stdout).toBe(NAMESPACE);
      const { stdout } = await api.admin(['get', 'configmaps', '-n', NAMESPACE, '--output=json']);
      const names = '[.items[]|select(.metadata.name|test("^status-(citus|postgres)-"))|.metadata.name]';
      const found = await run(['jq', '--compact-output', names], { input: stdout });
      expect(JSON.parse(found.stdout)).toContain(CONFIG_MAP);
    });

    test('it discovers the members with jq, also in a ConfigMap without a document', async () => {
      const filter = '.cluster_status.members[]|{"{#CONTEXT}":"e2e","{#MEMBER}":.name}';
      const discovered = await run(['jq', '--compact-output', filter], { input: document });
      expect(discovered.stdout).toBe(`{"{#CONTEXT}":"e2e","{#MEMBER}":"${leader.name}"}\n`);
      expect(await run(['jq', filter], { input: FIRST_BODY })).toMatchObject({ status: 0, stdout: '' });
    });

    test('it takes its items with JSONPath', async () => {
      const items: Record<string, unknown[]> = {
        '$.cluster_status.members[*].name': [leader.name],
        '$.cluster_status.members[*].role': ['leader'],
        '$.cluster_status.members[*].state': ['running'],
        // a leader has none: the item then has the value 0
        '$.cluster_status.members[*].lag': [],
        '$.patroni_archive_enabled': [true],
        '$.patroni_archive_command_set': [true],
        '$.walg_last_backup.time': ['2026-11-21T06:42:51.591384871Z'],
        '$.walg_timeline.timeline.status': ['OK'],
        '$.walg_integrity.integrity.status': ['OK'],
        '$.current_timestamp': [expect.toSatisfy((time: number) => Math.abs(Date.now() / 1000 - time) < 300)],
      };
      const found = await Promise.all(Object.keys(items).map(async (path) => [path, await jsonPath(path)]));
      expect(Object.fromEntries(found)).toEqual(items);
    });

    /** PostgreSQL has the same JSONPath. */
    async function jsonPath(path: string): Promise<unknown> {
      const { stdout } = await run(
        [
          ...['psql', '--no-psqlrc', '--tuples-only', '--no-align', `--variable=path=${path}`],
          ...[`--variable=document=${document}`, `postgresql://postgres@127.0.0.1:${String(leader.port)}/postgres`],
        ],
        { input: "select jsonb_path_query_array(:'document', :'path')" },
      );
      return JSON.parse(stdout);
    }
  });
});

/** A policy on ConfigMaps, and its binding. */
function policy(name: string, expression: string) {
  const group = 'admissionregistration.k8s.io/v1';
  const rule = { apiGroups: [''], apiVersions: ['v1'], operations: ['CREATE', 'UPDATE'], resources: ['configmaps'] };
  const items = [
    {
      apiVersion: group,
      kind: 'ValidatingAdmissionPolicy',
      metadata: { name },
      spec: {
        matchConstraints: { resourceRules: [rule] },
        validations: [{ expression, message: 'no labels of ours' }],
      },
    },
    {
      apiVersion: group,
      kind: 'ValidatingAdmissionPolicyBinding',
      metadata: { name },
      spec: { policyName: name, validationActions: ['Deny'] },
    },
  ];
  return { apiVersion: 'v1', kind: 'List', items };
}
