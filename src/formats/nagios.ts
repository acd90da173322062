import type { HealthCheck, StatusDocument } from '../document/schema.ts';
import { newestBackup } from '../document/backups.ts';
import { isLeader } from '../document/members.ts';
import { printable } from '../system/printable.ts';
import { performanceData, type Measure, type Range } from './nagios/performance-data.ts';
import type { Rendering } from './index.ts';

/** Worst first. It is the order of `health.status` too: critical, unknown, warning, ok; what cannot be seen is worse than a warning. */
const ORDER: readonly HealthCheck['status'][] = ['critical', 'unknown', 'warning', 'ok'];

/** Status pages and pagers show the first line alone, and cut it. */
const LONGEST_SUMMARY = 240;
const LONGEST_DETAIL = 500;
const MOST_MEMBERS = 50;

/**
 * The output of a monitoring plugin: one line that says it all, one line for each check, and the performance data, which begins at
 * the only `|` and reaches to the end.
 */
export function formatNagios(document: StatusDocument, { scope: fallback }: Pick<Rendering, 'scope'>): string {
  const { health } = document;
  const checks = [...(health?.checks ?? [])].sort((a, b) => ORDER.indexOf(a.status) - ORDER.indexOf(b.status));
  const scope = document.node?.scope ?? document.cluster_status.scope ?? fallback;
  const summary = health === undefined ? 'nothing was judged' : summarize(checks);
  const lines = [
    `POSTGRES ${(health?.status ?? 'unknown').toUpperCase()} - ${scope === undefined ? '' : `${scope}: `}${summary}`,
    ...checks.map(({ name, status, message }) => `[${status.toUpperCase()}] ${name}: ${message}`),
  ].map((line, index) => plain(line, index === 0 ? LONGEST_SUMMARY : LONGEST_DETAIL));
  const data = performanceData(measures(document));
  return `${lines.join('\n')}${data === '' ? '' : ` | ${data}`}\n`;
}

/** The worst reasons, and how many more there are; what is well is told by its number. */
function summarize(checks: readonly HealthCheck[]): string {
  const bad = checks.filter((check) => check.status !== 'ok');
  if (bad.length === 0) return `${checks.length} checks passed`;
  const told: string[] = [];
  for (const { name, message } of bad) {
    // a check says the worst first
    const [worst = ''] = message.split(/; |\.(?: |$)/, 1);
    const reason = `${name}: ${worst}`;
    if (told.length > 0 && [...told, reason].join('; ').length > LONGEST_SUMMARY - 60) break;
    told.push(reason);
  }
  const more = bad.length - told.length;
  return `${told.join('; ')}${more === 0 ? '' : `; and ${more} more`}`;
}

/** A threshold does not say on which side of it all is well: the verdict on the value does. `10` is 0 to 10, `10:` is 10 and more. */
function range(threshold: number | undefined, value: number | undefined, well: boolean): Range | undefined {
  if (threshold === undefined || value === undefined) return undefined;
  const most = well ? value <= threshold : value >= threshold;
  return most ? { most: threshold } : { least: threshold };
}

/** One line without the character that begins performance data. */
function plain(text: string, longest: number): string {
  const line = printable(text).replaceAll('|', '/');
  return line.length > longest
    ? `${line
        .slice(0, longest - 4)
        .toWellFormed()
        .replace(/ \S*$/, '')} ...`
    : line;
}

const UNITS: Readonly<Record<string, Measure['unit']>> = { seconds: 's', bytes: 'B', percent: '%' };

function measures(document: StatusDocument): Measure[] {
  const { cluster_status: cluster, walg_backups: backups } = document;
  const judged = (document.health?.checks ?? []).map(({ name, value, unit, threshold, status }) => ({
    label: name,
    value,
    unit: UNITS[unit ?? ''] ?? '',
    [status === 'critical' ? 'critical' : 'warning']: range(threshold, value, status === 'ok'),
  }));
  const lags = cluster.members
    .filter((member) => !isLeader(member))
    .slice(0, MOST_MEMBERS)
    .map(({ name, lag }): Measure => ({
      label: `lag_${name}`,
      value: typeof lag === 'number' ? lag : undefined,
      unit: 'B',
    }));
  const newest = newestBackup(document);
  return [
    ...judged,
    { label: 'members', value: cluster.members.length === 0 ? undefined : cluster.members.length, unit: '' },
    ...lags,
    { label: 'backups', value: backups?.count, unit: '' },
    { label: 'backup_size', value: newest?.compressed_size ?? undefined, unit: 'B' },
    { label: 'backup_duration', value: newest?.duration_seconds ?? undefined, unit: 's' },
  ];
}
