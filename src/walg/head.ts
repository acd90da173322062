import type { Wal } from '../document/schema.ts';
import { parseLsn } from '../wal/lsn.ts';
import { segmentName } from '../wal/ranges.ts';
import { parseSegment, segmentAt } from '../wal/rows.ts';
import type { Head } from '../wal/head.ts';
import { lookFor } from './arrivals.ts';
import type { Walg } from './client.ts';
import type { Position } from './position.ts';

/** Calls that narrow down where the archiver stands if it is behind; 8 of them tell one segment out of 256. */
const MOST_STEPS = 8;

/**
 * How far the archive reaches, without listing it: PostgreSQL archives its segments in order, so the segment before the leader's current
 * one, if it is in the storage, shows that the archiver is not behind. One call of `wal-g st stat` (3.0.9 and newer), and none if that
 * segment is known to be there. If it is not there, further calls find the newest one that is.
 * @param known the newest segment that any run has found
 * @returns undefined if this WAL-G cannot tell, or the storage does not answer
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
  // an archive that is compressed in another way has other names
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
