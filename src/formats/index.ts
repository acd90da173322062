import type { Judged } from '../document/cluster.ts';

/** All that may shape a text besides the clusters themselves. */
export interface Rendering {
  /** How wide a person's terminal is, in cells. */
  columns: number;
  /** Whether a terminal understands colours. */
  colour: boolean;
  /** Whether JSON is for a person's eyes. */
  indented: boolean;
  /** The time that ages count from, epoch milliseconds. */
  now: number;
  /** Whether Prometheus gets the names of WAL-G's own exporter too. */
  walgCompat: boolean;
  /** Whether this node publishes what is shown; undefined = that was not asked for. */
  publishes?: boolean | undefined;
  /** There may be any number of clusters: JSON is an array then, even of one. */
  isList: boolean;
}

/** One file per format. */
export type Format = (clusters: readonly Judged[], rendering: Rendering) => string;

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
