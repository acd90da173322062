import { type Cluster, nameCluster, type Origin } from '../document/cluster.ts';
import { asError, CollectError, isForeseen } from '../errors.ts';
import { getConfig, ReadError, type Reading } from '../kubectl/get.ts';
import { type FoundConfigMap, getConfigMap, listConfigMaps, listNamespaces, type Query } from '../kubectl/list.ts';
import { clusterNamedBy, isFoundByZabbix, ZABBIX_LABEL } from '../kubectl/published.ts';
import type { Limit } from '../system/deadline.ts';
import { isFreeOfSecrets, type Redact } from '../text/redact.ts';
import { parseDocument } from './document.ts';
import type { FromConfigMaps, See, Source } from './source.ts';

const NAMESPACE_LABEL = `${ZABBIX_LABEL}=true`;

const MOST_NAMESPACES_AT_ONCE = 4;
/** Each kubectl takes 50 MiB. */
const MOST_CONTEXTS_AT_ONCE = 16;

/** Reads published documents: one ConfigMap, or all of them in one or several Kubernetes clusters. */
export const readConfigMaps: Source = async ({ from, scope }, { log, redact }, { collect }, see) => {
  if (from === undefined) throw new Error('no ConfigMap to read was named');
  const contexts = await contextsOf(from, collect);
  const readWith = <Seen>(context: string | null, seen: See<Seen>) =>
    readContext(context, from, collect, takingFor(context, { asked: scope, redact, see: seen }));
  const [context = null, ...others] = contexts;
  if (from.configMap !== undefined && others.length === 0) {
    const [only] = await readWith(context, (cluster) => cluster);
    if (only?.error !== null) throw new CollectError(`ConfigMap ${from.configMap}: ${only?.error ?? 'was not read'}`);
    return { clusters: [see(only)], isList: false, gate: READ };
  }
  const read = contexts.map((each) => () => readWith(each, see));
  const clusters = (await someAtOnce(read, MOST_CONTEXTS_AT_ONCE)).flat();
  if (clusters.length === 0) log.note(NONE);
  return { clusters, isList: true, gate: READ };
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
async function readContext<Seen>(
  context: string | null,
  from: FromConfigMaps,
  limit: Limit,
  taking: Taking<Seen>,
): Promise<Seen[]> {
  const reading = readingOf(context, from, limit);
  try {
    if (from.configMap === undefined) return await readMany(from, context, reading, taking);
    return [await readOne(from.configMap, from.namespace ?? (await ownNamespace(reading)), context, reading, taking)];
  } catch (error) {
    return [taking.miss(error, { context, unlisted: null })];
  }
}

async function readOne<Seen>(
  name: string,
  namespace: string,
  context: string | null,
  reading: Reading,
  { take, miss }: Taking<Seen>,
): Promise<Seen> {
  try {
    return take(await getConfigMap(name, namespace, reading));
  } catch (error) {
    return miss(error, { context, namespace, configmap: name });
  }
}

/** The ConfigMaps with the user's selector, else those that Zabbix finds: in a namespace, in all, or in the labelled ones. */
async function readMany<Seen>(
  { selector, namespace, allNamespaces, ownNamespaceOnly }: FromConfigMaps,
  context: string | null,
  reading: Reading,
  { take, miss }: Taking<Seen>,
): Promise<Seen[]> {
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
      return [miss(error, { context, unlisted: name })];
    }
  });
  return (await someAtOnce(each, MOST_NAMESPACES_AT_ONCE)).flat();
}

/** The namespace of the context, as kubectl would use it. */
async function ownNamespace({ kubectl, limit }: Reading): Promise<string> {
  const told = await getConfig(['view', '--minify', '--output=jsonpath={..namespace}'], kubectl, limit);
  return told === '' ? 'default' : told;
}

/** What becomes of a ConfigMap, and of one or a list of them that could not be read. */
interface Taking<Seen> {
  take: (found: FoundConfigMap) => Seen;
  /** @throws the error if it is a bug. */
  miss: (error: unknown, origin: KubernetesOrigin) => Seen;
}

/** What `Cluster` needs besides the ConfigMap. */
interface Making {
  /** The name given with --scope. */
  asked: string | undefined;
  redact: Redact;
}

function takingFor<Seen>(context: string | null, making: Making & { see: See<Seen> }): Taking<Seen> {
  const { see } = making;
  return {
    take: (found) => see(clusterOf(found, context, making)),
    miss(error, origin) {
      if (!(error instanceof ReadError) && !isForeseen(error)) throw error;
      return see(unread(error, origin));
    },
  };
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
