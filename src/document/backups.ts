import { moment } from '../text/words.ts';
import type { Backup, StatusDocument } from './schema.ts';

/** A backup as an older producer knows it: what `backup-list` tells without `--detail`. */
export type NewestBackup = Pick<Backup, 'backup_name' | 'time'> & Partial<Backup>;

/** The newest backup; undefined where there is none, or none is known. */
export function newestBackup({ walg_last_backup: last }: StatusDocument): NewestBackup | undefined {
  return last?.['backup_name'] === undefined ? undefined : (last as NewestBackup);
}

/** Milliseconds that the clocks of two hosts may differ by. */
export const CLOCKS_DIFFER = 300_000;

/**
 * When it was complete (epoch milliseconds): by the clock of its host, unless that lies in the future; then by the storage's, which
 * changes when objects are copied (WAL-G issue 694). Undefined where neither can be believed.
 */
export function completedAt(
  { finish_time: finish, time }: Pick<NewestBackup, 'finish_time' | 'time'>,
  now: number,
): number | undefined {
  return [moment(finish), moment(time)].find((one) => one !== undefined && one <= now + CLOCKS_DIFFER);
}

/** Of the copies of a backup in several storages the first. */
export function onceEach<Copy extends { backup_name: string }>(copies: readonly Copy[]): Copy[] {
  const names = new Set<string>();
  return copies.filter(({ backup_name: name }) => !names.has(name) && names.add(name));
}
