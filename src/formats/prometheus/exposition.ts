export type Labels = Readonly<Record<string, string | number>>;

export interface Sample {
  labels?: Labels;
  /** null or undefined = not known; the sample is left out, because 0 would be a claim. */
  value: number | boolean | null | undefined;
}

/** A metric with its series. node_exporter drops a metric whose HELP differs between two files, so a released text must not change. */
export interface Family {
  name: string;
  help: string;
  samples: readonly Sample[];
}

/** A metric with several series, or with a single one that has only the labels of the cluster. */
export function gauge(name: string, help: string, samples: readonly Sample[] | Sample['value']): Family {
  return { name, help, samples: typeof samples === 'object' && samples !== null ? samples : [{ value: samples }] };
}

/** The metrics of one cluster, and the labels of all its series. */
export interface Exposed {
  labels: Labels;
  families: readonly Family[];
}

/**
 * The text of all metrics, each once with the series of all clusters, because a second HELP or TYPE or a repeated series breaks the whole
 * scrape. Of two clusters with the same labels only the first is used: a mixture of both would describe neither.
 */
export function expose(clusters: readonly Exposed[]): string {
  const metrics = new Map<string, { help: string; lines: string[] }>();
  const taken = new Set<string>();
  for (const { labels, families } of clusters) {
    const cluster = writeLabels(labels);
    if (taken.has(cluster)) continue;
    taken.add(cluster);
    for (const { name, help, samples } of families) {
      const metric = metrics.get(name) ?? { help, lines: [] };
      metrics.set(name, metric);
      for (const [series, value] of distinct(samples, labels)) metric.lines.push(`${name}${series} ${value}\n`);
    }
  }
  return [...metrics]
    .filter(([, { lines }]) => lines.length > 0)
    .map(([name, { help, lines }]) => `# HELP ${name} ${escapeHelp(help)}\n# TYPE ${name} gauge\n${lines.join('')}`)
    .join('');
}

/** The series with a known value; of repeated ones the first. */
function distinct(samples: readonly Sample[], common: Labels): Map<string, string> {
  const series = new Map<string, string>();
  for (const { labels, value } of samples) {
    if (value === null || value === undefined || Number.isNaN(Number(value))) continue;
    const key = writeLabels({ ...common, ...labels });
    if (!series.has(key)) series.set(key, writeValue(Number(value)));
  }
  return series;
}

function writeLabels(labels: Labels): string {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}="${escapeLabel(String(value))}"`);
  return `{${pairs.join(',')}}`;
}

/** Go parses JavaScript's notation of numbers, except for infinity. */
function writeValue(value: number): string {
  return Number.isFinite(value) ? String(value) : value > 0 ? '+Inf' : '-Inf';
}

/** Control characters, except the line feed, which has an escape: the text may be viewed in a terminal. */
const CONTROLS = /[^\P{Cc}\n]|[\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/gu;

/** The text of a label: what is neither Unicode nor visible is replaced. */
export function labelText(text: string): string {
  return text.toWellFormed().replace(CONTROLS, '\ufffd');
}

function escapeLabel(text: string): string {
  return labelText(text).replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
}

function escapeHelp(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n');
}
