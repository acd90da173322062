import { escapeUnprintable } from './escape.ts';
import type { Format, Rendering } from './format.ts';
import { listed } from './listed.ts';

/** One line for programs; indented for people at a terminal. An array if the source yields a list. */
export const json: Format<string> = {
  one(cluster, rendering) {
    if (rendering.isList) return this.several([this.row(cluster, rendering)], rendering);
    return `${stringify(cluster.document, rendering)}\n`;
  },
  row(cluster, rendering) {
    const text = stringify(listed(cluster), rendering);
    // within the array; a text in JSON has no line feed of its own
    return rendering.indented ? text.replaceAll('\n', '\n  ') : text;
  },
  several(rows, { indented }) {
    if (rows.length === 0) return '[]\n';
    const [open, between, close] = indented ? ['[\n  ', ',\n  ', '\n]\n'] : ['[', ',', ']\n'];
    // joined at once: of a fleet's tens of megabytes, each further step would make a copy
    return [...rows.map((row, index) => (index === 0 ? open : between) + row), close].join('');
  },
};

function stringify(value: unknown, { indented }: Pick<Rendering, 'indented'>): string {
  return escapeUnprintable(JSON.stringify(value, null, indented ? 2 : undefined));
}
