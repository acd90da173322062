import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, vi } from 'vitest';
import { deliver } from '../../src/deliveries/index.ts';
import { openUnnamed } from '../../src/kubectl/patch-file.ts';
import { asError } from '../../src/errors.ts';
import type { Arguments } from '../../src/options/command.ts';
import { resolveSettings } from '../../src/options/settings.ts';
import { deadlineAt } from '../../src/system/deadline.ts';
import { KUBECTL } from '../stand-ins/host.ts';
import { needs } from '../stand-ins/needs.ts';
import type { Request } from '../stand-ins/api-server.ts';
import { startKubernetes } from '../stand-ins/kubernetes.ts';
import { temporaryFolder } from '../stand-ins/temporary.ts';

vi.mock(import('../../src/kubectl/patch-file.ts'), { spy: true });

const DOCUMENT = JSON.stringify({ secret_marker: 'größe "quoted" \\ \u2028', filling: 'x'.repeat(200_000) });

const LABELS = {
  'app.kubernetes.io/name': 'postgres-status',
  'postgres-status/health': 'ok',
  'postgres-status/leader': null,
  'postgres-status/updated': '1795763921',
};

interface Situation {
  server: string;
  /** The credentials in the kubeconfig. */
  user?: object;
  /** Settings of the cluster in the kubeconfig besides the server's URL. */
  cluster?: object;
  args?: Arguments;
  environment?: Record<string, string>;
  kubectl?: string;
  /** Milliseconds. */
  limit?: number;
}

interface Outcome {
  error: string | undefined;
  notes: string[];
}

async function publish(situation: Situation): Promise<Outcome> {
  const { server, user = { token: 'sesame' }, cluster = {}, args = {}, limit = 30_000 } = situation;
  const config = {
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: 'c', cluster: { server, ...cluster } }],
    users: [{ name: 'u', user }],
    contexts: [{ name: 'x', context: { cluster: 'c', user: 'u' } }],
    'current-context': 'x',
  };
  const folder = temporaryFolder({ kubeconfig: JSON.stringify(config), env: 'POD_NAMESPACE=db\nPGPASSWORD=of wal-g' });
  const { destinations } = await resolveSettings(
    {
      env: join(folder, 'env'),
      configmap: 'status-postgres-a',
      kubeconfig: join(folder, 'kubeconfig'),
      kubectl: situation.kubectl ?? KUBECTL,
      ...args,
      quiet: true,
    },
    { PATH: '/usr/bin:/bin', HOME: folder, ...situation.environment },
  );
  const [destination, ...others] = destinations;
  if (destination === undefined || others.length > 0) throw new Error('one destination was asked for');
  const notes: string[] = [];
  const note = (message: string) => notes.push(message);
  const means = {
    limit: {
      deadline: deadlineAt(performance.now() + limit),
      signal: new AbortController().signal,
      grace: 1000,
    },
    log: { failure: note, note, detail: note },
  };
  try {
    const texts = { published: DOCUMENT, printed: '', metrics: '', cluster: 'demo', labels: LABELS };
    await deliver(texts, destination, means);
    return { error: undefined, notes };
  } catch (error) {
    return { error: asError(error).message, notes };
  }
}

const test = needs('kubectl');
const RECORDINGS = ['kubernetes', 'kubernetes-1.34.4'];

test.each(RECORDINGS)('one PATCH, after discovery only (%s)', async (recording) => {
  const { url, requests } = await startKubernetes(recording, 'patch_ok');
  expect(await publish({ server: url })).toEqual({ error: undefined, notes: [] });
  expectOnePatch(requests);
  const discovered = requests.filter(({ method }) => method === 'GET').map((request) => request.url);
  for (const path of discovered) expect(path).toMatch(/^\/(version|api|apis)(\/|\?|$)/);
  expect(discovered.join(' ')).not.toContain('configmaps');
});

const WITHOUT_LABELS = { data: { status: DOCUMENT } };
const WITH_LABELS = { metadata: { labels: LABELS }, ...WITHOUT_LABELS };

function expectOnePatch(requests: readonly Request[]): void {
  const [patch, ...others] = requests.filter(({ method }) => method !== 'GET');
  expect(others).toEqual([]);
  expect(patch).toMatchObject({ method: 'PATCH', contentType: 'application/merge-patch+json' });
  expect(patch?.url).toMatch(/^\/api\/v1\/namespaces\/db\/configmaps\/status-postgres-a\?fieldManager=kubectl-patch&/);
  expect(JSON.parse(patch?.body ?? '')).toEqual(WITH_LABELS);
}

const patches = (requests: readonly Request[]) =>
  requests.filter(({ method }) => method === 'PATCH').map(({ body }) => JSON.parse(body) as unknown);

test.each<[string, Pick<Situation, 'args' | 'environment'>]>([
  ['--no-labels', { args: { noLabels: true } }],
  ['its variable', { environment: { POSTGRES_STATUS_NO_LABELS: 'true' } }],
])('%s: the document alone', async (_, situation) => {
  const { url, requests } = await startKubernetes('kubernetes-1.34.4', 'patch_ok');
  expect(await publish({ server: url, ...situation })).toEqual({ error: undefined, notes: [] });
  expect(patches(requests)).toEqual([WITHOUT_LABELS]);
});

describe('rejected with labels', () => {
  const refusal = (status: number, reason: string, message: string) => ({
    status,
    body: { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Failure', message, reason, code: status },
  });
  const WEBHOOK = refusal(
    403,
    'Forbidden',
    'admission webhook "labels.example.org" denied the request: no such labels',
  );
  const because =
    'ConfigMap status-postgres-a in namespace db was written without labels, because it was refused with them: ';

  test.each<[string, ReturnType<typeof refusal>, string]>([
    ['a webhook', WEBHOOK, 'admission webhook "labels.example.org" denied it: no such labels'],
    [
      'a policy',
      refusal(
        422,
        'Invalid',
        `configmaps "status-postgres-a" is forbidden: ValidatingAdmissionPolicy 'labels' with binding 'all' denied request: no such labels`,
      ),
      'admission policy "labels" denied it: no such labels',
    ],
    [
      'a plugin of the API server',
      refusal(
        403,
        'Forbidden',
        'configmaps "status-postgres-a" is forbidden: label postgres-status/health is reserved',
      ),
      'Error from server (Forbidden): configmaps "status-postgres-a" is forbidden: label postgres-status/health is reserved',
    ],
  ])('by %s: written without, and a note says why', async (_, reply, why) => {
    const { url, requests } = await startKubernetes('kubernetes-1.34.4', (patch) =>
      patch.includes('"labels"') ? reply : 'patch_ok',
    );
    expect(await publish({ server: url })).toEqual({
      error: undefined,
      notes: [`${because}${why}; permit them, or use --no-labels`],
    });
    expect(patches(requests)).toEqual([WITH_LABELS, WITHOUT_LABELS]);
  });

  test('rejected with and without labels: not written, one message', async () => {
    const { url, requests } = await startKubernetes('kubernetes-1.34.4', WEBHOOK);
    expect(await publish({ server: url })).toEqual({
      error: `${NOT_WRITTEN}admission webhook "labels.example.org" denied it: no such labels`,
      notes: [],
    });
    expect(patches(requests)).toEqual([WITH_LABELS, WITHOUT_LABELS]);
  });

  test('--no-labels: no second attempt', async () => {
    const { url, requests } = await startKubernetes('kubernetes-1.34.4', WEBHOOK);
    await publish({ server: url, args: { noLabels: true } });
    expect(patches(requests)).toEqual([WITHOUT_LABELS]);
  });
});

const NOT_WRITTEN = 'ConfigMap status-postgres-a in namespace db was not written: ';
const FORBIDDEN = 'not allowed; the role needs the verb "patch" on configmaps, resourceNames ["status-postgres-a"]';

/** The reply of the API server, and the message for the user. */
const failures: [reply: string, sentence: string][] = [
  [
    'patch_notfound',
    `it does not exist; create it once: kubectl create configmap status-postgres-a -n db (Error from server (NotFound): configmaps "pgstatusnosuch" not found)`,
  ],
  [
    'patch_forbidden',
    `${FORBIDDEN} (Error from server (Forbidden): configmaps "pgstatusx" is forbidden: User "system:serviceaccount:db:status" cannot patch resource "configmaps" in API group "" in the namespace "db")`,
  ],
  [
    'unauthorized',
    'the API server rejects the credentials; has the token expired? (error: You must be logged in to the server (Unauthorized))',
  ],
  [
    'patch_conflict',
    'another client changed it at the same time; the next run will try again (Error from server (Conflict): Operation cannot be fulfilled on configmaps "pgstatus": the object has been modified; please apply your changes to the latest version and try again)',
  ],
  [
    'patch_413',
    'the document is too large for a ConfigMap (Error from server (RequestEntityTooLarge): Request entity too large: limit is 3145728)',
  ],
];

test.each(RECORDINGS.flatMap((recording) => failures.map(([reply, sentence]) => ({ recording, reply, sentence }))))(
  '$reply ($recording)',
  async ({ recording, reply, sentence }) => {
    const { url, requests } = await startKubernetes(recording, reply);
    expect(await publish({ server: url })).toEqual({ error: NOT_WRITTEN + sentence, notes: [] });
    expect(patches(requests)).toEqual([WITH_LABELS]);
  },
);

test.each([
  ['kubernetes', 'must have at most 1048576 bytes'],
  ['kubernetes-1.34.4', 'may not be more than 1048576 bytes'],
])('patch_toolong (%s)', async (recording, words) => {
  const { url } = await startKubernetes(recording, 'patch_toolong');
  expect((await publish({ server: url })).error).toBe(
    `${NOT_WRITTEN}the document is too large for a ConfigMap (The ConfigMap "pgstatus" is invalid: []: Too long: ${words})`,
  );
});

test('an immutable ConfigMap', async () => {
  const { url } = await startKubernetes('kubernetes-1.34.4', 'patch_immutable');
  expect((await publish({ server: url })).error).toBe(
    `${NOT_WRITTEN}it is immutable; delete it and create it again (The ConfigMap "pgfrozen" is invalid: data: Forbidden: field is immutable when \`immutable\` is set)`,
  );
});

test('a warning of the API server is no failure', async () => {
  const { url } = await startKubernetes('kubernetes-1.34.4', 'patch_unknownfield');
  expect(await publish({ server: url })).toEqual({ error: undefined, notes: [] });
});

test('an API server that refuses connections', async () => {
  expect((await publish({ server: 'http://127.0.0.1:1' })).error).toMatch(
    /^ConfigMap .* was not written: the API server cannot be reached; is its address in the kubeconfig right\? \(.*refused.*\)$/,
  );
});

test('an API server that never answers', async () => {
  const { url } = await startKubernetes('kubernetes-1.34.4', 'hang');
  expect((await publish({ server: url, limit: 4000 })).error).toMatch(
    /^ConfigMap .* was not written: the API server did not answer in time \(.*\)$/,
  );
});

test('a kubectl that never ends', async () => {
  const kubectl = program('trap "" TERM; sleep 600 & wait; sleep 600');
  expect((await publish({ server: 'http://127.0.0.1:1', kubectl, limit: 1000 })).error).toBe(
    `${NOT_WRITTEN}kubectl did not finish in time and was terminated`,
  );
});

test('a kubectl that fails without a message', async () => {
  expect((await publish({ server: 'http://127.0.0.1:1', kubectl: program('exit 7') })).error).toBe(
    `${NOT_WRITTEN}kubectl ended with exit status 7 and no message`,
  );
});

test('a kubectl that cannot be started', async () => {
  const kubectl = join(temporaryFolder({ kubectl: '#!/nowhere/interpreter\n' }), 'kubectl');
  chmodSync(kubectl, 0o755);
  expect((await publish({ server: 'http://127.0.0.1:1', kubectl })).error).toBe(
    `${kubectl} cannot be started (no such file or directory)`,
  );
});

test.each([
  [{ context: 'y' }, 'check --kubeconfig and --context (error: context "y" does not exist)'],
  [{ kubeconfig: '/nowhere' }, 'check --kubeconfig and --context (error: stat /nowhere: no such file or directory)'],
])('%j', async (args, sentence) => {
  expect((await publish({ server: 'http://127.0.0.1:1', args })).error).toBe(NOT_WRITTEN + sentence);
});

needs('kubectl', 'openssl')('TLS and credentials', async () => {
  const tls = { ...selfSigned(), token: 'sesame' };
  const { url, requests } = await startKubernetes('kubernetes-1.34.4', 'patch_ok', tls);
  const cluster = { 'certificate-authority-data': tls.cert.toString('base64') };

  expect((await publish({ server: url })).error).toMatch(
    /^ConfigMap .* was not written: the API server's certificate is not trusted; check the CA in the kubeconfig \(.*x509.*\)$/,
  );
  expect((await publish({ server: url, cluster, user: {} })).error).toBe(
    `${NOT_WRITTEN}kubectl has no credentials, and asks for a password; check its kubeconfig or service account`,
  );
  // discovery is already refused; the messages of kubectl 1.20 and newer versions differ
  expect((await publish({ server: url, cluster, user: { token: 'of yesterday' } })).error).toMatch(
    /^ConfigMap .* was not written: the API server rejects the credentials; has the token expired\? \(error: unable to recognize "STDIN": (Unauthorized|the server has asked for the client to provide credentials)\)$/,
  );
  expect(requests.filter(({ method }) => method !== 'GET')).toEqual([]);
  expect((await publish({ server: url, cluster })).error).toBeUndefined();
  expectOnePatch(requests);
});

function selfSigned(): { key: Buffer; cert: Buffer } {
  const folder = temporaryFolder();
  const [key, cert] = [join(folder, 'key'), join(folder, 'cert')];
  const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=IP:127.0.0.1'];
  const request = ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', ...subject];
  execFileSync('openssl', [...request, '-keyout', key, '-out', cert], { stdio: 'pipe' });
  return { key: readFileSync(key), cert: readFileSync(cert) };
}

test('a name that Zabbix does not look for is noted', async () => {
  const { url } = await startKubernetes('kubernetes-1.34.4', 'patch_ok');
  expect(await publish({ server: url, args: { configmap: 'state-of-affairs' } })).toEqual({
    error: undefined,
    notes: ['Zabbix looks for status-postgres-… and status-citus-…: it will not find state-of-affairs'],
  });
});

test('nothing of the document or of the WAL-G environment is on the command line or in the environment', async () => {
  const { url, requests } = await startKubernetes('kubernetes-1.34.4', 'patch_ok');
  const record = temporaryFolder();
  const kubectl = program(
    `tr '\\0' '\\n' < /proc/$$/cmdline > ${record}/arguments; tr '\\0' '\\n' < /proc/$$/environ > ${record}/environment`,
    `readlink /proc/$$/fd/3 > ${record}/descriptor; exec ${KUBECTL} "$@"`,
  );
  expect(await publish({ server: url, kubectl, environment: { TOKEN_OF_A_PLUGIN: 'stays' } })).toEqual({
    error: undefined,
    notes: [],
  });
  const recorded = (name: string) => readFileSync(join(record, name), 'utf8').trim().split('\n');
  expect(recorded('arguments').slice(2)).toEqual([
    'patch',
    '--filename=-',
    '--type=merge',
    '--patch-file=/dev/fd/3',
    '--namespace=db',
    expect.stringMatching(/^--request-timeout=\d+ms$/),
    expect.stringMatching(/^--kubeconfig=/),
  ]);
  const names = recorded('environment').map((entry) => entry.replace(/=.*/, ''));
  expect(names.sort()).toEqual(['GOGC', 'GOMEMLIMIT', 'HOME', 'PATH', 'TOKEN_OF_A_PLUGIN']);
  expect(recorded('descriptor')).toEqual([expect.stringMatching(/ \(deleted\)$/)]);
  expectOnePatch(requests);
});

test('if no folder supports unnamed files, the patch is sent through a pipe', async () => {
  vi.mocked(openUnnamed).mockReturnValue(undefined);
  const { url, requests } = await startKubernetes('kubernetes-1.34.4', 'patch_ok');
  const record = temporaryFolder();
  const kubectl = program(`readlink /proc/$$/fd/3 > ${record}/descriptor; exec ${KUBECTL} "$@"`);
  expect(await publish({ server: url, kubectl })).toEqual({ error: undefined, notes: [] });
  expectOnePatch(requests);
  expect(readFileSync(join(record, 'descriptor'), 'utf8')).toMatch(/^pipe:/);

  const missing = await startKubernetes('kubernetes-1.34.4', 'patch_forbidden');
  expect((await publish({ server: missing.url })).error).toContain(FORBIDDEN);
  expect((await publish({ server: url, kubectl: program('exit 7') })).error).toBe(
    `${NOT_WRITTEN}kubectl ended with exit status 7 and no message`,
  );
  vi.mocked(openUnnamed).mockReset();
});

/** A shell script with these lines. */
function program(...lines: string[]): string {
  const folder = temporaryFolder();
  mkdirSync(join(folder, 'bin'));
  const path = join(folder, 'bin', 'kubectl');
  writeFileSync(path, ['#!/bin/sh', ...lines, ''].join('\n'), { mode: 0o755 });
  return path;
}
