import type { StatusDocument } from '../document/schema.ts';

/** One line, as programs read it; indented for a person at a terminal. */
export function formatJson(document: StatusDocument, { indented }: { indented: boolean }): string {
  return `${JSON.stringify(document, null, indented ? 2 : undefined)}\n`;
}
