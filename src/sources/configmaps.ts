import { type Cluster, nameCluster, type Origin } from '../document/cluster.ts';
import { asError, CollectError } from '../errors.ts';
import { getConfig, ReadError, type Reading } from '../kubectl/get.ts';
import { type FoundConfigMap, getConfigMap, listConfigMaps, listNamespaces, type Query } from '../kubectl/list.ts';
import { clusterNamedBy, isFoundByZabbix, ZABBIX_LABEL } from '../kubectl/published.ts';
import type { Limit } from '../system/deadline.ts';
import { isFreeOfSecrets, type Redact } from '../text/redact.ts';
import { parseDocument } from './document.ts';
import type { FromConfigMaps, Source } from './source.ts';

const NAMESPACE_LABEL = `${ZABBIX_LABEL}=true`;

const MOST_NAMESPACES_AT_ONCE = 4;
/** Each kubectl takes 50 MiB. */
const MOST_CONTEXTS_AT_ONCE = 16;

/** Reads published documents: one ConfigMap, or all of them in one or several Kubernetes clusters. */
export const readConfigMaps: Source = async ({ from, scope }, { log, redact }, { collect }) => {
  if (from === undefined) throw new Error('no ConfigMap to read was named');
  const contexts = await contextsOf(from, collect);
  const read = contexts.map((context) => () => readContext(context, from, { asked: scope, redact }, collect));
  const clusters = (await someAtOnce(read, MOST_CONTEXTS_AT_ONCE)).flat();
  const [only] = clusters;
  const isList = from.configMap === undefined || contexts.length > 1;
  if (!isList && only?.error != null) throw new CollectError(`ConfigMap ${from.configMap ?? ''}: ${only.error}`);
  if (clusters.length === 0) log.note(NONE);
  return { clusters, isList, gate: READ };
};

const NONE =
  'no published document was found: without -n, -A or --selector, only namespaces with the label ' +
  `${NAMESPACE_LABEL} are read, and only names that begin with status-postgres- or status-citus-`;

type KubernetesOrigin = Extract<Origin, { context: string | null }>;

/** A document that was read back is never published, so this has no effect. */
const READ = { publishing: 'allowed' } as const;

/** null = the current one. @throws CollectError if the kubeconfig's contexts cannot be listed. */
async function contextsOf(from: FromConfigMaps, limit: Limit): Promise<(string | null)[]> {
  if (from.contexts !== 'all') return from.contexts.length === 0 ? [null] : [...from.contexts];
  try {
    const names = (await getConfig(['get-contexts', '--output=name'], from.kubectl, limit)).split('\n');
    const contexts = names.filter((name) => name !== '');
    if (contexts.length > 0) return contexts;
  } catch (error) {
    throw new CollectError(`--all-contexts: ${asError(error).message}`);
  }
  throw new CollectError('--all-contexts: the kubeconfig has no context');
}

function readingOf(context: string | null, { kubectl, requestTimeout }: FromConfigMaps, limit: Limit): Reading {
  return { kubectl: { ...kubectl, context: context ?? undefined }, requestTimeout, limit };
}

/** A context that cannot be read becomes one row with the error, so that it does not look like a context without clusters. */
async function readContext(
  context: string | null,
  from: FromConfigMaps,
  making: Making,
  limit: Limit,
): Promise<Cluster[]> {
  const reading = readingOf(context, from, limit);
  const take = (found: FoundConfigMap) => clusterOf(found, context, making);
  try {
    if (from.configMap !== undefined) {
      const namespace = from.namespace ?? (await ownNamespace(reading));
      return [await readOne(from.configMap, namespace, context, reading, take)];
    }
    return await readMany(from, context, reading, take);
  } catch (error) {
    return [unread(error, { context, unlisted: null })];
  }
}

async function readOne(
  name: string,
  namespace: string,
  context: string | null,
  reading: Reading,
  take: (found: FoundConfigMap) => Cluster,
): Promise<Cluster> {
  try {
    return take(await getConfigMap(name, namespace, reading));
  } catch (error) {
    return unread(error, { context, namespace, configmap: name });
  }
}

/** The ConfigMaps with the user's selector, else those that Zabbix finds: in a namespace, in all, or in the labelled ones. */
async function readMany(
  { selector, namespace, allNamespaces, ownNamespaceOnly }: FromConfigMaps,
  context: string | null,
  reading: Reading,
  take: (found: FoundConfigMap) => Cluster,
): Promise<Cluster[]> {
  const list = (query: Query, isWanted: (found: FoundConfigMap) => boolean) =>
    listConfigMaps(query, reading, (found) => (isWanted(found) ? take(found) : undefined));
  const isPublished = ({ name }: FoundConfigMap) => isFoundByZabbix(name);
  const one = namespace ?? (ownNamespaceOnly ? await ownNamespace(reading) : undefined);
  if (selector !== undefined) return list({ namespace: one, selector }, () => true);
  if (one !== undefined) return list({ namespace: one }, isPublished);
  if (allNamespaces) return list({}, isPublished);
  const labelled = await listNamespaces(NAMESPACE_LABEL, reading);
  if (labelled.length === 0) return [];
  const names = new Set(labelled);
  try {
    return await list({}, (found) => isPublished(found) && names.has(found.namespace));
  } catch (error) {
    if (!(error instanceof ReadError) || error.reason !== 'Forbidden') throw error;
  }
  const each = labelled.map((name) => async () => {
    try {
      return await list({ namespace: name }, isPublished);
    } catch (error) {
      return [unread(error, { context, unlisted: name })];
    }
  });
  return (await someAtOnce(each, MOST_NAMESPACES_AT_ONCE)).flat();
}

/** The namespace of the context, as kubectl would use it. */
async function ownNamespace({ kubectl, limit }: Reading): Promise<string> {
  const told = await getConfig(['view', '--minify', '--output=jsonpath={..namespace}'], kubectl, limit);
  return told === '' ? 'default' : told;
}

/** What `Cluster` needs besides the ConfigMap. */
interface Making {
  /** The name given with --scope. */
  asked: string | undefined;
  redact: Redact;
}

function clusterOf(
  { name: configmap, namespace, status }: FoundConfigMap,
  context: string | null,
  { asked, redact }: Making,
): Cluster {
  const origin = { context, namespace, configmap };
  const otherwise = clusterNamedBy(configmap);
  try {
    const text = textOf(status);
    const document = parseDocument(text, 'its data.status');
    const name = nameCluster(document, { asked, otherwise });
    return { name, origin, document, error: null, isFreeOfSecrets: isFreeOfSecrets(text, redact) };
  } catch (error) {
    return { name: asked ?? otherwise, origin, document: null, error: asError(error).message };
  }
}

/** The documentation of the old consumer creates the ConfigMap with the status `null`. */
function textOf(status: string | undefined): string {
  if (status === undefined) throw new CollectError('it has no data.status: nothing was published yet');
  if (status.trim() === 'null') throw new CollectError('its data.status is null: nothing was published yet');
  return status;
}

function unread(error: unknown, origin: KubernetesOrigin): Cluster {
  return { name: nameOf(origin), origin, document: null, error: asError(error).message };
}

function nameOf(origin: KubernetesOrigin): string {
  if ('configmap' in origin) return clusterNamedBy(origin.configmap);
  return origin.unlisted ?? origin.context ?? 'kubernetes';
}

/** Runs at most `most` of the tasks at once. The results are in the order of the tasks. */
async function someAtOnce<Item>(tasks: readonly (() => Promise<Item>)[], most: number): Promise<Item[]> {
  const items: Item[] = [];
  const waiting = tasks.entries();
  const work = async () => {
    for (const [index, task] of waiting) items[index] = await task();
  };
  await Promise.all(Array.from({ length: most }, work));
  return items;
}
