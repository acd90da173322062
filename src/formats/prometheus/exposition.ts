export type Labels = Readonly<Record<string, string | number>>;

export interface Sample {
  labels?: Labels;
  /** A sample that is not known is left out: a 0 would be a claim. */
  value: number | boolean | null | undefined;
}

/** A metric with its series. node_exporter drops a metric whose HELP differs between two files: once released, a text stays as it is. */
export interface Family {
  name: string;
  help: string;
  samples: readonly Sample[];
}

/** A metric of several series, or of the one that has no labels but the cluster's name. */
export function gauge(name: string, help: string, samples: readonly Sample[] | Sample['value']): Family {
  return { name, help, samples: typeof samples === 'object' && samples !== null ? samples : [{ value: samples }] };
}

/**
 * The text of these metrics; every series carries the cluster's name, for two files with the same series break a whole scrape.
 * A repeated series breaks it too, so the first one counts.
 */
export function expose(scope: string, families: readonly Family[]): string {
  return families
    .map(({ name, help, samples }) => {
      const series = new Map<string, string>();
      for (const { labels, value } of samples) {
        if (value === null || value === undefined || Number.isNaN(Number(value))) continue;
        const key = `${name}${writeLabels({ scope, ...labels })}`;
        if (!series.has(key)) series.set(key, writeValue(Number(value)));
      }
      if (series.size === 0) return '';
      const lines = [...series].map(([key, value]) => `${key} ${value}\n`);
      return `# HELP ${name} ${escapeHelp(help)}\n# TYPE ${name} gauge\n${lines.join('')}`;
    })
    .join('');
}

function writeLabels(labels: Labels): string {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}="${escapeLabel(String(value))}"`);
  return `{${pairs.join(',')}}`;
}

/** Go parses what JavaScript prints, but for the name of infinity. */
function writeValue(value: number): string {
  return Number.isFinite(value) ? String(value) : value > 0 ? '+Inf' : '-Inf';
}

function escapeLabel(text: string): string {
  return text.toWellFormed().replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
}

function escapeHelp(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n');
}
