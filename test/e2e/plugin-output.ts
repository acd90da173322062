/** What a monitoring system reads in the output of a plugin. */
export interface PluginOutput {
  /** The first line: the status page and the pager show nothing else. */
  summary: string;
  details: string[];
  /** Under its label each number: as it stands, and what is well. */
  measures: Record<string, Measure>;
}

export interface Measure {
  value: number;
  unit: string;
  /** Warning, critical, least and most, as far as they are given. */
  ranges: string[];
}

/** Monitoring Plugins Development Guidelines, performance data: 'label'=value[UOM];[warn];[crit];[min];[max] */
const NUMBER = String.raw`-?\d+(?:\.\d+)?`;
const RANGE = `(?:@?(?:(?:${NUMBER}|~):)?(?:${NUMBER})?)`;
const MEASURE = new RegExp(
  `^(?:'(?<quoted>(?:[^'=]|'')+)'|(?<bare>[^\\s'=]+))=(?<value>${NUMBER})(?<unit>[um]?s|%|[KMGT]?B|c)?(?<ranges>(?:;${RANGE}){0,4})$`,
);

/** Divides the output as the guidelines say. @throws where it does not keep to them. */
export function parsePluginOutput(stdout: string): PluginOutput {
  if (!stdout.endsWith('\n')) throw new Error('the last line has no end');
  // performance data begins at a | and is in effect until the end
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

/** Between blanks, which a label in quotes may hold too. */
function words(data: string): string[] {
  return data.match(/(?:'[^']*'|\S)+/g) ?? [];
}
