import { Document, Scalar, visit } from 'yaml';
import type { Judged } from '../document/cluster.ts';
import type { Rendering } from './format.ts';
import { escapeUnprintable, hasUnprintable } from './escape.ts';
import { shape } from './shape.ts';

/**
 * YAML. Strings that YAML 1.1 reads as another type (`on`, a time of day) are quoted, because PyYAML and others read YAML 1.1; so are
 * those with characters that parsers treat as line breaks or terminals interpret. The newest backup, which occurs twice, is written out
 * both times instead of as an alias. No line is folded.
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
