import { parseLsn } from './lsn.ts';
import type { Backup } from '../document/schema.ts';
import { parseSegment, type IntegrityRow } from './rows.ts';

/** Megabytes, unless set by WALG_PG_WAL_SIZE or `initdb --wal-segsize`. */
export const DEFAULT_SEGMENT_SIZE = 16;
const SIZES = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024];

/** The size (MB) in the environment of WAL-G; undefined if it is not set. */
export function configuredSize(environment: Readonly<Record<string, string>>): number | undefined {
  const size = Number(environment['WALG_PG_WAL_SIZE']);
  return SIZES.includes(size) ? size : undefined;
}

/**
 * The size (MB) of WAL segments, derived from a backup: the last 8 digits of a segment name are the low half of the LSN divided by the
 * size. The first backup that does not start in a segment whose last digits are 0 determines it.
 * @returns undefined if no backup determines it.
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
 * The size (MB) derived from the names of segments that were found: the default, unless it contradicts their numbers.
 * @returns undefined if nothing was found, or if several sizes are possible.
 */
export function sizeOfNames(found: readonly IntegrityRow[]): number | undefined {
  if (found.length === 0) return undefined;
  const sizes = SIZES.filter((size) => found.every((row) => isCountedBy(row, size)));
  return sizes.includes(DEFAULT_SEGMENT_SIZE) ? DEFAULT_SEGMENT_SIZE : sizes.length === 1 ? sizes[0] : undefined;
}

/**
 * Whether the found segments prove this size (MB): with a larger size the newest of their names, or one with such a high number in its
 * last 8 digits, would not exist.
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
