import { describeOrigin, type Origin } from '../../document/cluster.ts';
import type { Column } from './table.ts';

type KubernetesOrigin = Extract<Origin, { context: string | null }>;

/** Where the clusters were read: what is the same for all, for the title, and the column with the rest; undefined = there is no rest. */
export function places(all: readonly { origin: Origin }[]): {
  common: string;
  column?: Pick<Column, 'title' | 'cells'> | undefined;
} {
  const column = (title: string, text: (origin: Origin) => string) => ({
    title,
    cells: all.map(({ origin }) => ({ text: text(origin) })),
  });
  const origins = all.flatMap(({ origin }) => ('context' in origin ? [origin] : []));
  if (origins.length < all.length) return { common: '', column: column('FROM', describeOrigin) };
  const context = only(origins.map(({ context }) => context));
  // of a context that could not be read no namespace is known
  const namespace = only(origins.map(namespaceOf).filter((name) => name !== null));
  if (context === undefined && namespace === undefined) return { common: '', column: column('FROM', describeOrigin) };
  if (context === undefined)
    return { common: `namespace ${namespace ?? ''}`, column: column('CONTEXT', (origin) => partsOf(origin).context) };
  if (namespace === undefined)
    return {
      common: context ?? '',
      column: column('NAMESPACE', (origin) => partsOf(origin).namespace),
    };
  return { common: context === null ? `namespace ${namespace}` : `${context}/${namespace}` };
}

/** The value that all have; undefined = they differ, or there is none. */
function only<Value>(values: readonly Value[]): Value | undefined {
  return new Set(values).size === 1 ? values[0] : undefined;
}

function namespaceOf(origin: KubernetesOrigin): string | null {
  return 'unlisted' in origin ? origin.unlisted : origin.namespace;
}

function partsOf(origin: Origin): { context: string; namespace: string } {
  if (!('context' in origin)) return { context: '', namespace: '' };
  return { context: origin.context ?? '', namespace: namespaceOf(origin) ?? '' };
}
