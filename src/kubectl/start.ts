import { DeliveryError, systemReason } from '../errors.ts';
import { runChild, type ChildCommand, type Finished } from '../system/child.ts';
import type { Limit } from '../system/deadline.ts';
import type { KeptOutput } from '../system/kept.ts';
import { homeFolder, kubectlEnvironment, usesServiceAccount } from './environment.ts';
import type { KubectlSettings } from './settings.ts';

/** Runs a command. @throws DeliveryError if it cannot be started. */
export async function startKubectl(command: ChildCommand, limit: Limit, stdout?: KeptOutput): Promise<Finished> {
  try {
    return await runChild(command, limit, stdout);
  } catch (error) {
    // the run itself is being ended
    limit.signal.throwIfAborted();
    throw new DeliveryError(`${command.file} cannot be started (${systemReason(error)})`);
  }
}

/** Runs kubectl with these arguments, and its usual environment. @throws DeliveryError if it cannot be started. */
export function runKubectl(
  args: readonly string[],
  { program, environment }: KubectlSettings,
  limit: Limit,
  stdout?: KeptOutput,
): Promise<Finished> {
  return startKubectl({ file: program, args, env: kubectlEnvironment(environment) }, limit, stdout);
}

/** Its exit status means nothing if it was ended at its time limit. */
export function hasSucceeded({ status, timedOut }: Finished): boolean {
  return status === 0 && !timedOut;
}

/** Milliseconds for each request of a command that may send two: discovery comes before the request itself. */
export function requestTimeoutWithin({ deadline }: Limit): number {
  return Math.max(1, Math.floor(deadline.remaining() / 2000)) * 1000;
}

/**
 * The arguments for the API server, the credentials and the time limit of a request.
 * @param requestTimeout milliseconds; undefined = the caller limits the time
 */
export function accessArguments(
  { context, kubeconfig, environment }: KubectlSettings,
  requestTimeout?: number,
): string[] {
  // with --request-timeout kubectl ignores the service account (README.md), so in a pod only the deadline ends it
  const inPod = kubeconfig === undefined && usesServiceAccount(environment);
  return [
    ...(inPod || requestTimeout === undefined ? [] : [`--request-timeout=${String(requestTimeout)}ms`]),
    ...(context === undefined ? [] : [`--context=${context}`]),
    ...(kubeconfig === undefined ? [] : [`--kubeconfig=${kubeconfig}`]),
    // without a home folder, kubectl would put its discovery cache into the working directory; KUBECACHEDIR is known from 1.27 on
    ...(homeFolder(environment) === undefined
      ? [`--cache-dir=${environment['KUBECACHEDIR'] || '/dev/null/none'}`]
      : []),
  ];
}
