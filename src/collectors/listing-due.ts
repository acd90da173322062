import type { Memory } from '../document/memory.ts';
import type { Backup, StatusDocument } from '../document/schema.ts';
import { verifiedBefore } from '../document/verified.ts';

/** Seconds between two listings of the storage if nothing is suspicious; each lists the whole WAL folder. */
const EVERY = 3600;

/**
 * Whether to list the WAL in the storage: if wal-verify failed, or found an unexpected timeline; else once an hour, with `--state`; never
 * in a run that uses an earlier verification, because --verify-every promises not to list in between. If the storage did not answer, it is
 * not listed.
 * @param backups undefined if WAL-G could not list them.
 */
export function isListingDue(
  document: StatusDocument,
  backups: readonly Backup[] | undefined,
  memory: Memory | undefined,
): boolean {
  const { walg_integrity, walg_timeline, collectors, current_timestamp: now } = document;
  const { walg_verify: verified, walg_backups: listed } = collectors ?? {};
  if (!verified || verified.timed_out || verifiedBefore(document) !== undefined || (listed && backups === undefined))
    return false;
  if (walg_integrity === null || (walg_timeline !== null && walg_timeline.timeline.status !== 'OK')) return true;
  const before = memory?.document.recovery?.stored;
  const age = before === undefined ? Infinity : now - before.listed_at;
  return memory !== undefined && (age >= EVERY || age < 0);
}
