import type { Format } from './index.ts';

/** One line, as programs read it; indented for a person at a terminal. */
export const formatJson: Format = (document, { indented }) =>
  `${JSON.stringify(document, null, indented ? 2 : undefined)}\n`;
