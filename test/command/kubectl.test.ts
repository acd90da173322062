import { join } from 'node:path';
import { writeFileSync } from 'node:fs';
import { expect, onTestFinished } from 'vitest';
import { startApiServer } from '../stand-ins/api-server.ts';
import { type Host, KUBECTL, startHost } from '../stand-ins/host.ts';
import { needs } from '../stand-ins/needs.ts';

/** Messages of a real kubectl about a set-up, an API server or an admission webhook, and the messages of the run. */
const test = needs('kubectl');

function kubeconfig(host: Host, server: string, user: object): string {
  const path = join(host.folder, 'kubeconfig');
  const config = {
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: 'c', cluster: { server } }],
    users: [{ name: 'u', user }],
    contexts: [{ name: 'x', context: { cluster: 'c', user: 'u', namespace: 'db' } }],
    'current-context': 'x',
  };
  writeFileSync(path, JSON.stringify(config));
  return path;
}

async function publish(host: Host, server: string, user: object = { token: 'sesame' }, kubectl = KUBECTL) {
  const path = kubeconfig(host, server, user);
  const ended = await host.run(
    '--configmap',
    '--collect',
    'patroni',
    '--quiet',
    '--kubeconfig',
    path,
    '--kubectl',
    kubectl,
  );
  return { ...ended, stderr: ended.stderr.replaceAll(host.folder, '/host') };
}

/** One line with the subject and the reason. kubectl's message, which differs between its versions, is in parentheses at the end. */
function refused(why: RegExp) {
  const line = new RegExp(
    `^postgres-status: ConfigMap status-postgres-demo in namespace db was not written: ${why.source}\n$`,
  );
  return { status: 3, stdout: '', stderr: expect.stringMatching(line) as string };
}

const plugin = (command: string) => ({
  exec: {
    apiVersion: 'client.authentication.k8s.io/v1beta1',
    command,
    args: ['eks', 'get-token'],
    interactiveMode: 'Never',
  },
});

test('a credential plugin that is missing', async () => {
  const host = await startHost();
  expect(await publish(host, 'https://127.0.0.1:1', plugin('no-such-plugin'))).toEqual(
    refused(
      /the kubeconfig's credential plugin no-such-plugin does not exist, or is not on the PATH of this run: install it, or give its full path \(.*\)/,
    ),
  );
});

test('a credential plugin that has no login', async () => {
  const host = await startHost();
  const aws = host.program('aws', 'echo "Unable to locate credentials." >&2', 'exit 253');
  expect(await publish(host, 'https://127.0.0.1:1', plugin(aws))).toEqual(
    refused(
      /the kubeconfig's credential plugin \/host\/bin\/aws failed with exit status 253, saying "Unable to locate credentials\.".* \(.*\)/,
    ),
  );
});

test('a wrapper of kubectl that closes what it inherits', async () => {
  const host = await startHost();
  const { url, close } = await startApiServer('kubernetes-1.34.4', 'patch_ok');
  onTestFinished(close);
  const wrapper = host.program('wrapper', 'exec 3<&-', `exec ${KUBECTL} "$@"`);
  expect(await publish(host, url, undefined, wrapper)).toEqual(
    refused(
      /this kubectl cannot open the file descriptor that it inherits: it is a wrapper .* give the program itself with --kubectl \(.*\)/,
    ),
  );
});

const HOOK =
  'Internal error occurred: failed calling webhook "validate.kyverno.svc-fail": failed to call webhook: Post "https://kyverno-svc.kyverno.svc:443/validate/fail?timeout=10s": ';

test.for<[what: string, status: number, reason: string, message: string, why: RegExp]>([
  [
    'Gatekeeper denies it',
    403,
    'Forbidden',
    'admission webhook "validation.gatekeeper.sh" denied the request: [must-have-owner] you must provide labels: {"owner"}',
    /admission webhook "validation\.gatekeeper\.sh" denied it: \[must-have-owner\] you must provide labels: \{"owner"\}/,
  ],
  [
    'Kyverno denies it, in several lines',
    400,
    '',
    'admission webhook "validate.kyverno.svc-fail" denied the request: \n\nresource ConfigMap/db/status-postgres-demo was blocked due to the following policies \n\nrequire-owner:\n  check-owner: \'label owner is required\'',
    /admission webhook "validate\.kyverno\.svc-fail" denied it: resource ConfigMap\/db\/status-postgres-demo was blocked .*label owner is required.*/,
  ],
  [
    'its pod is down',
    500,
    'InternalError',
    `${HOOK}dial tcp 10.43.200.23:443: connect: connection refused`,
    /admission webhook "validate\.kyverno\.svc-fail" cannot be reached by the API server; are its pods down\? \(.*connection refused\)/,
  ],
])('an admission webhook: %s', async ([, status, reason, message, why]) => {
  const host = await startHost();
  const body = { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Failure', message, reason, code: status };
  const { url, close } = await startApiServer('kubernetes-1.34.4', { status, body });
  onTestFinished(close);
  expect(await publish(host, url)).toEqual(refused(why));
});
