import { stringify } from 'yaml';
import type { Judged } from '../document/cluster.ts';
import type { Rendering } from './index.ts';
import { shape } from './shape.ts';

/**
 * For people who read YAML. Texts that YAML 1.1 takes for something else (`on`, a time of day) are quoted, for PyYAML and others
 * still read that; the newest backup, which stands in two places, is written out in both; no line is folded.
 */
export function formatYaml(clusters: readonly Judged[], { isList }: Pick<Rendering, 'isList'>): string {
  return stringify(shape(clusters, isList), { compat: 'yaml-1.1', aliasDuplicateObjects: false, lineWidth: 0 });
}
