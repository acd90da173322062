import { expect, test } from 'vitest';
import { kubectlEnvironment, usesServiceAccount, visibleToKubectl } from '../../src/kubectl/environment.ts';

const MIB = 1024 * 1024;
const HOME = { HOME: '/home/a' };

test.each([
  ['without a limit', undefined, '128MiB'],
  ['with plenty of memory', 4096 * MIB, '128MiB'],
  ['in a small container', 256 * MIB, '64MiB'],
  ['in a tiny one', 64 * MIB, '16MiB'],
])('kubectl does not collect garbage below a quarter of the memory: %s', (_, memory, limit) => {
  expect(kubectlEnvironment(HOME, () => memory)).toMatchObject({ GOGC: 'off', GOMEMLIMIT: limit });
});

test.each([{ GOGC: '50' }, { GOMEMLIMIT: '1GiB' }, { GOGC: 'off', GOMEMLIMIT: 'off' }])(
  "the user's own %j is kept",
  (environment) => {
    expect(kubectlEnvironment({ ...HOME, ...environment }, () => undefined)).toEqual({ ...HOME, ...environment });
  },
);

test("with very little memory, Go's defaults are kept", () => {
  expect(kubectlEnvironment(HOME, () => 32 * MIB)).toEqual(HOME);
});

test.each([
  ['in a pod', {}, true, true],
  ['in a pod, with a kubeconfig', { KUBECONFIG: '/a' }, true, false],
  ['on a host', {}, false, false],
])('the service account is used %s: %j', (_, environment, token, used) => {
  expect(usesServiceAccount(environment, () => token)).toBe(used);
});

/** Variables that kubectl, its credential plugins (aws, gcloud, kubelogin) and Go's HTTP client read. */
const NEEDED = {
  AWS_CONFIG_FILE: '/a',
  AWS_PROFILE: 'a',
  AWS_REGION: 'a',
  AWS_ROLE_ARN: 'a',
  AWS_SHARED_CREDENTIALS_FILE: '/a',
  AWS_WEB_IDENTITY_TOKEN_FILE: '/a',
  AZURE_CLIENT_ID: 'a',
  AZURE_FEDERATED_TOKEN_FILE: '/a',
  AZURE_TENANT_ID: 'a',
  CLOUDSDK_CONFIG: '/a',
  GOOGLE_APPLICATION_CREDENTIALS: '/a',
  HOME: '/a',
  HTTPS_PROXY: 'http://proxy:3128',
  KUBECONFIG: '/a',
  KUBERNETES_SERVICE_HOST: '10.0.0.1',
  KUBERNETES_SERVICE_PORT: '443',
  LANG: 'C.UTF-8',
  NO_PROXY: 'a',
  PATH: '/usr/bin',
  SSL_CERT_DIR: '/a',
  SSL_CERT_FILE: '/a',
  XDG_CONFIG_HOME: '/a',
};
/** Secrets of a storage, and of credential plugins. */
const SHARED_SECRETS = { AWS_SECRET_ACCESS_KEY: 's', AWS_SESSION_TOKEN: 's', AZURE_CLIENT_SECRET: 's' };
const OTHERS = {
  PATRONI_CTL_KEYFILE_PASSWORD: 's',
  PATRONI_SCOPE: 'a',
  PGHOST: 'a',
  PGPASSWORD: 's',
  // of a sidecar of Zalando's operator
  POSTGRES_PASSWORD: 's',
  POSTGRES_USER: 'a',
  WALE_S3_PREFIX: 'a',
  WALG_PGP_KEY_PASSPHRASE: 's',
};

test('kubectl gets what it and its plugins need, and nothing of Patroni, WAL-G and PostgreSQL', () => {
  const environment = { ...NEEDED, ...SHARED_SECRETS, ...OTHERS };
  expect(visibleToKubectl(environment, true)).toEqual({ ...NEEDED, ...SHARED_SECRETS });
});

test('without a WAL-G environment of its own, secrets in that of the process are those of WAL-G: kubectl gets none', () => {
  const environment = { ...NEEDED, ...SHARED_SECRETS, ...OTHERS, KUBE_TOKEN: 's' };
  expect(visibleToKubectl(environment, false)).toEqual({ ...NEEDED, KUBE_TOKEN: 's' });
});
