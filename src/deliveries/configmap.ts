import { accessSync, closeSync } from 'node:fs';
import { userInfo } from 'node:os';
import { DeliveryError, asError, errorCode } from '../errors.ts';
import { runChild, type ChildCommand, type Finished } from '../system/child.ts';
import type { Deadline } from '../system/deadline.ts';
import { explainKubectl } from './kubectl-errors.ts';
import { openUnnamed } from './patch-file.ts';

/** Which ConfigMap, and how kubectl is to reach it. */
export interface ConfigMapSettings {
  name: string;
  /** undefined = kubectl's own. */
  namespace: string | undefined;
  context: string | undefined;
  kubeconfig: string | undefined;
  kubectl: string;
  /** The process environment, which credential plugins need; nothing of the WAL-G environment. */
  environment: NodeJS.ProcessEnv;
}

/** The names that Zabbix discovers (contract). */
export const ZABBIX_FINDS = /^status-(citus|postgres)-/;

/**
 * Writes the text to `data.status` with one PATCH, so that the verb `patch` is all it needs and the old content stays until the new
 * one is accepted whole.
 * @throws DeliveryError that says what to do.
 */
export async function publishConfigMap(
  text: string,
  settings: ConfigMapSettings,
  deadline: Deadline,
  signal: AbortSignal,
  grace: number,
): Promise<void> {
  const patch = JSON.stringify({ data: { status: text } });
  const descriptor = openUnnamed(patch);
  try {
    const command =
      descriptor === undefined ? throughShell(settings, deadline, patch) : direct(settings, deadline, descriptor);
    const limited = AbortSignal.any([signal, AbortSignal.timeout(Math.ceil(deadline.remaining()))]);
    const finished = await start(command, limited, grace);
    if (finished.status !== 0 || finished.timedOut) throw new DeliveryError(explainKubectl(finished, settings));
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
  }
}

async function start(command: ChildCommand, signal: AbortSignal, grace: number): Promise<Finished> {
  try {
    return await runChild(command, signal, grace);
  } catch (error) {
    throw new DeliveryError(`${command.file} cannot be started (${errorCode(error) ?? asError(error).message})`);
  }
}

function direct(settings: ConfigMapSettings, deadline: Deadline, descriptor: number): ChildCommand {
  return {
    file: settings.kubectl,
    args: patchArguments(settings, deadline),
    env: kubectlEnvironment(settings.environment),
    input: reference(settings),
    descriptor,
  };
}

/** Where no folder takes an unnamed file: `cat` in a shell makes pipes that kubectl can open again. */
function throughShell(settings: ConfigMapSettings, deadline: Deadline, patch: string): ChildCommand {
  const script = 'object=$1; shift; cat | { exec 3<&0; printf %s "$object" | "$@"; }';
  return {
    file: '/bin/sh',
    args: ['-c', script, 'sh', reference(settings), settings.kubectl, ...patchArguments(settings, deadline)],
    env: kubectlEnvironment(settings.environment),
    input: patch,
  };
}

/** The object to be patched: named in a manifest rather than by argument, for kubectl would GET what it is given by name. */
function reference({ name, namespace }: ConfigMapSettings): string {
  return JSON.stringify({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name, ...(namespace !== undefined && { namespace }) },
  });
}

function patchArguments(
  { namespace, context, kubeconfig, environment }: ConfigMapSettings,
  deadline: Deadline,
): string[] {
  // per request, and there may be several before the one that counts
  const requestTimeout = Math.max(1, Math.floor(deadline.remaining() / 2000));
  return [
    'patch',
    '--filename=-',
    '--type=merge',
    '--patch-file=/dev/fd/3',
    `--request-timeout=${String(requestTimeout)}s`,
    ...(namespace === undefined ? [] : [`--namespace=${namespace}`]),
    ...(context === undefined ? [] : [`--context=${context}`]),
    ...(kubeconfig === undefined ? [] : [`--kubeconfig=${kubeconfig}`]),
    // without a home, kubectl would put its discovery cache into the working directory
    ...(home(environment) === undefined && !environment['KUBECACHEDIR'] ? ['--cache-dir=/dev/null/none'] : []),
  ];
}

const SERVICE_ACCOUNT_TOKEN = '/var/run/secrets/kubernetes.io/serviceaccount/token';

function kubectlEnvironment(environment: NodeJS.ProcessEnv): Record<string, string> {
  const set = Object.entries(environment).filter((entry): entry is [string, string] => entry[1] !== undefined);
  const homeFolder = home(environment);
  return {
    ...Object.fromEntries(set),
    ...(homeFolder !== undefined && { HOME: homeFolder }),
    // Spilo starts cron with an empty environment (reference: patroni.md, 7.1): the service account is there, the API's address is not
    ...(!environment['KUBERNETES_SERVICE_HOST'] &&
      !environment['KUBECONFIG'] &&
      isReadable(SERVICE_ACCOUNT_TOKEN) && {
        KUBERNETES_SERVICE_HOST: 'kubernetes.default.svc',
        KUBERNETES_SERVICE_PORT: '443',
      }),
  };
}

/** $HOME, else the user's own; a container may run under a uid that has none. */
function home(environment: NodeJS.ProcessEnv): string | undefined {
  if (environment['HOME']) return environment['HOME'];
  try {
    return userInfo().homedir || undefined;
  } catch {
    return undefined;
  }
}

function isReadable(path: string): boolean {
  try {
    accessSync(path);
    return true;
  } catch {
    return false;
  }
}
