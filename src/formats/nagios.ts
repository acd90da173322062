import { newestBackup } from '../document/backups.ts';
import { isLeader } from '../document/members.ts';
import type { HealthCheck, StatusDocument } from '../document/schema.ts';
import { printable } from '../text/printable.ts';
import type { Rendering } from './index.ts';
import { performanceData, type Measure } from './nagios/performance-data.ts';

/** Worst first. It is the order of `health.status` too: critical, unknown, warning, ok; what cannot be seen is worse than a warning. */
const ORDER: readonly HealthCheck['status'][] = ['critical', 'unknown', 'warning', 'ok'];

/** Status pages and pagers show the first line alone, and cut it; Nagios keeps 8 KiB of all lines. */
const LONGEST_SUMMARY = 240;
const MOST_IN_WORDS = 160;
const LONGEST_DETAIL = 450;
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
  const first = `POSTGRES ${(health?.status ?? 'unknown').toUpperCase()} - ${scope === undefined ? '' : `${scope}: `}${summary}`;
  const details = checks.map(({ name, status, message }) => `[${status.toUpperCase()}] ${name}: ${message}`);
  const lines = [plain(first, LONGEST_SUMMARY), ...details.map((line) => plain(line, LONGEST_DETAIL))];
  const data = performanceData(measures(document));
  return `${lines.join('\n')}${data === '' ? '' : ` | ${data}`}\n`;
}

/** The worst reasons in words, and the others by their names. */
function summarize(checks: readonly HealthCheck[]): string {
  const bad = checks.filter((check) => check.status !== 'ok');
  if (bad.length === 0) return `${checks.length} checks passed`;
  const told: string[] = [];
  for (const check of bad) {
    const reason = worstReason(check);
    if (told.length > 0 && [...told, reason].join('; ').length > MOST_IN_WORDS) break;
    told.push(reason);
  }
  const others = bad.slice(told.length).map(({ name }) => name);
  return [...told, ...(others.length === 0 ? [] : [`also ${others.join(', ')}`])].join('; ');
}

/** A check says the worst first. */
function worstReason({ name, message, reasons }: HealthCheck): string {
  const worst = reasons?.[0] ?? message;
  return `${name}: ${worst.length > MOST_IN_WORDS ? cut(worst, MOST_IN_WORDS) : worst}`;
}

/** One line without the character that begins performance data. */
function plain(text: string, longest: number): string {
  return cut(printable(text).replaceAll('|', '/'), longest);
}

/** Between words, where it is too long. */
function cut(line: string, longest: number): string {
  if (line.length <= longest) return line;
  const beginning = line.slice(0, longest - ' ...'.length).toWellFormed();
  return `${beginning.replace(/ \S*$/, '')} ...`;
}

const UNITS: Readonly<Record<string, Measure['unit']>> = { seconds: 's', bytes: 'B', percent: '%' };

function measures(document: StatusDocument): Measure[] {
  const { cluster_status: cluster, walg_backups: backups, health } = document;
  const replicas = cluster.members.filter((member) => !isLeader(member)).slice(0, MOST_MEMBERS);
  const newest = newestBackup(document);
  return [
    ...(health?.checks ?? []).map(judged),
    { label: 'members', value: cluster.members.length || undefined, unit: '' },
    ...replicas.map(({ name, lag }): Measure => ({
      label: `lag_${name}`,
      value: typeof lag === 'number' ? lag : undefined,
      unit: 'B',
    })),
    { label: 'backups', value: backups?.count, unit: '' },
    { label: 'backup_size', value: newest?.compressed_size ?? undefined, unit: 'B' },
    { label: 'backup_duration', value: newest?.duration_seconds ?? undefined, unit: 's' },
  ];
}

/** Where a check's number is not what the check is named after. */
const LABELS: Readonly<Record<string, string>> = { wal_integrity: 'wal_backlog' };

function judged({ name, value, unit, warning, critical }: HealthCheck): Measure {
  return { label: LABELS[name] ?? name, value, unit: UNITS[unit ?? ''] ?? '', warning, critical };
}
