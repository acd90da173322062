import { Document, Scalar, visit } from 'yaml';
import { escapeUnprintable, hasUnprintable } from './escape.ts';
import type { Format } from './format.ts';
import { listed } from './listed.ts';

/**
 * YAML. Strings that YAML 1.1 reads as another type (`on`, a time of day) are quoted, because PyYAML and others read YAML 1.1; so are
 * those with characters that parsers treat as line breaks or terminals interpret. The newest backup, which occurs twice, is written out
 * both times instead of as an alias. No line is folded.
 */
export const yaml: Format<string> = {
  one(cluster, { isList }) {
    return isList ? stringify([listed(cluster)]) : stringify(cluster.document);
  },
  row(cluster) {
    return stringify([listed(cluster)]);
  },
  several(rows) {
    return rows.length === 0 ? '[]\n' : rows.join('');
  },
};

function stringify(value: unknown): string {
  const document = new Document(value, { compat: 'yaml-1.1', aliasDuplicateObjects: false });
  visit(document, {
    Scalar(_key, node) {
      if (typeof node.value === 'string' && (node.value === '=' || node.value === '<<' || hasUnprintable(node.value)))
        node.type = Scalar.QUOTE_DOUBLE;
    },
  });
  return escapeUnprintable(document.toString({ lineWidth: 0 }));
}
