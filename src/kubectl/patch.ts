import { closeSync } from 'node:fs';
import { DeliveryError, LabelsError } from '../errors.ts';
import type { ChildCommand, Finished } from '../system/child.ts';
import type { Limit } from '../system/deadline.ts';
import { kubectlEnvironment } from './environment.ts';
import { explainKubectl, explainLabels } from './errors.ts';
import { mayBeLabels } from './labels.ts';
import { openUnnamed } from './patch-file.ts';
import type { ConfigMap, KubectlSettings } from './settings.ts';
import { accessArguments, hasSucceeded, requestTimeoutWithin, startKubectl } from './start.ts';

/** The labels to set; `null` removes one, and others stay. */
export type Labels = Readonly<Record<string, string | null>>;

/** What is written to a ConfigMap. */
export interface Contents {
  /** `data.status`. */
  status: string;
  /** undefined = its labels stay as they are. */
  labels?: Labels | undefined;
}

/**
 * Writes `data.status` and the labels with one PATCH request, so that the verb `patch` is the only permission needed, and the old content
 * stays until the new one is accepted as a whole.
 * @throws LabelsError if it may be accepted without the labels, else DeliveryError that says why, and what to do.
 */
export async function patchConfigMap(
  { status, labels }: Contents,
  configMap: ConfigMap,
  settings: KubectlSettings,
  limit: Limit,
): Promise<void> {
  const content = { ...(labels && { metadata: { labels } }), data: { status } };
  const finished = await sendPatch(content, configMap, settings, limit);
  if (hasSucceeded(finished)) return;
  if (labels && mayBeLabels(finished)) throw new LabelsError(explainLabels(finished, configMap));
  throw new DeliveryError(explainKubectl(finished, configMap));
}

/** Sends one PATCH request. @throws DeliveryError if kubectl cannot be started. */
export async function sendPatch(
  content: object,
  configMap: ConfigMap,
  settings: KubectlSettings,
  limit: Limit,
  more: readonly string[] = [],
): Promise<Finished> {
  const patch = JSON.stringify(content);
  const args = [...patchArguments(configMap, settings, limit), ...more];
  const descriptor = openUnnamed(patch);
  try {
    const command =
      descriptor === undefined
        ? throughShell(configMap, settings, args, patch)
        : direct(configMap, settings, args, descriptor);
    return await startKubectl(command, limit);
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
  }
}

function direct(
  configMap: ConfigMap,
  { program, environment }: KubectlSettings,
  args: readonly string[],
  descriptor: number,
): ChildCommand {
  return { file: program, args, env: kubectlEnvironment(environment), input: manifest(configMap), descriptor };
}

/** Without an unnamed file: a shell creates real pipes, which kubectl can open again. */
function throughShell(
  configMap: ConfigMap,
  { program, environment }: KubectlSettings,
  args: readonly string[],
  patch: string,
): ChildCommand {
  const script = 'object=$1; shift; cat | { exec 3<&0; printf %s "$object" | "$@"; }';
  return {
    file: '/bin/sh',
    args: ['-c', script, 'sh', manifest(configMap), program, ...args],
    env: kubectlEnvironment(environment),
    input: patch,
  };
}

/** The object to patch, as a manifest on stdin: for an object named by an argument, kubectl would send a GET first. */
function manifest({ name, namespace }: ConfigMap): string {
  return JSON.stringify({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name, ...(namespace !== undefined && { namespace }) },
  });
}

function patchArguments({ namespace }: ConfigMap, settings: KubectlSettings, limit: Limit): string[] {
  return [
    'patch',
    '--filename=-',
    '--type=merge',
    '--patch-file=/dev/fd/3',
    ...(namespace === undefined ? [] : [`--namespace=${namespace}`]),
    ...accessArguments(settings, requestTimeoutWithin(limit)),
  ];
}
