import { accessSync } from 'node:fs';
import { userInfo } from 'node:os';
import { memoryLimit } from '../system/memory.ts';
import { isSecretName } from '../text/secret-names.ts';

const SERVICE_ACCOUNT_TOKEN = '/var/run/secrets/kubernetes.io/serviceaccount/token';

/** The environment for kubectl: that of the process, with the variables that it may lack. */
export function kubectlEnvironment(
  environment: NodeJS.ProcessEnv,
  memory: () => number | undefined = memoryLimit,
): Record<string, string> {
  const set = Object.entries(environment).filter((entry): entry is [string, string] => entry[1] !== undefined);
  const home = homeFolder(environment);
  return {
    ...Object.fromEntries(set),
    ...(home !== undefined && { HOME: home }),
    ...garbageCollection(environment, memory),
    // Spilo starts cron with an empty environment: the service account is mounted, but the address of the API server is not set
    ...(!environment['KUBERNETES_SERVICE_HOST'] &&
      usesServiceAccount(environment) && {
        KUBERNETES_SERVICE_HOST: 'kubernetes.default.svc',
        KUBERNETES_SERVICE_PORT: '443',
      }),
  };
}

/** Whether kubectl logs in with the service account of the pod that this runs in: no kubeconfig is named, and there is a token. */
export function usesServiceAccount(
  environment: NodeJS.ProcessEnv,
  readable: (path: string) => boolean = isReadable,
): boolean {
  return !environment['KUBECONFIG'] && readable(SERVICE_ACCOUNT_TOKEN);
}

/**
 * Variables of Patroni, WAL-G, WAL-E and PostgreSQL, which neither kubectl nor its plugins need. Zalando's operator gives every sidecar
 * the superuser's password as POSTGRES_PASSWORD.
 */
const OTHERS = /^(?:PATRONI_|WALG_|WALE_|PG[A-Z]|POSTGRES_(?:USER|PASSWORD)$)/;

/**
 * The part of the process environment that kubectl gets. Its credential plugins (aws, gcloud, kubelogin) need variables that cannot be
 * listed here, but none of Patroni and WAL-G. Without a separate WAL-G environment (--env) the process environment is WAL-G's: then
 * variables that look like secrets belong to the storage and are dropped, except those that start with KUBE.
 */
export function visibleToKubectl(environment: NodeJS.ProcessEnv, walgIsApart: boolean): NodeJS.ProcessEnv {
  const visible = Object.entries(environment).filter(
    ([name]) => !OTHERS.test(name) && (walgIsApart || name.startsWith('KUBE') || !isSecretName(name)),
  );
  return Object.fromEntries(visible);
}

/** $HOME, else the home folder of the user; undefined = none: a container may run with a uid without a user. */
export function homeFolder(environment: NodeJS.ProcessEnv): string | undefined {
  if (environment['HOME']) return environment['HOME'];
  try {
    return userInfo().homedir || undefined;
  } catch {
    return undefined;
  }
}

const MIB = 1024 * 1024;
const MOST_MEMORY = 128 * MIB;
/** Below this, Go collects garbage all the time: with 8 MiB a patch takes four times the CPU time. */
const LEAST_MEMORY = 16 * MIB;

/**
 * kubectl exits before garbage collection pays off: without it, it takes a quarter less CPU time (src/kubectl/README.md). Above the
 * limit, a quarter of the cgroup's, Go collects all the same. If the user has set one of the two variables, both are left alone.
 */
function garbageCollection(environment: NodeJS.ProcessEnv, memory: () => number | undefined): Record<string, string> {
  if (environment['GOGC'] || environment['GOMEMLIMIT']) return {};
  const limit = Math.min(MOST_MEMORY, (memory() ?? Infinity) / 4);
  if (limit < LEAST_MEMORY) return {};
  return { GOGC: 'off', GOMEMLIMIT: `${String(Math.floor(limit / MIB))}MiB` };
}

function isReadable(path: string): boolean {
  try {
    accessSync(path);
    return true;
  } catch {
    return false;
  }
}
