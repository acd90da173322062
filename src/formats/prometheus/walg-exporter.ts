import { perObject } from '../../document/per-object.ts';
import type { Backup, Backups, StatusDocument } from '../../document/schema.ts';
import { epochSeconds } from '../../text/times.ts';
import { gauge, writeLabels, type Family, type Sample } from './exposition.ts';
import { completed, infoLabels } from './backups.ts';
import { walOf } from '../../wal/read.ts';
import { segmentsByTimeline } from './wal.ts';

/**
 * The metrics of WAL-G's own exporter (cmd/pg/exporter, 2026-08) with the same names, labels and values, for its dashboards. Its counters
 * and its check of the storage are left out, because a single run cannot provide them.
 */
export function walgExporterFamilies(document: StatusDocument, now: number): Family[] {
  return [
    ...(document.walg_backups ? backupFamilies(document.walg_backups, now) : []),
    ...verifyFamilies(document),
    ...scrapeFamilies(document),
  ];
}

function backupFamilies(backups: Backups, now: number): Family[] {
  const { recent } = backups;
  const series = recent.map((backup) => ({ backup, labels: writeLabels({ backup_name: backup.backup_name }) }));
  const each = (measure: (backup: Backup) => Sample['value']) =>
    series.map(({ labels, backup }) => ({ labels, value: measure(backup) }));
  const from = epochSeconds(backups.restorable?.from);
  return [
    gauge('walg_backups', 'Number of backups by type', [
      { labels: { backup_type: 'full' }, value: backups.full },
      { labels: { backup_type: 'delta' }, value: backups.delta },
    ]),
    gauge(
      'walg_backup_info',
      'Information about stored backups. Value is always 1.',
      recent.map((backup) => ({ labels: { ...infoLabels(backup), delta_origin: originOf(backup, recent) }, value: 1 })),
    ),
    gauge(
      'walg_backup_start_timestamp',
      'Start time of the backup (Unix timestamp).',
      each((backup) => wholeSeconds(backup.start_time)),
    ),
    gauge(
      'walg_backup_finish_timestamp',
      'Finish time of the backup (Unix timestamp).',
      each((backup) => wholeSeconds(backup.finish_time)),
    ),
    gauge(
      'walg_backup_compressed_size_bytes',
      'Compressed size of the backup in bytes.',
      each((backup) => backup.compressed_size),
    ),
    gauge(
      'walg_backup_uncompressed_size_bytes',
      'Uncompressed size of the backup in bytes.',
      each((backup) => backup.uncompressed_size),
    ),
    gauge(
      'walg_pitr_window_seconds',
      'Point-in-time recovery window size in seconds',
      from === undefined ? null : Math.max(0, Math.round(now - from)),
    ),
  ];
}

function wholeSeconds(time: string | null): number | undefined {
  const seconds = epochSeconds(time);
  return seconds === undefined ? undefined : Math.floor(seconds);
}

/**
 * The backup on which a delta is based: the name of the delta ends with the first segment of its base. If there are several, the latest
 * that was complete when the delta began.
 */
function originOf(delta: Backup, recent: readonly Backup[]): string {
  const segment = /_D_(.+)$/.exec(delta.backup_name)?.[1];
  if (segment === undefined) return '';
  const candidates = byOrigin(recent).get(`base_${segment}`) ?? [];
  const began = epochSeconds(delta.start_time) ?? Infinity;
  const first = firstIndex(candidates, ({ at }) => at <= began);
  // a delta is not based on itself
  const [found] = [...candidates.slice(first, first + 2), ...candidates.slice(0, 2)].filter(
    ({ name }) => name !== delta.backup_name,
  );
  return found?.name ?? '';
}

/** Backups by the suffix in the names of their deltas, latest first: an index, because there may be thousands. */
const byOrigin = perObject((recent: readonly Backup[]) => {
  const all = recent.map((backup) => ({ name: backup.backup_name, at: completed(backup) ?? Infinity }));
  return Map.groupBy(
    all.sort((a, b) => (a.at === b.at ? 0 : b.at - a.at)),
    ({ name }) => name.split('_D_', 1)[0] ?? name,
  );
});

/** The index of the first item that passes, in a list in which all later items pass too; its length if none passes. */
function firstIndex<Item>(items: readonly Item[], passes: (item: Item) => boolean): number {
  let [low, high] = [0, items.length];
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    const item = items[middle];
    if (item !== undefined && passes(item)) high = middle;
    else low = middle + 1;
  }
  return low;
}

const VERDICTS = new Map([
  ['OK', 1],
  ['FAILURE', 0],
  ['WARNING', 2],
]);

function verifyFamilies(document: StatusDocument): Family[] {
  const { walg_integrity: integrity, walg_timeline: timeline } = document;
  const wal = walOf(document);
  const verdict = (operation: string, status: string | undefined) =>
    status === undefined ? [] : [{ labels: { operation }, value: VERDICTS.get(status) ?? -1 }];
  const result = integrity?.integrity;
  const segments = (wal === null ? [] : segmentsByTimeline(wal)).map(({ labels, value }) => ({
    labels: {
      timeline_id: labels.timeline,
      timeline_hex: labels.timeline.toString(16).padStart(8, '0'),
      status: labels.status,
    },
    value,
  }));
  return [
    gauge('walg_wal_verify_status', 'WAL verify status (1 = OK, 0 = FAILURE, 2 = WARNING, -1 = UNKNOWN)', [
      ...verdict('integrity', result?.status),
      ...verdict('timeline', timeline?.timeline.status),
    ]),
    gauge(
      'walg_wal_integrity_status',
      'WAL integrity status per timeline (1 = no lost segments, 0 = lost segments)',
      segments
        .filter(({ labels }) => labels.status === 'MISSING_LOST')
        .map(({ labels: { status: _lost, ...labels }, value }) => ({ labels, value: value === 0 })),
    ),
    gauge(
      'walg_wal_segments',
      'Number of WAL segments per timeline and wal-verify integrity status',
      segments.filter(({ value }) => value > 0),
    ),
  ];
}

function scrapeFamilies({ collectors }: StatusDocument): Family[] {
  const { walg_backups: list, walg_verify: verify } = collectors ?? {};
  const runs = [
    { labels: { operation: 'backup-list' }, run: list },
    { labels: { operation: 'wal-verify' }, run: verify },
  ];
  const duration = (run: typeof list) => (run ? run.duration_ms / 1000 : null);
  return [
    gauge(
      'walg_scrape_success',
      'Whether the last run of the WAL-G command succeeded (1 = success, 0 = failure)',
      runs.map(({ labels, run }) => ({ labels, value: run?.ok })),
    ),
    gauge(
      'walg_scrape_last_success_timestamp_seconds',
      'Time of the last successful run of the WAL-G command (Unix timestamp).',
      runs.map(({ labels, run }) => ({ labels, value: run?.ok ? run.collected_at : null })),
    ),
    gauge(
      'walg_backup_list_duration_seconds',
      "Time taken to execute 'backup-list' during the last collector run.",
      duration(list),
    ),
    gauge(
      'walg_wal_verify_duration_seconds',
      "Time taken to execute 'wal-verify' during the last collector run.",
      duration(verify),
    ),
  ];
}
