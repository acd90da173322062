import type { Judged } from '../document/cluster.ts';
import { MOST_BYTES, withinBytes } from './zabbix/budget.ts';

/**
 * The value of one Zabbix item: a JSON array of rows, from which the template in examples/zabbix/ derives all other items. A Zabbix agent
 * sends at most 512 KB, so the healthiest clusters are left out first, and counted. Empty if no context could be listed.
 */
export function formatZabbix(clusters: readonly Judged[]): string {
  return withinBytes(clusters, MOST_BYTES);
}
