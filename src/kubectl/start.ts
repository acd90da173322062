import { asError, DeliveryError, errorCode } from '../errors.ts';
import { runChild, type ChildCommand, type Finished } from '../system/child.ts';
import type { Limit } from '../system/deadline.ts';
import { homeFolder, usesServiceAccount } from './environment.ts';
import type { KubectlSettings } from './settings.ts';

/** Runs kubectl. @throws DeliveryError if it cannot be started. */
export async function startKubectl(command: ChildCommand, limit: Limit, mostStdout?: number): Promise<Finished> {
  try {
    return await runChild(command, limit, mostStdout);
  } catch (error) {
    // the run itself is being ended
    limit.signal.throwIfAborted();
    throw new DeliveryError(`${command.file} cannot be started (${errorCode(error) ?? asError(error).message})`);
  }
}

/**
 * The arguments that say which API server is asked, as whom, and for how long.
 * @param requestTimeout milliseconds
 */
export function accessArguments(
  { context, kubeconfig, environment }: KubectlSettings,
  requestTimeout: number,
): string[] {
  // with this flag kubectl ignores the service account (README.md): then the deadline alone ends it
  const inPod = kubeconfig === undefined && usesServiceAccount(environment);
  return [
    ...(inPod ? [] : [`--request-timeout=${String(requestTimeout)}ms`]),
    ...(context === undefined ? [] : [`--context=${context}`]),
    ...(kubeconfig === undefined ? [] : [`--kubeconfig=${kubeconfig}`]),
    // without a home folder, kubectl would put its discovery cache into the working directory; KUBECACHEDIR is known from 1.27 on
    ...(homeFolder(environment) === undefined
      ? [`--cache-dir=${environment['KUBECACHEDIR'] || '/dev/null/none'}`]
      : []),
  ];
}
