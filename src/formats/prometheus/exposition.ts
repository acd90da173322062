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

/** The metrics of one cluster as text. It holds nothing of the document, so that thousands of clusters fit into memory. */
export interface ClusterMetrics {
  /** The labels that all series of the cluster have, as text. */
  labels: string;
  metrics: readonly Metric[];
}

interface Metric {
  name: string;
  help: string;
  /** The lines of its series. Empty = no value is known; the metric has its place in the order of all metrics nevertheless. */
  lines: string;
}

/** Writes the metrics of one cluster, so that its document is not needed any more. */
export function writeMetrics(common: Labels, families: readonly Family[]): ClusterMetrics {
  const metrics = families.map(({ name, help, samples }) => {
    const lines = [...distinct(samples, common)].map(([series, value]) => `${name}${series} ${value}\n`);
    return { name, help, lines: lines.join('') };
  });
  return { labels: writeLabels(common), metrics };
}

/**
 * The text of all metrics, each once with the series of all clusters, because a second HELP or TYPE or a repeated series breaks the whole
 * scrape. Of two clusters with the same labels only the first is used: a mixture of both would describe neither.
 */
export function expose(clusters: readonly ClusterMetrics[]): string {
  const texts = new Map<string, string[]>();
  const taken = new Set<string>();
  for (const { labels, metrics } of clusters) {
    if (taken.has(labels)) continue;
    taken.add(labels);
    for (const { name, help, lines } of metrics) {
      const text = texts.get(name) ?? [];
      texts.set(name, text);
      if (lines !== '') text.push(text.length === 0 ? `${heading(name, help)}${lines}` : lines);
    }
  }
  return [...texts.values()].flat().join('');
}

function heading(name: string, help: string): string {
  return `# HELP ${name} ${escapeHelp(help)}\n# TYPE ${name} gauge\n`;
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
