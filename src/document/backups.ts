import { moment } from '../text/words.ts';
import type { Backup, StatusDocument } from './schema.ts';

/** A backup in a document of an older version: what `backup-list` reports without `--detail`. */
export type NewestBackup = Pick<Backup, 'backup_name' | 'time'> & Partial<Backup>;

/** The times of which one says when a backup was complete. */
export type CompletionTimes = Pick<NewestBackup, 'finish_time' | 'time'>;

/** The newest backup; undefined if there is none, or none is known. */
export function newestBackup({ walg_last_backup: last }: StatusDocument): NewestBackup | undefined {
  return last?.['backup_name'] === undefined ? undefined : (last as NewestBackup);
}

/** Milliseconds by which the clocks of the hosts that took a backup, store it and read of it may differ: a backup takes minutes. */
export const BACKUP_CLOCKS_MAY_DIFFER = 300_000;

/**
 * When it was complete (epoch milliseconds): by the clock of its host, or if that time is in the future, by the clock of the storage, whose
 * time changes when objects are copied (WAL-G issue 694). Undefined if both are in the future.
 */
export function completedAt({ finish_time: finish, time }: CompletionTimes, now: number): number | undefined {
  const isPast = (one: number | undefined) => one !== undefined && one <= now + BACKUP_CLOCKS_MAY_DIFFER;
  const finished = moment(finish);
  if (isPast(finished)) return finished;
  const stored = moment(time);
  return isPast(stored) ? stored : undefined;
}

/** Keeps the first of the copies of each backup in several storages. */
export function onceEach<Copy extends { backup_name: string }>(copies: readonly Copy[]): Copy[] {
  const names = new Set<string>();
  return copies.filter(({ backup_name: name }) => !names.has(name) && names.add(name));
}
