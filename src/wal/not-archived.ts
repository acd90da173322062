import type { Moment } from './own-positions.ts';

/** Bytes that PostgreSQL writes at the beginning of a segment without any commit: a checkpoint and a list of running transactions. */
export const IDLE_BYTES = 8192;

/**
 * When a run first saw WAL that is still not archived, epoch seconds; undefined = all WAL is archived.
 * @param positions of the leader, oldest first
 * @param archived the end of the newest archived segment, as a number
 */
export function notArchivedSince(positions: readonly Moment[], archived: bigint): number | undefined {
  const past = positions.filter(({ lsn }) => lsn > archived);
  // on an idle cluster these bytes may remain unarchived for days
  return past.find(({ lsn }, index) => lsn - archived > IDLE_BYTES || past[index + 1]?.lsn !== lsn)?.time;
}

/** Bytes of WAL that the leader has written after the end of the archive; null = its LSN is not known. */
export function notArchivedBytes(written: bigint | undefined, archived: bigint): number | null {
  if (written === undefined) return null;
  return written > archived ? Number(written - archived) : 0;
}
