import { STATE_NUMBERS } from '../../document/status.ts';
import type { JudgedDocument } from '../../document/cluster.ts';
import type { HealthCheck, StatusDocument } from '../../document/schema.ts';
import { gauge, writeLabels, type Family } from './exposition.ts';
import { lastRunFamily, publishesFamily } from './stepped-back.ts';

/** Metrics of the run itself, and of the verdict. */
export function runFamilies(document: JudgedDocument, publishes?: boolean): Family[] {
  const runs = Object.entries(document.collectors ?? {}).flatMap(([collector, run]) =>
    run === null ? [] : [{ labels: writeLabels({ collector }), run }],
  );
  const { generator, health } = document;
  return [
    up(broughtSomething(document)),
    gauge(
      'postgres_status_build_info',
      'The version of postgres-status that collected. Always 1.',
      generator === undefined ? [] : [{ labels: { version: generator.version }, value: 1 }],
    ),
    lastRunFamily(document.current_timestamp),
    ...(publishes === undefined ? [] : [publishesFamily(publishes)]),
    gauge(
      'postgres_status_run_duration_seconds',
      'How long collecting took: the duration of the slowest collector, because they run concurrently.',
      runs.length === 0 ? null : Math.max(...runs.map(({ run }) => run.duration_ms)) / 1000,
    ),
    gauge(
      'postgres_status_collector_success',
      'Whether the collector succeeded completely.',
      runs.map(({ labels, run }) => ({ labels, value: run.ok })),
    ),
    gauge(
      'postgres_status_collector_partial',
      'Whether the collector brought only a part.',
      runs.map(({ labels, run }) => ({ labels, value: run.partial })),
    ),
    gauge(
      'postgres_status_collector_timed_out',
      'Whether the collector ran out of time.',
      runs.map(({ labels, run }) => ({ labels, value: run.timed_out })),
    ),
    gauge(
      'postgres_status_collector_duration_seconds',
      'How long the collector took.',
      runs.map(({ labels, run }) => ({ labels, value: run.duration_ms / 1000 })),
    ),
    gauge(
      'postgres_status_collector_last_success_timestamp_seconds',
      'When the collector last succeeded completely, in seconds since the epoch.',
      runs.map(({ labels, run }) => ({ labels, value: run.ok ? run.collected_at : null })),
    ),
    state(health.status),
    gauge(
      'postgres_status_check_state',
      'The verdict of one check: 0 = ok, 1 = warning, 2 = critical, 3 = unknown.',
      health.checks.map(({ name, status }) => ({ labels: { check: name }, value: STATE_NUMBERS[status] })),
    ),
  ];
}

/** The metrics of a cluster without a readable document. */
export function unreadFamilies(): Family[] {
  return [up(false), state('unknown')];
}

function state(status: HealthCheck['status']): Family {
  return gauge(
    'postgres_status_state',
    'The verdict: 0 = ok, 1 = warning, 2 = critical, 3 = unknown.',
    STATE_NUMBERS[status],
  );
}

function up(value: boolean): Family {
  return gauge('postgres_status_up', 'Whether anything could be collected.', value);
}

/** An older document does not describe its collectors, but has what they brought. */
function broughtSomething(document: StatusDocument): boolean {
  const { collectors, cluster_status: cluster, walg_last_backup: backup, walg_timeline: timeline } = document;
  if (collectors !== undefined) return Object.values(collectors).some((run) => run !== null && (run.ok || run.partial));
  return cluster.members.length > 0 || [backup, timeline, document.walg_integrity].some((part) => part !== null);
}
