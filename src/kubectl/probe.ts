import * as z from 'zod/mini';
import { asError, DeliveryError } from '../errors.ts';
import type { Limit } from '../system/deadline.ts';
import { fit, parseJson } from '../text/json.ts';
import { whyNotPatched } from './errors.ts';
import { sendPatch } from './patch.ts';
import type { ConfigMap, KubectlSettings } from './settings.ts';
import { accessArguments, hasSucceeded, requestTimeoutWithin, runKubectl } from './start.ts';

/** Checks that --doctor makes with kubectl before anything is published. */

const labels = z.optional(z.record(z.string(), z.string()));

const patched = z.looseObject({
  metadata: z.looseObject({ name: z.string(), namespace: z.optional(z.string()), labels }),
  immutable: z.optional(z.boolean()),
});

/** A ConfigMap, as the API server sends it back. */
export type PatchedConfigMap = z.infer<typeof patched>;

/** An object has a few dozen keys; what was published is one string. */
const MOST_ELEMENTS = 10_000;

/**
 * Patches the ConfigMap with `{}`, which changes nothing and needs the same permission as publishing.
 * @throws DeliveryError with the reason why it could not be patched.
 */
export async function tryPatch(
  configMap: ConfigMap,
  settings: KubectlSettings,
  limit: Limit,
): Promise<PatchedConfigMap> {
  const finished = await sendPatch({}, configMap, settings, limit, ['--output=json']);
  if (!hasSucceeded(finished)) throw new DeliveryError(whyNotPatched(finished, configMap));
  try {
    return fit(patched, parseJson(finished.stdout, { elements: MOST_ELEMENTS }), 'kubectl patch');
  } catch (error) {
    throw new DeliveryError(`the reply is not a ConfigMap: ${asError(error).message}`);
  }
}

const versions = z.looseObject({ clientVersion: z.looseObject({ gitVersion: z.string() }) });

/** The version of kubectl itself, such as `1.32.4`. @throws DeliveryError if kubectl fails or prints no version. */
export async function kubectlVersion(settings: KubectlSettings, limit: Limit): Promise<string> {
  const finished = await runKubectl(['version', '--client', '--output=json'], settings, limit);
  const version = hasSucceeded(finished) ? parsed(versions, finished.stdout)?.clientVersion.gitVersion : undefined;
  const [, numbers] = /^v?(\d+\.\d+(?:\.\d+)?)/.exec(version ?? '') ?? [];
  if (numbers !== undefined) return numbers;
  const ended = finished.timedOut
    ? 'it did not end in time'
    : `exit status ${String(finished.status ?? finished.signal)}`;
  throw new DeliveryError(`${settings.program} version does not print the version of a kubectl (${ended})`);
}

const namespaces = z.looseObject({ metadata: z.looseObject({ labels }) });

/** The labels of a namespace; undefined = this account may not read them, or it does not exist. */
export async function namespaceLabels(
  name: string,
  settings: KubectlSettings,
  limit: Limit,
): Promise<Record<string, string> | undefined> {
  const args = ['get', 'namespace', name, '--output=json', ...accessArguments(settings, requestTimeoutWithin(limit))];
  const finished = await runKubectl(args, settings, limit);
  if (!hasSucceeded(finished)) return undefined;
  const namespace = parsed(namespaces, finished.stdout);
  return namespace && (namespace.metadata.labels ?? {});
}

/**
 * The header `Date` of a reply of the API server; undefined = there was no reply. kubectl prints the headers of replies with `--v=8` and
 * above, and masks the token in those of requests.
 */
export async function serverDate(settings: KubectlSettings, limit: Limit): Promise<string | undefined> {
  const args = ['get', '--raw=/version', '--v=8', ...accessArguments(settings, requestTimeoutWithin(limit))];
  const { stderr } = await runKubectl(args, settings, limit);
  return [...stderr.matchAll(/\bDate: (\w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d GMT)/g)].at(-1)?.[1];
}

function parsed<Schema extends z.ZodMiniType>(schema: Schema, text: string): z.infer<Schema> | undefined {
  try {
    return fit(schema, parseJson(text, { elements: MOST_ELEMENTS }), 'kubectl');
  } catch {
    return undefined;
  }
}
