import type { Format } from './format.ts';
import { MOST_BYTES, type Part, partOf, withinBytes } from './zabbix/budget.ts';

/**
 * The value of one Zabbix item: a JSON array of rows, from which the template in examples/zabbix/ derives all other items. A Zabbix agent
 * sends at most 512 KB, so the healthiest clusters are left out first, and counted. Empty if no context could be listed.
 */
export const zabbix: Format<Part> = {
  row: partOf,
  several: (parts) => withinBytes(parts, MOST_BYTES),
};
