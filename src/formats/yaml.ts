import { Document, Scalar, visit } from 'yaml';
import type { Judged } from '../document/cluster.ts';
import type { Rendering } from './format.ts';
import { escapeUnprintable, hasUnprintable } from './escape.ts';
import { shape } from './shape.ts';

/**
 * For people who read YAML. Texts that YAML 1.1 takes for something else (`on`, a time of day) are quoted, for PyYAML and others
 * still read that, and so are those with characters that a parser takes for a line break or a terminal obeys; the newest backup, which stands in two places, is written out in both; no line is folded.
 */
export function formatYaml(clusters: readonly Judged[], { isList }: Pick<Rendering, 'isList'>): string {
  const document = new Document(shape(clusters, isList), { compat: 'yaml-1.1', aliasDuplicateObjects: false });
  visit(document, {
    Scalar(_key, node) {
      if (typeof node.value === 'string' && (node.value === '=' || node.value === '<<' || hasUnprintable(node.value)))
        node.type = Scalar.QUOTE_DOUBLE;
    },
  });
  return escapeUnprintable(document.toString({ lineWidth: 0 }));
}
