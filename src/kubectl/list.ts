import * as z from 'zod/mini';
import { asError } from '../errors.ts';
import { fit, parseJson } from '../text/json.ts';
import { quickFit } from '../text/quick-fit.ts';
import type { Complaint } from './complaint.ts';
import { getRaw, NOT_JSON, ReadError, type Reading, type Remedy, streamRaw } from './get.ts';
import { MOST_BYTES_OF_OBJECT, MOST_VALUES } from './item-scanner.ts';
import { Items } from './items.ts';

/** The parts of a ConfigMap that are read. */
export interface FoundConfigMap {
  name: string;
  namespace: string;
  /** `data.status`; undefined = it has none. */
  status: string | undefined;
}

/** Selects ConfigMaps. */
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

/** In a fraction of zod's time; false = zod says why not. */
const isObject = quickFit(object) as (value: unknown) => value is z.infer<typeof object>;

/** A page without its items. The last page of a list with a selector may be empty, with `items: null` (src/kubectl/README.md). */
const frame = z.object({
  metadata: z.optional(z.nullable(z.object({ continue: z.optional(z.string()) }))),
  items: z.nullable(z.array(z.unknown()).check(z.maxLength(0))),
});

const MOST_ITEMS_OF_PAGE = '500';
const BOUNDS = { elements: MOST_VALUES, characters: MOST_BYTES_OF_OBJECT };

/**
 * Reads a list of ConfigMaps, page by page, and calls `take` for each item while it arrives. Returns what `take` returned. A page that is
 * not full may still be followed by others (README.md): only the continue token tells. If the token has expired, the list is read again from the
 * beginning.
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
  const { data } = understand(object, () => parseJson(text, BOUNDS));
  return { name, namespace, status: data?.status };
}

async function readPages<Item>(
  path: string,
  selector: string | undefined,
  reading: Reading,
  remedy: Remedy,
  take: (item: z.infer<typeof object>) => Item | undefined,
): Promise<Item[]> {
  const items: Item[] = [];
  let next: string | undefined;
  do {
    const query = { ...(selector && { labelSelector: selector }), ...(next && { continue: next }) };
    const parameters = new URLSearchParams({ limit: MOST_ITEMS_OF_PAGE, ...query });
    const page = new Items((value) => {
      const item = take(isObject(value) ? value : understand(object, () => value));
      if (item !== undefined) items.push(item);
    });
    await streamRaw(
      `${path}?${parameters.toString()}`,
      reading,
      (chunk) => {
        page.add(chunk);
      },
      remedy,
    );
    const { metadata } = understand(frame, () => JSON.parse(page.frame()));
    next = metadata?.continue || undefined;
  } while (next !== undefined);
  return items;
}

function understand<Schema extends z.ZodMiniType>(schema: Schema, parse: () => unknown): z.infer<Schema> {
  try {
    return fit(schema, parse(), 'the API server gave an unexpected reply');
  } catch (error) {
    throw new ReadError(error instanceof SyntaxError ? NOT_JSON : asError(error).message);
  }
}
