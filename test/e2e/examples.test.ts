import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { beforeAll, describe, expect, inject, test } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { startApiServer, type ApiServer } from './api-server.ts';
import { run, until, type Outcome } from './processes.ts';
import { endAfterwards } from './teardown.ts';

const EXAMPLES = resolve(import.meta.dirname, '../../examples/kubernetes');
/** Names in the examples. */
const NAMESPACE = 'databases';
const ACCOUNT = 'postgres-status';
/** The name of the service account of the pods of Zalando's operator. */
const POD_ACCOUNT = 'postgres-pod';

interface Manifest {
  apiVersion: string;
  kind: string;
  metadata: { name: string; namespace?: string };
}

describe('examples/kubernetes and a real API server, with the CRD of the real postgres-operator', () => {
  const ends = endAfterwards();
  let api: ApiServer;

  beforeAll(async () => {
    const folder = join(inject('workshop'), 'examples');
    mkdirSync(folder);
    api = ends(await startApiServer(join(folder, 'api')));
    await api.admin(['create', 'namespace', NAMESPACE]);
    // warns of pods that the strictest of Kubernetes' pod security standards would reject
    await api.admin(['label', 'namespace', NAMESPACE, 'pod-security.kubernetes.io/warn=restricted']);
    await api.admin(['create', '--filename', join(inject('postgresOperator'), 'postgresql.crd.yaml')]);
    await until('the CRD', () => api.admin(['get', 'postgresqls', '-n', NAMESPACE]));
  });

  const examples = readdirSync(EXAMPLES).filter((name) => name.endsWith('.yaml') && name !== 'kustomization.yaml');

  test.each(examples)('%s: the API server accepts every field, without a warning', async (example) => {
    const manifests = manifestsOf(readFileSync(join(EXAMPLES, example), 'utf8'));
    expect(manifests.length).toBeGreaterThan(0);
    for (const manifest of manifests) expect(await tryOut(manifest)).toEqual({ stderr: '', kind: manifest.kind });
  });

  test('an unknown field causes a warning, in a resource of the operator too', async () => {
    const [first = ''] = readFileSync(join(EXAMPLES, 'zalando-postgresql.yaml'), 'utf8').split(/^---$/m).slice(-1);
    const [manifest] = manifestsOf(first.replace('targetContainers:', 'targetContainer:'));
    await expect(manifest && tryOut(manifest)).rejects.toThrow(
      'unknown field "spec.additionalVolumes[0].targetContainer"',
    );
  });

  test('the kustomization contains only the CronJob and its network policy', async () => {
    const built = await run(['kubectl', 'kustomize', EXAMPLES], { environment: { HOME: api.folder } });
    const parts = ['cronjob.yaml', 'networkpolicy.yaml'].map((name) => readFileSync(join(EXAMPLES, name), 'utf8'));
    expect(byName(manifestsOf(built.stdout))).toEqual(byName(parts.flatMap(manifestsOf)));
    expect(await api.admin(['apply', '--kustomize', EXAMPLES, '--dry-run=server'])).toMatchObject({ stderr: '' });
  });

  describe.each(['cronjob.yaml', 'sidecar.yaml'])('the account of %s', (example) => {
    let kubeconfig: string;

    beforeAll(async () => {
      await api.admin(['apply', '--filename', join(EXAMPLES, example)]);
      kubeconfig = await api.login(ACCOUNT, NAMESPACE);
    });

    test('may patch its one ConfigMap, which is its only permission in the namespace', async () => {
      expect(await rights(kubeconfig)).toEqual([['configmaps', 'status-postgres-main', 'patch']]);
    });

    test('every other request is forbidden', async () => {
      await api.admin(['create', 'configmap', 'another', '-n', NAMESPACE]).catch(() => undefined);
      const own = `/api/v1/namespaces/${NAMESPACE}/configmaps/status-postgres-main`;
      const as = (...args: string[]) => kubectl(kubeconfig, ...args);
      expect(await as('get', '--raw', own)).toMatch(FORBIDDEN);
      expect(await as('delete', '--raw', own)).toMatch(FORBIDDEN);
      expect(await as('get', 'configmaps', '-n', NAMESPACE)).toMatch(FORBIDDEN);
      expect(await as('get', 'secrets', '-n', NAMESPACE)).toMatch(FORBIDDEN);
      expect(await as('create', 'configmap', 'new', '-n', NAMESPACE)).toMatch(FORBIDDEN);
      expect(await as('get', 'pods', '-n', NAMESPACE)).toMatch(FORBIDDEN);
      expect(await patch(kubeconfig, 'another')).toMatch(FORBIDDEN);
      expect(await patch(kubeconfig, 'status-postgres-main', 'default')).toMatch(FORBIDDEN);
      expect(await patch(kubeconfig, 'status-postgres-main')).toBe('configmap/status-postgres-main patched\n');
    });
  });

  test("the operator's pods may patch already: the sidecar and Spilo's CRONTAB need no Role", async () => {
    const operator = readFileSync(join(inject('postgresOperator'), 'operator-service-account-rbac.yaml'), 'utf8');
    const role = manifestsOf(operator).find(
      ({ kind, metadata }) => kind === 'ClusterRole' && metadata.name === POD_ACCOUNT,
    );
    await api.admin(['create', '--filename=-'], JSON.stringify(role));
    // as the operator does in each namespace with a cluster
    await api.admin(['create', 'serviceaccount', POD_ACCOUNT, '-n', NAMESPACE]);
    const binding = [`--clusterrole=${POD_ACCOUNT}`, `--serviceaccount=${NAMESPACE}:${POD_ACCOUNT}`, '-n', NAMESPACE];
    await api.admin(['create', 'rolebinding', POD_ACCOUNT, ...binding]);
    const [configMap] = manifestsOf(readFileSync(join(EXAMPLES, 'zalando-postgresql.yaml'), 'utf8'));
    await api.admin(['create', '--filename=-'], JSON.stringify(configMap));
    const kubeconfig = await api.login(POD_ACCOUNT, NAMESPACE);
    expect(await patch(kubeconfig, 'status-postgres-acid-main')).toBe('configmap/status-postgres-acid-main patched\n');
  });

  /** A server-side dry run with strict validation. @throws with the API server's message if it is rejected. */
  async function tryOut(manifest: Manifest): Promise<{ stderr: string; kind: string }> {
    const { apiVersion, kind } = manifest;
    const root = apiVersion === 'v1' ? '/api/v1' : `/apis/${apiVersion}`;
    const scope = kind.startsWith('Cluster') ? '' : `/namespaces/${NAMESPACE}`;
    const path = `${root}${scope}/${pluralOf(kind)}?dryRun=All&fieldValidation=Strict`;
    // in a namespace without an object of this name
    const { stdout, stderr } = await api.admin(['create', '--raw', path, '--filename=-'], JSON.stringify(manifest));
    return { stderr, kind: (JSON.parse(stdout) as Manifest).kind };
  }

  /** The permissions of this account in the namespace, without those that every account has. */
  async function rights(kubeconfig: string): Promise<string[][]> {
    const review = {
      apiVersion: 'authorization.k8s.io/v1',
      kind: 'SelfSubjectRulesReview',
      spec: { namespace: NAMESPACE },
    };
    const path = '/apis/authorization.k8s.io/v1/selfsubjectrulesreviews';
    const { stdout } = await run(['kubectl', `--kubeconfig=${kubeconfig}`, 'create', '--raw', path, '--filename=-'], {
      environment: { HOME: api.folder },
      input: JSON.stringify(review),
    });
    const { status } = JSON.parse(stdout) as { status: { resourceRules: ResourceRule[] } };
    return status.resourceRules
      .filter(({ apiGroups }) => !apiGroups.every((group) => /^auth\w+\.k8s\.io$/.test(group)))
      .map(({ resources, resourceNames = [], verbs }) => [...resources, ...resourceNames, ...verbs]);
  }

  function patch(kubeconfig: string, name: string, namespace = NAMESPACE): Promise<string> {
    const object = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, namespace } };
    return kubectlWith(JSON.stringify(object), kubeconfig, 'patch', '--filename=-', '--type=merge', '--patch', '{}');
  }

  const kubectl = (kubeconfig: string, ...args: string[]) => kubectlWith('', kubeconfig, ...args);

  async function kubectlWith(input: string, kubeconfig: string, ...args: string[]): Promise<string> {
    const outcome: Outcome = await run(['kubectl', `--kubeconfig=${kubeconfig}`, ...args], {
      environment: { HOME: api.folder },
      statuses: [0, 1],
      input,
    });
    return outcome.stdout + outcome.stderr;
  }
});

const FORBIDDEN = /^Error from server \(Forbidden\): |^error: .* is forbidden: /;

interface ResourceRule {
  apiGroups: string[];
  resources: string[];
  resourceNames?: string[];
  verbs: string[];
}

function manifestsOf(text: string): Manifest[] {
  // kubectl reads 0440 as octal
  return parseAllDocuments(text, { version: '1.1' }).map((document) => document.toJS() as Manifest);
}

function byName(manifests: readonly Manifest[]): Record<string, Manifest> {
  return Object.fromEntries(manifests.map((manifest) => [`${manifest.kind} ${manifest.metadata.name}`, manifest]));
}

function pluralOf(kind: string): string {
  return kind === 'NetworkPolicy' ? 'networkpolicies' : `${kind.toLowerCase()}s`;
}
