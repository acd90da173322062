import { parseLsn } from '../document/lsn.ts';
import type { Backup } from '../document/schema.ts';

/** Megabytes, unless WALG_PG_WAL_SIZE or `initdb --wal-segsize` say otherwise. */
export const DEFAULT_SEGMENT_SIZE = 16;
const SIZES = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024];

/**
 * The size (MB) of the WAL segments that these backups were taken with: the low half of a segment's name is the low half of the LSN
 * divided by it. Each backup that does not start in a segment numbered 0 tells it exactly.
 * @returns undefined where no backup tells.
 */
export function segmentSize(backups: readonly Backup[]): number | undefined {
  for (const { start_lsn: lsn, wal_file_name: name } of backups) {
    const position = lsn === null ? undefined : parseLsn(lsn);
    if (position === undefined || !/^[0-9A-F]{24}$/.test(name)) continue;
    const low = Number(position & 0xffffffffn);
    const segment = Number.parseInt(name.slice(16), 16);
    if (segment === 0) continue;
    const size = SIZES.find((megabytes) => Math.floor(low / (megabytes * 1024 * 1024)) === segment);
    if (size !== undefined) return size;
  }
  return undefined;
}
