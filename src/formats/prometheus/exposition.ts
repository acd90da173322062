export type Labels = Readonly<Record<string, string | number>>;

/** Labels as text, each with a comma before it. */
export type LabelText = string;

export interface Sample {
  labels?: Labels | LabelText;
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
  labels: LabelText;
  metrics: readonly Metric[];
}

interface Metric {
  name: string;
  help: string;
  /** Its samples, each after a line feed. Empty = no value is known, which keeps its place in the order of the metrics. */
  lines: string;
}

/**
 * Writes the metrics of one cluster, so that its document is not needed any more.
 * @param common the labels of the cluster; no metric has a label of the same name.
 */
export function writeMetrics(common: Labels, families: readonly Family[]): ClusterMetrics {
  const labels = writeLabels(common);
  const metrics = families.map(({ name, help, samples }) => {
    return { name, help, lines: writeSamples(samples, `${name}{${labels.slice(1)}`) };
  });
  return { labels, metrics };
}

/**
 * The lines of the samples with a known value; of a repeated series the first.
 * @param start how each line begins: the metric and the labels of the cluster.
 */
function writeSamples(samples: readonly Sample[], start: string): string {
  const ends = [''];
  const taken = samples.length > 1 ? new Set<string>() : undefined;
  for (const { labels = '', value } of samples) {
    if (value === null || value === undefined) continue;
    const number = Number(value);
    if (Number.isNaN(number)) continue;
    const own = typeof labels === 'string' ? labels : writeLabels(labels);
    if (taken?.has(own)) continue;
    taken?.add(own);
    ends.push(`${own}} ${writeValue(number)}`);
  }
  return ends.join(`\n${start}`);
}

/**
 * The text of all metrics, each once with the series of all clusters, because a second HELP or TYPE or a repeated series breaks the whole
 * scrape. Of two clusters with the same labels only the first is used: a mixture of both would describe neither.
 */
export function expose(clusters: readonly ClusterMetrics[]): string {
  const texts = new Map<string, string>();
  const taken = new Set<string>();
  for (const { labels, metrics } of clusters) {
    if (taken.has(labels)) continue;
    taken.add(labels);
    for (const { name, help, lines } of metrics) {
      const text = texts.get(name) ?? '';
      texts.set(name, `${text === '' && lines !== '' ? heading(name, help) : text}${lines}`);
    }
  }
  return [...texts.values(), '\n'].join('').slice(1);
}

function heading(name: string, help: string): string {
  return `\n# HELP ${name} ${escapeHelp(help)}\n# TYPE ${name} gauge`;
}

/** The text of labels that several metrics have. */
export function writeLabels(labels: Labels): LabelText {
  let text = '';
  for (const name in labels) text += `,${name}="${escapeLabel(String(labels[name]))}"`;
  return text;
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

/** Most texts: ASCII that is visible, without what has an escape. */
const PLAIN = /^[ !#-[\]-~]*$/;

function escapeLabel(text: string): string {
  if (PLAIN.test(text)) return text;
  return labelText(text).replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
}

function escapeHelp(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n');
}
