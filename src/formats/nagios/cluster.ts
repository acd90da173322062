import { newestBackup } from '../../document/backups.ts';
import { firstReason, type JudgedDocument } from '../../document/cluster.ts';
import { isLeader } from '../../document/members.ts';
import type { Health, HealthCheck } from '../../document/schema.ts';
import { worstFirst } from '../../document/status.ts';
import { count } from '../../text/words.ts';
import { cut, detailLine, MOST_IN_WORDS, summarize, summaryLine } from './line.ts';
import type { Measure } from './performance-data.ts';

const MOST_MEMBERS = 50;

/** A summary line, and one line for each check, worst first. */
export function clusterLines(name: string, { health }: JudgedDocument): string[] {
  const checks = worstFirst(health.checks, ({ status }) => status);
  return [
    summaryLine(`POSTGRES ${health.status.toUpperCase()} - ${name}: ${summary(checks)}${leftOut(health)}`),
    ...checks.map(({ name, status, message }) => detailLine(`[${status.toUpperCase()}] ${name}: ${message}`)),
  ];
}

function summary(checks: readonly HealthCheck[]): string {
  const bad = checks.filter((check) => check.status !== 'ok');
  if (bad.length === 0) return `${count(checks.length, 'check')} passed`;
  const causes = bad.filter(({ collector }) => collector === undefined);
  const blinded = bad.filter(({ collector }) => collector !== undefined);
  return summarize(
    causes.map((check) => ({ name: check.name, reason: `${check.name}: ${cut(firstReason(check), MOST_IN_WORDS)}` })),
    blinded.map(({ name }) => name),
  );
}

/** The number of checks that could not be judged, because an older document lacks their facts. */
function leftOut({ left_out: names = [] }: Health): string {
  return names.length === 0 ? '' : `; ${count(names.length, 'check')} could not be judged`;
}

const UNITS: Readonly<Record<string, Measure['unit']>> = { seconds: 's', bytes: 'B', percent: '%' };

export function clusterMeasures(document: JudgedDocument): Measure[] {
  const { cluster_status: cluster, walg_backups: backups, health } = document;
  const replicas = cluster.members.filter((member) => !isLeader(member)).slice(0, MOST_MEMBERS);
  const newest = newestBackup(document);
  return [
    ...health.checks.map(judged),
    ...(health.checks.some(({ name }) => name === 'members')
      ? []
      : [{ label: 'members', value: cluster.members.length || undefined, unit: '' } as const]),
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

/** Labels of checks whose value is not what the name of the check says. */
const LABELS: Readonly<Record<string, string>> = { wal_integrity: 'wal_backlog' };

function judged({ name, value, unit, warning, critical }: HealthCheck): Measure {
  return { label: LABELS[name] ?? name, value, unit: UNITS[unit ?? ''] ?? '', warning, critical };
}
