import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { NODE1 } from '../stand-ins/host.ts';
import { startPatroni } from '../stand-ins/patroni.ts';
import { temporaryFolder } from '../stand-ins/temporary.ts';
import { bad, examined, good, type Shown, type Situation } from './examined.ts';

/** Patroni of the cluster "demo", and a kubectl with the replies of an API server. */
interface Kubernetes {
  name?: string;
  labels?: Record<string, string>;
  immutable?: boolean;
  /** Labels of the namespace; undefined = they may not be read. */
  namespace?: Record<string, string>;
  /** The stderr of kubectl, instead of a reply to the patch. */
  refused?: string;
  /** Its stdout, instead of a reply. */
  printed?: string;
}

const WHERE = 'ConfigMap status-postgres-main in namespace db';
const UNSEEN =
  'cannot determine whether namespace db has the label ossobv/zabbix-agent-osso.k8s-patroni=true, by which Zabbix finds it: this account may not read it';
const ROLE = 'Create the ConfigMap and a Role with the verb "patch" on it: examples/kubernetes/sidecar.yaml.';

async function told(
  { name = 'status-postgres-main', labels = {}, immutable = false, namespace, refused, printed }: Kubernetes,
  { patroni: url, ...given }: Situation & { patroni?: string } = {},
): Promise<Shown> {
  const patroni = await startPatroni(NODE1);
  onTestFinished(patroni.close);
  const reply = printed ?? JSON.stringify({ metadata: { name, namespace: 'db', labels }, immutable });
  const kubectl = [
    'case "$1" in',
    `patch) cat >/dev/null; cat /dev/fd/3 >HOST/patch; ${refused === undefined ? `echo '${reply}'` : `echo '${refused}' >&2; exit 1`} ;;`,
    `get) ${namespace === undefined ? 'exit 1' : `echo '${JSON.stringify({ metadata: { labels: namespace } })}'`} ;;`,
    'esac',
  ].join('\n');
  return examined('configmap', {
    args: [
      '--configmap',
      name,
      '--namespace',
      'db',
      '--kubectl',
      'HOST/bin/kubectl',
      '--patroni-url',
      url ?? patroni.url,
    ],
    programs: { kubectl },
    ...given,
  });
}

const ZABBIX = { 'ossobv/zabbix-agent-osso.k8s-patroni': 'true' };

describe('it may be patched', () => {
  test.each<[situation: string, kubernetes: Kubernetes, shown: Shown]>([
    [
      'and Zabbix finds it',
      { namespace: ZABBIX },
      good('ok', `${WHERE} exists and may be patched; Zabbix finds namespace db by its label`),
    ],
    ['and the namespace may not be read', {}, good('ok', `${WHERE} exists and may be patched; ${UNSEEN}`)],
    [
      'and Zabbix does not find the namespace',
      { namespace: { 'ossobv/zabbix-agent-osso.k8s-patroni': 'false' } },
      bad(
        'warning',
        `Zabbix does not find namespace db: it lacks the label ossobv/zabbix-agent-osso.k8s-patroni=true; ${WHERE} exists and may be patched`,
        'If Zabbix is to find it, label it (kubectl label namespace db ossobv/zabbix-agent-osso.k8s-patroni=true).',
      ),
    ],
    [
      'and Zabbix does not find the name',
      { name: 'pgstatus' },
      bad(
        'warning',
        'Zabbix does not find pgstatus: it looks for names that begin with status-postgres- or status-citus-; ConfigMap pgstatus in namespace db exists and may be patched',
        'If Zabbix is to find it, choose such a name: STATUS_NAME=postgres-main makes status-postgres-main.',
      ),
    ],
    [
      'and Patroni would treat it as its own',
      { namespace: ZABBIX, labels: { 'cluster-name': 'demo', version: 'demo', application: 'patroni' } },
      bad(
        'warning',
        `it has the labels cluster-name=demo and version=demo, by which Patroni finds its own objects: "patronictl remove" would delete it; ${WHERE} exists and may be patched; Zabbix finds namespace db by its label`,
        'Remove the label (kubectl label configmap status-postgres-main cluster-name- version-).',
      ),
    ],
    [
      'and has the labels of another cluster',
      { namespace: ZABBIX, labels: { 'cluster-name': 'other', version: '1.0.0' } },
      good('ok', `${WHERE} exists and may be patched; Zabbix finds namespace db by its label`),
    ],
    [
      "and is named like Patroni's own object",
      { name: 'demo-config' },
      bad(
        'failed',
        "ConfigMap demo-config in namespace db is named like Patroni's own object of demo; Zabbix does not find demo-config: it looks for names that begin with status-postgres- or status-citus-; ConfigMap demo-config in namespace db exists and may be patched",
        'Publish to another ConfigMap. If Zabbix is to find it, choose such a name: STATUS_NAME=postgres-main makes status-postgres-main.',
      ),
    ],
    [
      'but is immutable',
      { immutable: true, namespace: ZABBIX },
      bad(
        'failed',
        `${WHERE} is immutable; Zabbix finds namespace db by its label`,
        'Delete it and create it again (kubectl delete configmap status-postgres-main -n db).',
      ),
    ],
  ])('%s', async (_, kubernetes, shown) => {
    expect(await told(kubernetes)).toEqual(shown);
  });

  test('a custom scope_label is recognized, even while Patroni does not report its scope', async () => {
    const labels = { 'acme.example/cluster': 'main' };
    const environment = { PATRONI_KUBERNETES_SCOPE_LABEL: 'acme.example/cluster' };
    const { status, reason } = await told(
      { labels, namespace: ZABBIX },
      { environment, patroni: 'http://127.0.0.1:1' },
    );
    expect({ status, reason }).toEqual({
      status: 'warning',
      reason: `it has the label acme.example/cluster=main, by which Patroni finds its own objects: "patronictl remove" would delete it; ${WHERE} exists and may be patched; Zabbix finds namespace db by its label`,
    });
  });
});

test('the patch is empty: nothing is written', async () => {
  const folder = temporaryFolder();
  const kubectl = `cat >/dev/null; cat /dev/fd/3 >${join(folder, 'patch')}; echo '{"metadata":{"name":"x"}}'`;
  await examined('configmap', {
    args: ['--configmap', 'x', '--kubectl', 'HOST/bin/kubectl', '--patroni-url', 'http://127.0.0.1:1'],
    programs: { kubectl },
  });
  expect(readFileSync(join(folder, 'patch'), 'utf8')).toBe('{}');
});

describe('it may not be patched', () => {
  test.each<[situation: string, refused: string, reason: string, remedy: string]>([
    [
      'it does not exist',
      'Error from server (NotFound): configmaps "status-postgres-main" not found',
      'it does not exist; create it once: kubectl create configmap status-postgres-main -n db (Error from server (NotFound): configmaps "status-postgres-main" not found)',
      'Run the command that the message shows.',
    ],
    [
      'the verb is missing',
      'Error from server (Forbidden): configmaps "status-postgres-main" is forbidden',
      'not allowed; the role needs the verb "patch" on configmaps, resourceNames ["status-postgres-main"] (Error from server (Forbidden): configmaps "status-postgres-main" is forbidden)',
      'Copy the Role from examples/kubernetes/sidecar.yaml.',
    ],
    [
      'the token has expired',
      'error: You must be logged in to the server (Unauthorized)',
      'the API server rejects the credentials; has the token expired? (error: You must be logged in to the server (Unauthorized))',
      'Renew the token or the kubeconfig.',
    ],
    [
      'the API server does not answer',
      'The connection to the server 127.0.0.1:1 was refused - did you specify the right host or port?',
      'the API server cannot be reached; is its address in the kubeconfig right? (The connection to the server ADDRESS was refused - did you specify the right host or port?)',
      'Check the network, and --context.',
    ],
  ])('%s', async (_, refused, reason, remedy) => {
    expect(await told({ refused })).toEqual(bad('failed', reason, remedy));
  });

  test('the reply does not come from an API server', async () => {
    expect(await told({ printed: '{"metadata":{}}' })).toEqual(
      bad(
        'failed',
        expect.stringMatching(/^the reply is not a ConfigMap: kubectl patch.*metadata\.name/) as string,
        ROLE,
      ),
    );
  });
});

describe('there is nothing to patch', () => {
  test.each<[situation: string, given: Situation, shown: Shown]>([
    ['nothing is published', {}, good('skipped', 'not needed: nothing is published without --configmap')],
    [
      'its name may be in a WAL-G environment that cannot be read',
      { args: ['--configmap', '--env', '/nowhere'] },
      good('skipped', 'its name may be STATUS_NAME in the WAL-G environment, which cannot be read'),
    ],
    [
      'it has no name',
      { args: ['--configmap'] },
      bad(
        'failed',
        '--configmap needs a name: set STATUS_NAME in the WAL-G environment or in the environment, or name the ConfigMap',
        'Set it in the WAL-G environment or the process environment.',
      ),
    ],
    [
      'its name is not for Zabbix',
      { args: ['--configmap'], walg: { STATUS_NAME: 'main' } },
      bad(
        'failed',
        'STATUS_NAME in HOST/env: "main" starts with neither postgres nor citus, so Zabbix would not find it',
        'Choose another STATUS_NAME, or give the full name of the ConfigMap: --configmap my-name.',
      ),
    ],
    [
      'kubectl is not installed',
      { others: { kubectl: 'failed' } },
      good('skipped', 'not examined, because kubectl failed'),
    ],
  ])('%s', async (_, given, shown) => {
    expect(await examined('configmap', given)).toEqual(shown);
  });
});
