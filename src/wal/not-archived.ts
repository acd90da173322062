import type { Moment } from './own-positions.ts';

/** Bytes that PostgreSQL writes at the beginning of a segment without any commit: a checkpoint, a list of running transactions. */
export const IDLE_BYTES = 8192;

/**
 * When a look first saw WAL that is in no archive yet, epoch seconds; undefined = there is none.
 * @param positions of the leader, oldest first
 * @param archived where the newest archived segment ends, as a byte number
 */
export function notArchivedSince(positions: readonly Moment[], archived: bigint): number | undefined {
  const past = positions.filter(({ lsn }) => lsn > archived);
  // on an idle cluster these few bytes may stay there for days
  return past.find(({ lsn }, index) => lsn - archived > IDLE_BYTES || past[index + 1]?.lsn !== lsn)?.time;
}

/** Bytes of WAL that the leader has written after the end of the archive; null = its position is not known. */
export function notArchivedBytes(written: bigint | undefined, archived: bigint): number | null {
  if (written === undefined) return null;
  return written > archived ? Number(written - archived) : 0;
}
