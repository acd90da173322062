import type { Format } from './format.ts';

/** All formats by the name in --format. Only the one that a run uses is loaded. */
export const formats = {
  json: async () => (await import('./json.ts')).json,
  yaml: async () => (await import('./yaml.ts')).yaml,
  report: async () => (await import('./report.ts')).report,
  prometheus: async () => (await import('./prometheus.ts')).prometheus,
  nagios: async () => (await import('./nagios.ts')).nagios,
  zabbix: async () => (await import('./zabbix.ts')).zabbix,
  'zabbix-sender': async () => (await import('./zabbix-sender.ts')).zabbixSender,
} satisfies Record<string, () => Promise<Format>>;

export type FormatName = keyof typeof formats;

export const formatNames = Object.keys(formats) as FormatName[];

/** A Zabbix agent merges stderr into the value of the item, so runs in these formats print nothing there. */
export function isForZabbix(format: FormatName): boolean {
  return format === 'zabbix' || format === 'zabbix-sender';
}
