import type { Judged } from '../document/cluster.ts';
import { MOST_BYTES, withinBytes } from './zabbix/budget.ts';

/**
 * One value for one item of Zabbix: a JSON array of rows, from which the template in examples/zabbix/ makes all others. A Zabbix agent
 * passes on at most 512 KB, so the best clusters are left out first, and counted. Nothing where no context could be listed.
 */
export function formatZabbix(clusters: readonly Judged[]): string {
  return withinBytes(clusters, MOST_BYTES);
}
