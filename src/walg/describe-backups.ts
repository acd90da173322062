import { formatLsn } from '../wal/lsn.ts';
import { BACKUP_CLOCKS_MAY_DIFFER } from '../document/backups.ts';
import type { Backup } from '../document/schema.ts';
import type { BackupRow } from './replies.ts';

/**
 * The rows of `backup-list` as backups, newest first, one for each storage that has it. They are sorted by start time if every backup has
 * one, else by the storage's time, which changes when objects are copied (WAL-G issue 694): of a backup that is in several storages, or
 * that a versioned bucket lists more than once (3.0.8, 3.0.9), the earliest time counts.
 */
export function describeBackups(rows: readonly BackupRow[]): Backup[] {
  const latestFirst = rows.toSorted((a, b) => Date.parse(b.time) - Date.parse(a.time));
  const copies = [...new Map(latestFirst.map((row) => [copyKey(row), describe(row)])).values()];
  const stored = new Map(latestFirst.map((row) => [row.backup_name, Date.parse(row.time)]));
  const storedAt = (copy: Backup) => stored.get(copy.backup_name) ?? 0;
  const startedAt = copies.every((copy) => copy.start_time !== null)
    ? (copy: Backup) => began(copy, storedAt(copy))
    : storedAt;
  return copies.sort(
    (a, b) =>
      startedAt(b) - startedAt(a) ||
      storedAt(b) - storedAt(a) ||
      compareText(b.backup_name, a.backup_name) ||
      compareStorages(a, b),
  );
}

/** No backup begins after it was stored: then the clock of its host was ahead, and it would count as the newest until that time has come. */
function began({ start_time: start }: Backup, stored: number): number {
  const time = Date.parse(start ?? '');
  return time <= stored + BACKUP_CLOCKS_MAY_DIFFER ? time : stored;
}

function copyKey({ storage_name = '', backup_name }: BackupRow): string {
  return `${storage_name}/${backup_name}`;
}

/** The primary storage before the failover storages. */
function compareStorages({ storage_name: a = '' }: Backup, { storage_name: b = '' }: Backup): number {
  return Number(b === 'default') - Number(a === 'default') || compareText(a, b);
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}

function describe(row: BackupRow): Backup {
  const start = moment(row.start_time);
  const finish = moment(row.finish_time);
  return {
    backup_name: row.backup_name,
    time: row.time,
    wal_file_name: row.wal_file_name,
    ...(row.storage_name !== undefined && { storage_name: row.storage_name }),
    start_time: start,
    finish_time: finish,
    duration_seconds: start === null || finish === null ? null : (Date.parse(finish) - Date.parse(start)) / 1000,
    start_lsn: row.start_lsn == null ? null : formatLsn(row.start_lsn),
    finish_lsn: row.finish_lsn == null ? null : formatLsn(row.finish_lsn),
    compressed_size: row.compressed_size ?? null,
    uncompressed_size: row.uncompressed_size ?? null,
    is_permanent: row.is_permanent ?? null,
    // no version has a field for it; WAL-G's own exporter uses the name too
    is_delta: row.backup_name.includes('_D_'),
    pg_version: row.pg_version ?? null,
    system_identifier: row.system_identifier == null ? null : String(row.system_identifier),
    hostname: row.hostname ?? null,
  };
}

/** Go's zero time means that there is none. */
function moment(time: string | null | undefined): string | null {
  return time == null || time.startsWith('0001-01-01') ? null : time;
}
