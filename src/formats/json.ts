import type { Judged } from '../document/cluster.ts';
import type { Rendering } from './format.ts';
import { escapeUnprintable } from './escape.ts';
import { shape } from './shape.ts';

/** One line for programs; indented for people at a terminal. */
export function formatJson(
  clusters: readonly Judged[],
  { indented, isList }: Pick<Rendering, 'indented' | 'isList'>,
): string {
  return `${escapeUnprintable(JSON.stringify(shape(clusters, isList), null, indented ? 2 : undefined))}\n`;
}
