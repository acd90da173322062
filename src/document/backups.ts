import type { Backup, StatusDocument } from './schema.ts';

/** A backup as an older producer knows it: what `backup-list` tells without `--detail`. */
export type NewestBackup = Pick<Backup, 'backup_name' | 'time'> & Partial<Backup>;

/** The newest backup; undefined where there is none, or none is known. */
export function newestBackup({ walg_last_backup: last }: StatusDocument): NewestBackup | undefined {
  return last?.['backup_name'] === undefined ? undefined : (last as NewestBackup);
}
