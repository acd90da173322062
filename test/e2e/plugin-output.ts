/** The output of a plugin, as a monitoring system parses it. */
export interface PluginOutput {
  /** The first line, the only one that status pages and pagers show. */
  summary: string;
  details: string[];
  /** The performance data by label. */
  measures: Record<string, Measure>;
}

export interface Measure {
  value: number;
  unit: string;
  /** The fields warning, critical, minimum and maximum, if given. */
  ranges: string[];
}

/** Monitoring Plugins Development Guidelines, performance data: 'label'=value[UOM];[warn];[crit];[min];[max] */
const NUMBER = String.raw`-?\d+(?:\.\d+)?`;
const RANGE = `(?:@?(?:(?:${NUMBER}|~):)?(?:${NUMBER})?)`;
const MEASURE = new RegExp(
  `^(?:'(?<quoted>(?:[^'=]|'')+)'|(?<bare>[^\\s'=]+))=(?<value>${NUMBER})(?<unit>[um]?s|%|[KMGT]?B|c)?(?<ranges>(?:;${RANGE}){0,4})$`,
);

/** Parses the output according to the guidelines. @throws if it violates them. */
export function parsePluginOutput(stdout: string): PluginOutput {
  if (!stdout.endsWith('\n')) throw new Error('the last line has no end');
  // performance data begins at the | and extends to the end
  const [text = '', data = '', ...more] = stdout.slice(0, -1).split('|');
  if (more.length > 0) throw new Error(`there is a | in performance data: ${data}`);
  if (data.includes('\n')) throw new Error(`performance data goes on in a second line: ${data}`);
  const [summary = '', ...details] = text.trimEnd().split('\n');
  const measures: PluginOutput['measures'] = {};
  for (const part of words(data)) {
    const { quoted, bare, value, unit = '', ranges = '' } = MEASURE.exec(part)?.groups ?? {};
    const label = quoted?.replaceAll("''", "'") ?? bare;
    if (label === undefined) throw new Error(`that is no performance data: ${part}`);
    if (label in measures) throw new Error(`there are two of ${label}`);
    measures[label] = { value: Number(value), unit, ranges: ranges.split(';').slice(1) };
  }
  return { summary, details, measures };
}

/** Splits at blanks, except those in quoted labels. */
function words(data: string): string[] {
  return data.match(/(?:'[^']*'|\S)+/g) ?? [];
}
