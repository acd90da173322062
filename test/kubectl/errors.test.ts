import { expect, test } from 'vitest';
import { explainKubectl } from '../../src/kubectl/errors.ts';

/** The message for a kubectl that failed with this stderr. */
function explained(stderr: string): string {
  const finished = { status: 1, signal: null, stdout: '', stderr, timedOut: false, overflowed: false };
  const sentence = explainKubectl(finished, { name: 'status-postgres-a', namespace: 'db' });
  return sentence.replace('ConfigMap status-postgres-a in namespace db was not written: ', '');
}

const CALLING =
  'Error from server (InternalError): Internal error occurred: failed calling webhook "validate.kyverno.svc-fail": failed to call webhook: Post "https://kyverno-svc.kyverno.svc:443/validate/fail?timeout=10s": ';
const POSTED = CALLING.replace(/^.*svc-fail": /, '');

test.each([
  [
    'denies (Gatekeeper, two reasons)',
    `Error from server (Forbidden): admission webhook "validation.gatekeeper.sh" denied the request: [must-have-owner] you must provide labels: {"owner"}\n[no-secrets] ConfigMap data must not hold key "password"\n`,
    'admission webhook "validation.gatekeeper.sh" denied it: [must-have-owner] you must provide labels: {"owner"} [no-secrets] ConfigMap data must not hold key "password"',
  ],
  [
    'denies (Kyverno, several lines, no reason)',
    `Error from server: admission webhook "validate.kyverno.svc-fail" denied the request: \n\nresource ConfigMap/db/a was blocked due to the following policies \n\nrequire-owner:\n  check-owner: 'validation error: label owner is required'\n`,
    `admission webhook "validate.kyverno.svc-fail" denied it: resource ConfigMap/db/a was blocked due to the following policies require-owner: check-owner: 'validation error: label owner is required'`,
  ],
  [
    'denies without a reason',
    'Error from server: admission webhook "a.b" denied the request without explanation\n',
    'admission webhook "a.b" denied it without a reason',
  ],
  [
    'quotes another error',
    'Error from server (Forbidden): admission webhook "a.b" denied the request: connection refused by x509, Too long\n',
    'admission webhook "a.b" denied it: connection refused by x509, Too long',
  ],
  [
    'is down',
    `${CALLING}dial tcp 10.43.200.23:443: connect: connection refused\n`,
    `admission webhook "validate.kyverno.svc-fail" cannot be reached by the API server; are its pods down? (${POSTED}dial tcp 10.43.200.23:443: connect: connection refused)`,
  ],
  [
    'has no pod',
    'Error from server (InternalError): Internal error occurred: failed calling webhook "a.b": failed to call webhook: no endpoints available for service "kyverno-svc"\n',
    'admission webhook "a.b" cannot be reached by the API server; are its pods down? (failed to call webhook: no endpoints available for service "kyverno-svc")',
  ],
  [
    'is slow',
    `${CALLING}context deadline exceeded\n`,
    `admission webhook "validate.kyverno.svc-fail" did not answer the API server in time; is it overloaded? (${POSTED}context deadline exceeded)`,
  ],
  [
    'has a bad certificate',
    `${CALLING}tls: failed to verify certificate: x509: certificate has expired or is not yet valid\n`,
    `admission webhook "validate.kyverno.svc-fail" has a certificate that the API server does not trust; has its CA bundle expired? (${POSTED}tls: failed to verify certificate: x509: certificate has expired or is not yet valid)`,
  ],
])('an admission webhook that %s', (_, stderr, sentence) => {
  expect(explained(stderr)).toBe(sentence);
});

/** The messages of kubectl 1.32 with a cold discovery cache. */
const MEMCACHE = `E1125 23:47:42.804177   20218 memcache.go:265] "Unhandled Error" err="couldn't get current server API group list: Get \\"https://127.0.0.1:1/api\\": getting credentials: exec: executable aws failed with exit code 253"\n`;
const UNRECOGNIZED = 'error: unable to recognize "STDIN": Get "https://127.0.0.1:1/api": getting credentials: exec: ';

test.each([
  [
    'is missing',
    'Unable to connect to the server: getting credentials: exec: executable aws not found\n\nIt looks like you are trying to use a client-go credential plugin that is not installed.\n\nTo learn more about this feature, consult the documentation available at:\n      https://kubernetes.io/docs/\n',
    "the kubeconfig's credential plugin aws does not exist, or is not on the PATH of this run: install it, or give its full path (Unable to connect to the server: getting credentials: exec: executable aws not found It looks like you are trying to use a client-go credential plugin that is not installed. To learn more about this feature, consult the documentation available at: https://kubernetes.io/docs/)",
  ],
  [
    'does not exist at its path',
    `${MEMCACHE}${UNRECOGNIZED}fork/exec /opt/aws: no such file or directory\n`,
    `the kubeconfig's credential plugin /opt/aws does not exist, or is not on the PATH of this run: install it, or give its full path (${UNRECOGNIZED}fork/exec /opt/aws: no such file or directory)`,
  ],
  [
    'fails',
    `Unable to locate credentials.\n${MEMCACHE}${UNRECOGNIZED}executable aws failed with exit code 253\n`,
    `the kubeconfig's credential plugin aws failed with exit status 253, saying "Unable to locate credentials."; run it by hand as this user (${UNRECOGNIZED}executable aws failed with exit code 253)`,
  ],
])('a credential plugin that %s', (_, stderr, sentence) => {
  expect(explained(stderr)).toBe(sentence);
});

test('a wrapper that closes what it inherits', () => {
  expect(explained('error: unable to read patch file: open /dev/fd/3: no such device or address\n')).toBe(
    'this kubectl cannot open the file descriptor that it inherits: it is a wrapper that closes it or runs in a container (sudo, docker, snap); give the program itself with --kubectl (error: unable to read patch file: open /dev/fd/3: no such device or address)',
  );
});

test.each([
  ['Error from server (TooManyRequests): try again', 'the API server is overloaded; the next run will try again'],
  ['Error from server (Timeout): connection refused', 'the API server did not answer in time'],
  ['Error from server (ServiceUnavailable): x509', 'the API server is not available'],
  ['Error from server (NotFound): namespaces "db" not found', 'the namespace does not exist'],
])('by the reason, whatever the message: %s', (stderr, what) => {
  expect(explained(`${stderr}\n`)).toBe(`${what} (${stderr})`);
});

test('an unknown error is quoted', () => {
  expect(explained('Error from server (InternalError): it refused x509\n')).toBe(
    'Error from server (InternalError): it refused x509',
  );
  expect(explained('Segmentation fault\n')).toBe('Segmentation fault');
});
