import { completedAt, newestBackup, type NewestBackup } from '../../document/backups.ts';
import type { Backup, Backups, StatusDocument } from '../../document/schema.ts';
import { epochSeconds } from '../../text/times.ts';
import { newestRestorable, recoveryOf } from '../../wal/read.ts';
import { gauge, writeLabels, type Family, type Sample } from './exposition.ts';

/** Metrics of the backups. */
export function backupFamilies(document: StatusDocument, now: number): Family[] {
  return [...newestFamilies(document, now), ...(document.walg_backups ? listFamilies(document.walg_backups, now) : [])];
}

/** When the backup was complete, or, without WAL-G's details, when its last object was stored. */
export function completed(backup: Pick<Backup, 'time'> & Partial<Backup>): number | undefined {
  return epochSeconds(backup.finish_time ?? backup.time);
}

export function typeOf({ backup_name: name }: { backup_name: string }): 'full' | 'delta' {
  return name.includes('_D_') ? 'delta' : 'full';
}

function newestFamilies(document: StatusDocument, now: number): Family[] {
  const { walg_backups: backups, node } = document;
  const newest = newestBackup(document);
  const listed: readonly NewestBackup[] = backups?.recent ?? (newest ? [newest] : []);
  const known = backups?.newest_full ? [...listed, backups.newest_full] : listed;
  const lastOfType = newestOfEachType(known);
  const { not_restorable: flaws = [] } = recoveryOf(document) ?? {};
  const flawed = new Set(flaws.map(({ backup_name: name }) => name));
  const restorable = newestRestorable(document);
  const candidates = restorable ? [...known, restorable] : known;
  const restorableOfType = newestOfEachType(candidates.filter(({ backup_name: name }) => !flawed.has(name)));
  const { compressed_size: size, duration_seconds: duration, system_identifier: system } = newest ?? {};
  return [
    gauge(
      'postgres_status_walg_last_backup_start_timestamp_seconds',
      'When the newest backup of its type began, in seconds since the epoch.',
      lastOfType.map(({ labels, backup }) => ({ labels, value: epochSeconds(backup?.start_time) })),
    ),
    gauge(
      'postgres_status_walg_last_backup_finish_timestamp_seconds',
      'When the newest backup of its type was complete, in seconds since the epoch.',
      lastOfType.map(({ labels, backup }) => ({ labels, value: epochSeconds(backup?.finish_time) })),
    ),
    gauge(
      'postgres_status_walg_last_backup_age_seconds',
      'How long ago the newest backup of its type that can be restored was complete, or was last changed in the storage if nothing else is known.',
      restorableOfType.map(({ labels, backup }) => ({ labels, value: since(believable(backup, now), now) })),
    ),
    gauge(
      'postgres_status_walg_last_backup_duration_seconds',
      'How long the newest backup of its type took.',
      lastOfType.map(({ labels, backup }) => ({ labels, value: backup?.duration_seconds })),
    ),
    gauge(
      'postgres_status_walg_last_backup_compressed_size_bytes',
      'The size of the newest backup of its type in the storage.',
      lastOfType.map(({ labels, backup }) => ({ labels, value: backup?.compressed_size })),
    ),
    gauge(
      'postgres_status_walg_last_backup_uncompressed_size_bytes',
      'The size of the newest backup of its type after a restore.',
      lastOfType.map(({ labels, backup }) => ({ labels, value: backup?.uncompressed_size })),
    ),
    gauge(
      'postgres_status_walg_last_backup_throughput_bytes_per_second',
      'The compressed bytes of the newest backup over the time it took.',
      size != null && duration != null && duration > 0 ? Math.round(size / duration) : null,
    ),
    gauge(
      'postgres_status_walg_system_identifier_match',
      'Whether the newest backup is of this cluster, by the system identifier.',
      system != null && node?.system_identifier != null ? system === node.system_identifier : null,
    ),
  ];
}

const TYPES = [
  { type: 'full', labels: writeLabels({ backup_type: 'full' }) },
  { type: 'delta', labels: writeLabels({ backup_type: 'delta' }) },
];

/** @param backups newest first. */
function newestOfEachType(backups: readonly NewestBackup[]) {
  return TYPES.map(({ type, labels }) => ({ labels, backup: backups.find((backup) => typeOf(backup) === type) }));
}

/** Not a time in the future, which would make it look fresh. */
function believable(backup: NewestBackup | null | undefined, now: number): number | undefined {
  const time = backup ? completedAt(backup, now * 1000) : undefined;
  return time === undefined ? undefined : time / 1000;
}

function since(time: number | undefined, now: number): number | null {
  return time === undefined ? null : Math.max(0, Math.round(now - time));
}

function listFamilies(backups: Backups, now: number): Family[] {
  const oldest = believable(backups.oldest, now);
  return [
    gauge('postgres_status_walg_backups', 'How many backups there are.', [
      { labels: { backup_type: 'full' }, value: backups.full },
      { labels: { backup_type: 'delta' }, value: backups.delta },
    ]),
    gauge(
      'postgres_status_walg_backups_permanent',
      'How many backups are permanent, so that retention keeps them.',
      backups.permanent,
    ),
    gauge(
      'postgres_status_walg_backups_compressed_size_bytes',
      'The size of all backups in all storages.',
      backups.compressed_size,
    ),
    gauge(
      'postgres_status_walg_oldest_backup_timestamp_seconds',
      'When the oldest backup was complete, in seconds since the epoch.',
      oldest,
    ),
    gauge(
      'postgres_status_walg_oldest_backup_age_seconds',
      'How long ago the oldest backup was complete.',
      since(oldest, now),
    ),
    gauge(
      'postgres_status_walg_pitr_window_seconds',
      'How far back every point in time can be restored, if no WAL is missing.',
      since(epochSeconds(backups.restorable?.from), now),
    ),
    ...perBackup(backups.recent),
  ];
}

/** The document has only the newest backups, so the number of series is bounded. */
function perBackup(recent: readonly Backup[]): Family[] {
  const series = recent.map((backup) => ({ backup, labels: writeLabels({ backup_name: backup.backup_name }) }));
  const each = (name: string, help: string, measure: (backup: Backup) => Sample['value']) =>
    gauge(
      `postgres_status_walg_backup_${name}`,
      help,
      series.map(({ labels, backup }) => ({ labels, value: measure(backup) })),
    );
  return [
    gauge(
      'postgres_status_walg_backup_info',
      'A backup, of the newest ones. Always 1.',
      recent.map((backup) => ({
        labels: { ...infoLabels(backup), hostname: backup.hostname ?? '', storage: backup.storage_name ?? '' },
        value: 1,
      })),
    ),
    each('start_timestamp_seconds', 'When the backup began, in seconds since the epoch.', (backup) =>
      epochSeconds(backup.start_time),
    ),
    each('finish_timestamp_seconds', 'When the backup was complete, in seconds since the epoch.', (backup) =>
      epochSeconds(backup.finish_time),
    ),
    each('duration_seconds', 'How long the backup took.', (backup) => backup.duration_seconds),
    each('compressed_size_bytes', 'The size of the backup in the storage.', (backup) => backup.compressed_size),
    each('uncompressed_size_bytes', 'The size of the backup after a restore.', (backup) => backup.uncompressed_size),
  ];
}

/** For Prometheus an empty label is a missing one: the value is not known. */
export function infoLabels(backup: Backup) {
  return {
    backup_name: backup.backup_name,
    backup_type: typeOf(backup),
    wal_file: backup.wal_file_name,
    pg_version: backup.pg_version ?? '',
    start_lsn: backup.start_lsn ?? '',
    finish_lsn: backup.finish_lsn ?? '',
    is_permanent: backup.is_permanent === null ? '' : String(backup.is_permanent),
  };
}
