import type { Wal } from '../document/schema.ts';
import { parseLsn } from '../wal/lsn.ts';
import { segmentName } from '../wal/ranges.ts';
import { parseSegment, segmentAt } from '../wal/rows.ts';
import type { Head } from '../wal/head.ts';
import { lookFor } from './arrivals.ts';
import type { Walg } from './client.ts';
import type { Position } from './position.ts';

/** The number of calls of the binary search for the newest archived segment; 8 find one segment among 256. */
const MOST_STEPS = 8;

/**
 * Finds the newest archived segment without listing the storage. PostgreSQL archives segments in order, so if the segment before the
 * leader's current one is in the storage, the archiver is not behind. This takes one call of `wal-g st stat` (3.0.9 and newer), or none if
 * that segment is known to be there. If it is not there, a binary search finds the newest one that is.
 * @param known the newest segment that any run has found
 * @returns undefined if this WAL-G does not support `st stat`, or the storage does not answer
 */
export async function findHead(
  walg: Walg,
  { segment_size: bytes }: Wal,
  { timeline, lsn: text }: Position,
  known: string,
): Promise<Head | undefined> {
  const size = bytes / 1024 / 1024;
  const lsn = parseLsn(text);
  const before = parseSegment(known, size);
  if (lsn === undefined || before === undefined) return undefined;
  const wanted = segmentAt(lsn, size) - 1;
  const name = (number: number) => (number === before.number ? known : segmentName(timeline, number, size));
  const head = (number: number, arrived?: number): Head => ({
    found: { name: name(number), number, arrived },
    wanted: { name: name(wanted), number: wanted },
    timeline,
  });
  if (wanted <= before.number) return head(before.number);
  const newest = await lookFor(walg, name(wanted));
  if (newest === undefined) return undefined;
  if (newest.there) return head(wanted, newest.time);
  // if the compression method was changed, the names are different
  const oldest = await lookFor(walg, known);
  if (oldest?.there !== true) return undefined;
  let [low, high, arrived] = [before.number, wanted, oldest.time];
  for (let step = 0; high - low > 1 && step < MOST_STEPS; step += 1) {
    const middle = Math.floor((low + high) / 2);
    const looked = await lookFor(walg, name(middle));
    if (looked === undefined) return undefined;
    if (looked.there) [low, arrived] = [middle, looked.time];
    else high = middle;
  }
  return head(low, arrived);
}
