import { accessSync, closeSync } from 'node:fs';
import { userInfo } from 'node:os';
import { DeliveryError, asError, errorCode } from '../errors.ts';
import { runChild, type ChildCommand, type Finished } from '../system/child.ts';
import type { Deadline } from '../system/deadline.ts';
import type { ConfigMapSettings } from '../options/settings.ts';
import type { Delivery, Means } from './delivery.ts';
import { explainKubectl } from '../kubectl/errors.ts';
import { openUnnamed } from '../kubectl/patch-file.ts';

/** The names that Zabbix discovers (contract). */
const ZABBIX_FINDS = /^status-(citus|postgres)-/;

/** Publishes the document, where that was asked for. */
export const publishConfigMap: Delivery = ({ published }, { publish }, means) =>
  publish && patchConfigMap(published, publish, means);

/**
 * Writes the text to `data.status` with one PATCH, so that the verb `patch` is all it needs and the old content stays until the new
 * one is accepted whole.
 */
async function patchConfigMap(text: string, settings: ConfigMapSettings, means: Means): Promise<void> {
  const patch = JSON.stringify({ data: { status: text } });
  const descriptor = openUnnamed(patch);
  try {
    const command =
      descriptor === undefined ? throughShell(settings, means, patch) : direct(settings, means, descriptor);
    const limited = AbortSignal.any([means.signal, AbortSignal.timeout(Math.ceil(means.deadline.remaining()))]);
    const finished = await start(command, limited, means.grace);
    if (finished.status !== 0 || finished.timedOut) throw new DeliveryError(explainKubectl(finished, settings));
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
  }
  if (!ZABBIX_FINDS.test(settings.name))
    means.log.note(`Zabbix looks for status-postgres-… and status-citus-…: it will not find ${settings.name}`);
}

async function start(command: ChildCommand, signal: AbortSignal, grace: number): Promise<Finished> {
  try {
    return await runChild(command, signal, grace);
  } catch (error) {
    throw new DeliveryError(`${command.file} cannot be started (${errorCode(error) ?? asError(error).message})`);
  }
}

function direct(settings: ConfigMapSettings, { environment, deadline }: Means, descriptor: number): ChildCommand {
  return {
    file: settings.kubectl,
    args: patchArguments(settings, environment, deadline),
    env: kubectlEnvironment(environment),
    input: reference(settings),
    descriptor,
  };
}

/** Where no folder takes an unnamed file: `cat` in a shell makes pipes that kubectl can open again. */
function throughShell(settings: ConfigMapSettings, { environment, deadline }: Means, patch: string): ChildCommand {
  const script = 'object=$1; shift; cat | { exec 3<&0; printf %s "$object" | "$@"; }';
  return {
    file: '/bin/sh',
    args: [
      '-c',
      script,
      'sh',
      reference(settings),
      settings.kubectl,
      ...patchArguments(settings, environment, deadline),
    ],
    env: kubectlEnvironment(environment),
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
  { namespace, context, kubeconfig }: ConfigMapSettings,
  environment: NodeJS.ProcessEnv,
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
    // without a home, kubectl would put its discovery cache into the working directory; before 1.27 it does not know the variable
    ...(home(environment) === undefined ? [`--cache-dir=${environment['KUBECACHEDIR'] || '/dev/null/none'}`] : []),
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
