import type { Format } from './format.ts';

/** Every format under the name that options call it; what a run does not use is not loaded. */
export const formats = {
  json: async () => (await import('./json.ts')).formatJson,
  yaml: async () => (await import('./yaml.ts')).formatYaml,
  report: async () => (await import('./report.ts')).formatReport,
  prometheus: async () => (await import('./prometheus.ts')).formatPrometheus,
  nagios: async () => (await import('./nagios.ts')).formatNagios,
} satisfies Record<string, () => Promise<Format>>;

export type FormatName = keyof typeof formats;

export const formatNames = Object.keys(formats) as FormatName[];
