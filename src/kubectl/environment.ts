import { accessSync } from 'node:fs';
import { userInfo } from 'node:os';
import { memoryLimit } from '../system/memory.ts';
import { isSecretName } from '../text/secret-names.ts';

const SERVICE_ACCOUNT_TOKEN = '/var/run/secrets/kubernetes.io/serviceaccount/token';

/** The environment that kubectl gets: that of the process, with what is missing from it. */
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
    // Spilo starts cron with an empty environment: the service account is there, the address of the API server is not
    ...(!environment['KUBERNETES_SERVICE_HOST'] &&
      !environment['KUBECONFIG'] &&
      isReadable(SERVICE_ACCOUNT_TOKEN) && {
        KUBERNETES_SERVICE_HOST: 'kubernetes.default.svc',
        KUBERNETES_SERVICE_PORT: '443',
      }),
  };
}

/** Patroni's, WAL-G's (and WAL-E's) and PostgreSQL's: neither kubectl nor a plugin of it has a use for them. */
const OTHERS = /^(?:PATRONI_|WALG_|WALE_|PG[A-Z])/;

/**
 * What of the process environment kubectl may see: its credential plugins (aws, gcloud, kubelogin) need what nobody can list, but
 * nothing of Patroni and WAL-G. Where WAL-G has no environment of its own (--env), that of the process is WAL-G's: then what looks
 * like a secret is the storage's, and only what is named after Kubernetes stays.
 */
export function visibleToKubectl(environment: NodeJS.ProcessEnv, walgIsApart: boolean): NodeJS.ProcessEnv {
  const visible = Object.entries(environment).filter(
    ([name]) => !OTHERS.test(name) && (walgIsApart || name.startsWith('KUBE') || !isSecretName(name)),
  );
  return Object.fromEntries(visible);
}

/** $HOME, else the user's own; undefined where there is none: a container may run under a uid that no user has. */
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
/** With less Go collects without end: with 8 MiB a patch takes four times the CPU time. */
const LEAST_MEMORY = 16 * MIB;

/**
 * kubectl ends before its garbage is worth collecting: without collecting it takes a quarter less CPU time (src/kubectl/README.md).
 * Above the limit, a quarter of what the cgroup allows, it collects all the same. Whoever set one of the two knows better.
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
