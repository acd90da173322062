import { parseLsn } from './lsn.ts';
import type { Backup } from '../document/schema.ts';
import { parseSegment, type IntegrityRow } from './rows.ts';

/** Megabytes, unless WALG_PG_WAL_SIZE or `initdb --wal-segsize` say otherwise. */
export const DEFAULT_SEGMENT_SIZE = 16;
const SIZES = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024];

/** The size (MB) in the environment of WAL-G; undefined if it is not set. */
export function configuredSize(environment: Readonly<Record<string, string>>): number | undefined {
  const size = Number(environment['WALG_PG_WAL_SIZE']);
  return SIZES.includes(size) ? size : undefined;
}

/**
 * The size (MB) of the WAL segments that these backups were taken with: the low half of a segment's name is the low half of the LSN
 * divided by it. Each backup that does not start in a segment numbered 0 tells it exactly; the first one that does counts.
 * @returns undefined where no backup tells.
 */
export function segmentSize(
  backups: readonly Partial<Pick<Backup, 'start_lsn' | 'wal_file_name'>>[],
): number | undefined {
  for (const { start_lsn: lsn, wal_file_name: name = '' } of backups) {
    const position = lsn == null ? undefined : parseLsn(lsn);
    if (position === undefined || !/^[0-9A-F]{24}$/.test(name)) continue;
    const [high, low] = [Number(position >> 32n), Number(position & 0xffffffffn)];
    const [log, segment] = [Number.parseInt(name.slice(8, 16), 16), Number.parseInt(name.slice(16), 16)];
    if (log !== high || segment === 0) continue;
    const size = SIZES.find((megabytes) => Math.floor(low / (megabytes * 1024 * 1024)) === segment);
    if (size !== undefined) return size;
  }
  return undefined;
}

/**
 * The size (MB) with which names were made under which WAL was found: the default, unless they count the segments otherwise.
 * @returns undefined where nothing was found, or the names leave several sizes.
 */
export function sizeOfNames(found: readonly IntegrityRow[]): number | undefined {
  if (found.length === 0) return undefined;
  const sizes = SIZES.filter((size) => found.every((row) => isCountedBy(row, size)));
  return sizes.includes(DEFAULT_SEGMENT_SIZE) ? DEFAULT_SEGMENT_SIZE : sizes.length === 1 ? sizes[0] : undefined;
}

/**
 * Whether names made with this size (MB), up to the position of the leader, were found where there would be none if the segments were
 * larger: the newest of them, or one whose low half is larger than any of theirs.
 */
export function provesSize(rows: readonly IntegrityRow[], size: number): boolean {
  const found = rows.filter(({ status }) => status === 'FOUND');
  if (sizeOfNames(found) !== size) return false;
  const lowOf = ({ end_segment: name }: IntegrityRow) => Number.parseInt(name.slice(16), 16);
  const newest = rows.at(-1);
  return (newest?.status === 'FOUND' && lowOf(newest) > 0) || found.some((row) => lowOf(row) >= 4096 / size / 2);
}

function isCountedBy({ start_segment: start, end_segment: end, segments_count: count }: IntegrityRow, size: number) {
  if (Number.parseInt(end.slice(16), 16) >= 4096 / size) return false;
  const [first, last] = [parseSegment(start, size), parseSegment(end, size)];
  return first !== undefined && last !== undefined && last.number - first.number + 1 === count;
}
