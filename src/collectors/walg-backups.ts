import { onceEach } from '../document/backups.ts';
import type { Backup, BackupReference, Backups, StatusDocument } from '../document/schema.ts';
import type { Collector } from './collector.ts';

/** Enough to determine the usual interval, and few enough for the document. */
const MOST_RECENT = 24;

/** The backups in WAL-G's storages. */
export const walgBackups: Collector<Pick<StatusDocument, 'walg_last_backup' | 'walg_backups'>> = {
  unknown: { walg_last_backup: null, walg_backups: null },

  async collect({ walg }) {
    const { backups, failures } = await walg.backups();
    return { part: { walg_last_backup: backups[0] ?? {}, walg_backups: summarize(backups) }, failures };
  },
};

/** `copies`: newest first; a backup in several storages has one copy for each. */
function summarize(copies: readonly Backup[]): Backups {
  const backups = onceEach(copies);
  const full = backups.filter((backup) => !backup.is_delta);
  const storages: Record<string, number> = {};
  for (const { storage_name: storage = 'default' } of copies) storages[storage] = (storages[storage] ?? 0) + 1;
  return {
    count: backups.length,
    full: full.length,
    delta: backups.length - full.length,
    permanent: total(backups, (backup) => (backup.is_permanent === null ? null : Number(backup.is_permanent))),
    storages,
    compressed_size: total(copies, (copy) => copy.compressed_size),
    oldest: reference(backups.at(-1)),
    newest_full: reference(full[0]),
    restorable: restorable(backups),
    recent: backups.slice(0, MOST_RECENT),
  };
}

/** The sum; null if any value is not known. */
function total(backups: readonly Backup[], measure: (backup: Backup) => number | null): number | null {
  return backups.reduce<number | null>((sum, backup) => {
    const part = measure(backup);
    return sum === null || part === null ? null : sum + part;
  }, 0);
}

function reference(backup: Backup | undefined): BackupReference | null {
  if (backup === undefined) return null;
  const { backup_name, time, wal_file_name, start_time, finish_time, start_lsn } = backup;
  return { backup_name, time, wal_file_name, start_time, finish_time, start_lsn };
}

/**
 * Retention keeps a permanent backup, but not the WAL after it, so it can be restored only to its own end. WAL of this cluster cannot be
 * replayed on a backup of another cluster, such as the one before a pg_upgrade.
 */
function restorable(backups: readonly Backup[]): Backups['restorable'] {
  const newest = backups[0];
  const first = backups.findLast(
    ({ is_delta, is_permanent, system_identifier }) =>
      !is_delta && is_permanent === false && system_identifier === newest?.system_identifier,
  );
  const from = first?.finish_time ?? null;
  const to = newest?.finish_time ?? null;
  return from === null || to === null ? null : { from, to };
}
