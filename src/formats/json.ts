import type { StatusDocument } from '../document/schema.ts';
import type { Rendering } from './index.ts';

/** One line, as programs read it; indented for a person at a terminal. */
export function formatJson(document: StatusDocument, { indented }: Pick<Rendering, 'indented'>): string {
  return `${JSON.stringify(document, null, indented ? 2 : undefined)}\n`;
}
