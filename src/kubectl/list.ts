import * as z from 'zod/mini';
import { asError } from '../errors.ts';
import { BoundError } from '../text/bounds.ts';
import { fit, parseJson } from '../text/json.ts';
import type { Complaint } from './complaint.ts';
import { getRaw, ReadError, type Reading } from './get.ts';

/** A ConfigMap as far as it is read. */
export interface FoundConfigMap {
  name: string;
  namespace: string;
  /** `data.status`; undefined = it has none. */
  status: string | undefined;
}

/** Which ConfigMaps. */
export interface Query {
  /** undefined = of all namespaces. */
  namespace?: string | undefined;
  /** A label selector; undefined = all. */
  selector?: string | undefined;
}

const object = z.object({
  metadata: z.object({ name: z.string(), namespace: z.optional(z.string()) }),
  data: z.optional(z.nullable(z.object({ status: z.optional(z.string()) }))),
});

/** The last page of a list with a selector may be empty, and its `items` null (src/kubectl/README.md). */
const page = z.object({
  metadata: z.optional(z.nullable(z.object({ continue: z.optional(z.string()) }))),
  items: z.optional(z.nullable(z.array(object))),
});
type Page = z.infer<typeof page>;

/** Items of a page; the smaller ones are tried if a page is too large to be read. */
const PAGE_SIZES = [500, 50, 5];
/** A ConfigMap holds 1 MiB; its JSON has an escape for each quotation mark. */
const BOUNDS = { elements: 10_000, characters: 4 * 1024 * 1024 };

/**
 * Reads a list of ConfigMaps page by page, so that only one page is in memory; what `take` returns of each of them. An old etcd returns
 * pages that are not full: only the continue token tells that there is more. A token that has expired begins the list once again.
 * @throws ReadError
 */
export async function listConfigMaps<Item>(
  query: Query,
  reading: Reading,
  take: (configMap: FoundConfigMap) => Item | undefined,
): Promise<Item[]> {
  const { namespace, selector } = query;
  const folder = namespace === undefined ? '' : `namespaces/${encodeURIComponent(namespace)}/`;
  const remedy = ({ reason }: Complaint) =>
    reason === 'Forbidden'
      ? `not allowed; the role needs the verb "list" on configmaps${namespace === undefined ? ' of all namespaces, or give -n and the name of one' : ` in namespace ${namespace}`}`
      : undefined;
  const collect = () =>
    readPages(`/api/v1/${folder}configmaps`, selector, reading, remedy, ({ metadata, data }) =>
      take({ name: metadata.name, namespace: metadata.namespace ?? namespace ?? '', status: data?.status }),
    );
  return collect().catch((error: unknown) => {
    if (error instanceof ReadError && error.reason === 'Expired') return collect();
    throw error;
  });
}

/** The names of the namespaces with these labels. @throws ReadError */
export function listNamespaces(selector: string, reading: Reading): Promise<string[]> {
  const remedy = ({ reason }: Complaint) =>
    reason === 'Forbidden' ? 'not allowed to list namespaces; give -n and the name of one, or -A' : undefined;
  return readPages('/api/v1/namespaces', selector, reading, remedy, ({ metadata }) => metadata.name);
}

/** One ConfigMap, for which the verb `get` is enough. @throws ReadError */
export async function getConfigMap(name: string, namespace: string, reading: Reading): Promise<FoundConfigMap> {
  const path = `/api/v1/namespaces/${encodeURIComponent(namespace)}/configmaps/${encodeURIComponent(name)}`;
  const text = await getRaw(path, reading, ({ reason }) => {
    if (reason === 'NotFound') return `there is no such ConfigMap in namespace ${namespace}`;
    return reason === 'Forbidden'
      ? `not allowed; the role needs the verb "get" on configmaps, resourceNames ["${name}"]`
      : undefined;
  });
  const { data } = understand(object, text);
  return { name, namespace, status: data?.status };
}

async function readPages<Item>(
  path: string,
  selector: string | undefined,
  reading: Reading,
  remedy: (complaint: Complaint) => string | undefined,
  take: (item: z.infer<typeof object>) => Item | undefined,
): Promise<Item[]> {
  const items: Item[] = [];
  let next: string | undefined;
  do {
    const query = { ...(selector && { labelSelector: selector }), ...(next && { continue: next }) };
    const read = await readPage(path, query, reading, remedy);
    for (const each of read.items ?? []) {
      const item = take(each);
      if (item !== undefined) items.push(item);
    }
    next = read.metadata?.continue || undefined;
  } while (next !== undefined);
  return items;
}

/** If it is too large to be read, a smaller one is. */
async function readPage(
  path: string,
  query: Readonly<Record<string, string>>,
  reading: Reading,
  remedy: (complaint: Complaint) => string | undefined,
  sizes: readonly number[] = PAGE_SIZES,
): Promise<Page> {
  const [limit, ...smaller] = sizes;
  const parameters = new URLSearchParams({ limit: String(limit), ...query });
  try {
    return understand(page, await getRaw(`${path}?${parameters.toString()}`, reading, remedy));
  } catch (error) {
    const isTooLarge = error instanceof ReadError && error.reason === 'TooLarge';
    if (!isTooLarge || smaller.length === 0) throw error;
    return readPage(path, query, reading, remedy, smaller);
  }
}

function understand<Schema extends z.ZodMiniType>(schema: Schema, text: string): z.infer<Schema> {
  try {
    return fit(schema, parseJson(text, BOUNDS), 'the API server gave an unexpected reply');
  } catch (error) {
    if (error instanceof BoundError) throw new ReadError(`its reply has ${error.message}`, 'TooLarge');
    throw new ReadError(error instanceof SyntaxError ? 'its reply is not JSON' : asError(error).message);
  }
}
