import type { Judged } from '../document/cluster.ts';
import { withinBytes } from './zabbix/budget.ts';

/** The key of the trapper item in the template for pushed values. */
const KEY = 'postgres-status.pushed';

/**
 * What `zabbix_sender -i -` reads: the host (`-` = that of its own -s or -c), the key, and the value of --format zabbix in quotes. No
 * cluster is left out, because the limit of 512 KB is that of the agent.
 */
export function formatZabbixSender(clusters: readonly Judged[]): string {
  const value = withinBytes(clusters, Infinity).trimEnd();
  return value === '' ? '' : `- ${KEY} "${value.replaceAll(/["\\]/g, '\\$&')}"\n`;
}
