import { generateKeyPairSync } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { inject } from 'vitest';
import { freePorts, run, startDaemon, tail, until, type Outcome } from './processes.ts';

/** The content of the ConfigMap before the first publication, which the consumer can parse. */
export const FIRST_BODY = '{"cluster_status":{"members":[]},"current_timestamp":0}';

export type ApiServer = Awaited<ReturnType<typeof startApiServer>>;

/** A real kube-apiserver with RBAC and its etcd, on loopback and below `folder`. */
export async function startApiServer(folder: string) {
  mkdirSync(folder, { recursive: true });
  const [port = 0, client = 0, peer = 0] = await freePorts(3);
  const [server, etcd, etcdPeer] = [
    `https://127.0.0.1:${String(port)}`,
    `http://127.0.0.1:${String(client)}`,
    `http://127.0.0.1:${String(peer)}`,
  ];
  const file = (name: string) => join(folder, name);
  const { publicKey, privateKey } = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs1', format: 'pem' },
  });
  writeFileSync(file('accounts.pub'), publicKey);
  writeFileSync(file('accounts.key'), privateKey, { mode: 0o600 });
  writeFileSync(file('tokens.csv'), 'administrator,admin,admin,"system:masters"\n', { mode: 0o600 });

  const store = startDaemon(
    [
      ...['etcd', '--name', 'kube', '--data-dir', file('etcd'), '--unsafe-no-fsync'],
      ...['--listen-client-urls', etcd, '--advertise-client-urls', etcd],
      ...['--listen-peer-urls', etcdPeer, '--initial-advertise-peer-urls', etcdPeer],
      ...['--initial-cluster', `kube=${etcdPeer}`],
    ],
    { log: file('etcd.log') },
  );
  const api = startDaemon(
    [
      ...[inject('kubeApiserver'), '--bind-address=127.0.0.1', '--advertise-address=127.0.0.1'],
      ...[`--secure-port=${String(port)}`, `--etcd-servers=${etcd}`, '--authorization-mode=RBAC'],
      // it creates its own certificate, and a CA in the same folder
      ...[`--cert-dir=${folder}`, `--token-auth-file=${file('tokens.csv')}`, '--service-cluster-ip-range=10.0.0.0/24'],
      ...[
        '--service-account-issuer=https://kubernetes.default.svc',
        `--service-account-key-file=${file('accounts.pub')}`,
      ],
      `--service-account-signing-key-file=${file('accounts.key')}`,
    ],
    { log: file('kube-apiserver.log') },
  );

  /** A kubeconfig with this token. */
  function kubeconfig(name: string, token: string, namespace = 'default', url = server): string {
    const content = {
      apiVersion: 'v1',
      kind: 'Config',
      clusters: [{ name: 'e2e', cluster: { server: url, 'certificate-authority': file('apiserver.crt') } }],
      users: [{ name, user: { token } }],
      contexts: [{ name: 'e2e', context: { cluster: 'e2e', user: name, namespace } }],
      'current-context': 'e2e',
    };
    writeFileSync(file(`${name}.kubeconfig`), JSON.stringify(content));
    return file(`${name}.kubeconfig`);
  }
  const adminConfig = kubeconfig('admin', 'administrator');

  /** kubectl as cluster administrator. @throws if it fails. */
  const admin = (args: readonly string[], input?: string): Promise<Outcome> =>
    run(['kubectl', `--kubeconfig=${adminConfig}`, ...args], {
      environment: { HOME: folder },
      ...(input !== undefined && { input }),
    });

  /** A kubeconfig for a service account. */
  async function login(account: string, namespace: string): Promise<string> {
    // the same as `kubectl create token`, which exists from 1.24 on
    const path = `/api/v1/namespaces/${namespace}/serviceaccounts/${account}/token`;
    const request = { apiVersion: 'authentication.k8s.io/v1', kind: 'TokenRequest', spec: {} };
    const { stdout } = await admin(['create', '--raw', path, '--filename=-'], JSON.stringify(request));
    const { status } = JSON.parse(stdout) as { status: { token: string } };
    return kubeconfig(`${namespace}-${account}`, status.token, namespace);
  }

  async function end(): Promise<void> {
    await api.end();
    await store.end();
  }

  try {
    await until('an API server that is ready', async () => {
      if (!api.running()) throw new Error('it ended');
      return admin(['get', '--raw', '/readyz']);
    });
  } catch (error) {
    await end();
    throw new Error(`the API server did not start\n${tail(file('kube-apiserver.log'))}`, { cause: error });
  }

  return {
    folder,
    server,
    authority: file('apiserver.crt'),
    /** The clients' URL of its etcd. */
    etcd,
    admin,
    adminConfig,
    kubeconfig,
    end,
    /** Stops the server, as if a firewall dropped all packets; `false` continues it. */
    hang: (hanging: boolean) => process.kill(api.pid, hanging ? 'SIGSTOP' : 'SIGCONT'),
    login,
    /** A namespace with a ConfigMap, and the kubeconfig of a service account that may patch this one and nothing else. */
    async publisher(namespace: string, configMap: string): Promise<string> {
      const within = `--namespace=${namespace}`;
      await admin(['create', 'namespace', namespace]);
      await admin(['create', 'configmap', configMap, `--from-literal=status=${FIRST_BODY}`, within]);
      await admin(['create', 'serviceaccount', 'status', within]);
      const rule = ['--verb=patch', '--resource=configmaps', `--resource-name=${configMap}`];
      await admin(['create', 'role', 'status', ...rule, within]);
      await admin(['create', 'rolebinding', 'status', '--role=status', `--serviceaccount=${namespace}:status`, within]);
      return login('status', namespace);
    },
    /** `data.status` of a ConfigMap. */
    async published(name: string, namespace: string): Promise<string> {
      const get = ['get', 'configmap', name, `--namespace=${namespace}`, '--output=jsonpath={.data.status}'];
      return (await admin(get)).stdout;
    },
  };
}
