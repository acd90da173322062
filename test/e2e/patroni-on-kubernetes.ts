import { startCluster, SCOPE, type Dcs } from './patroni-cluster.ts';
import type { ApiServer } from './api-server.ts';

/** How Patroni keeps its state in Kubernetes: keys of the section `kubernetes` in its configuration. */
export interface Mode {
  use_endpoints: boolean;
  labels: Readonly<Record<string, string>>;
  scope_label: string;
  role_label: string;
  /** The values of the role label; by default Patroni's. */
  leader_label_value?: string;
  follower_label_value?: string;
}

/** As with Zalando's operator up to 1.15, and Spilo: the leader has the role label `master`, with Patroni 4 too. */
export const SPILO: Mode = {
  use_endpoints: true,
  labels: { application: 'spilo' },
  scope_label: 'cluster-name',
  role_label: 'spilo-role',
  leader_label_value: 'master',
};
/** Patroni's own defaults from 4.0 on. */
export const PRIMARY: Mode = {
  use_endpoints: false,
  labels: { application: 'patroni' },
  scope_label: 'cluster-name',
  role_label: 'role',
};
/** All names differ from the usual ones, and Patroni's labels are the common ones of Kubernetes objects. */
export const CUSTOM: Mode = {
  use_endpoints: false,
  labels: { 'app.kubernetes.io/part-of': 'databases' },
  scope_label: 'app.kubernetes.io/instance',
  role_label: 'example.org/what-it-does',
  leader_label_value: 'writes',
  follower_label_value: 'reads',
};

/** The service account of Patroni's pods. */
export const PATRONI_ACCOUNT = 'patroni';

/**
 * Creates the objects that Patroni needs in an existing namespace: an account with the Role of Patroni's documentation (without the
 * verbs of `patronictl remove`), and a pod for each member. No kubelet runs the pods: their processes run on this host.
 */
export async function startOnKubernetes(api: ApiServer, folder: string, namespace: string, mode: Mode) {
  const verbs = ['create', 'get', 'list', 'patch', 'update', 'watch'];
  const role = {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'Role',
    metadata: { name: PATRONI_ACCOUNT },
    rules: [
      { apiGroups: [''], resources: ['configmaps', 'endpoints', 'pods'], verbs },
      { apiGroups: [''], resources: ['services'], verbs: ['create'] },
    ],
  };
  const within = `--namespace=${namespace}`;
  await api.admin(['create', 'serviceaccount', PATRONI_ACCOUNT, within]);
  await api.admin(['create', '--filename=-', within], JSON.stringify(role));
  const binding = [`--role=${PATRONI_ACCOUNT}`, `--serviceaccount=${namespace}:${PATRONI_ACCOUNT}`];
  await api.admin(['create', 'rolebinding', PATRONI_ACCOUNT, ...binding, within]);
  const kubeconfig = await api.login(PATRONI_ACCOUNT, namespace);

  const selector = { ...mode.labels, [mode.scope_label]: SCOPE };
  const names = [0, 1].map((index) => `${SCOPE}-${String(index)}`);
  async function createPod(name: string): Promise<void> {
    const pod = {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name, labels: selector },
      spec: { serviceAccountName: PATRONI_ACCOUNT, containers: [{ name: 'postgres', image: 'patroni' }] },
    };
    await api.admin(['create', '--filename=-', within], JSON.stringify(pod));
  }
  for (const name of names) await createPod(name);
  const dcs: Dcs = {
    // the API server rejects endpoints on loopback; nothing connects to these addresses
    configure: (index) => ({
      kubernetes: { ...mode, namespace, context: 'e2e', pod_ip: `10.1.0.${String(index + 1)}` },
    }),
    environment: { KUBECONFIG: kubeconfig },
  };
  const cluster = await startCluster(folder, { members: names.length, dcs });
  return {
    cluster,
    selector,
    kubeconfig,
    createPod,
    /** The role label of each of Patroni's pods. */
    async roles(): Promise<Record<string, string | undefined>> {
      const labels = Object.entries(selector).map(([key, value]) => `${key}=${value}`);
      const { stdout } = await api.admin(['get', 'pods', within, `--selector=${labels.join(',')}`, '--output=json']);
      const { items } = JSON.parse(stdout) as {
        items: { metadata: { name: string; labels: Record<string, string> } }[];
      };
      return Object.fromEntries(items.map(({ metadata }) => [metadata.name, metadata.labels[mode.role_label]]));
    },
  };
}
