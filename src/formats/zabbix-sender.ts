import type { Format } from './format.ts';
import { type Part, partOf, withinBytes } from './zabbix/budget.ts';

/** The key of the trapper item in the template for pushed values. */
const KEY = 'postgres-status.pushed';

/**
 * What `zabbix_sender -i -` reads: the host (`-` = that of its own -s or -c), the key, and the value of --format zabbix in quotes. No
 * cluster is left out, because the limit of 512 KB is that of the agent.
 */
export const zabbixSender: Format<Part> = {
  row: partOf,
  several(parts) {
    const value = withinBytes(parts, Infinity).trimEnd();
    return value === '' ? '' : `- ${KEY} "${value.replaceAll(/["\\]/g, '\\$&')}"\n`;
  },
};
