import { isAtLeast } from '../document/members.ts';
import { moment } from '../text/words.ts';
import type { Walg } from './client.ts';
import { walgVersion } from './version.ts';

/** Milliseconds that may be spent on each: the storage is asked for one object's metadata. */
const MOST_TIME = 5_000;

/** What WAL-G appends to the name of a segment, for each WALG_COMPRESSION_METHOD (internal/compression); lz4 is its default. */
const EXTENSIONS: Readonly<Record<string, string>> = {
  lz4: '.lz4',
  lzma: '.lzma',
  zstd: '.zst',
  brotli: '.br',
  gzip: '.gz',
  none: '',
};

/**
 * When these WAL segments arrived in the primary storage, in epoch milliseconds by its clock (`wal-g st stat`, 3.0.9 and newer); one of
 * which that is not known is left out. A failure costs that time, nothing else: this call only adds to what is known.
 */
export async function arrivalsOf(walg: Walg, segments: readonly string[]): Promise<Map<string, number>> {
  if (segments.length === 0 || !(await canTell(walg))) return new Map();
  const method = walg.environment['WALG_COMPRESSION_METHOD'] ?? 'lz4';
  const extension = EXTENSIONS[method] ?? '.lz4';
  const arrivals = await Promise.all(
    segments.map(async (segment): Promise<[string, number][]> => {
      const time = await arrivedAt(walg, `wal_005/${segment}${extension}`).catch(() => undefined);
      return time === undefined ? [] : [[segment, time]];
    }),
  );
  return new Map(arrivals.flat());
}

/** Older ones know `st` and print its help, with exit status 0; a build that does not say its version may be newer. */
async function canTell(walg: Walg): Promise<boolean> {
  const version = await walgVersion(walg, timeFor(walg));
  return version === undefined || isAtLeast(version.text, 3, 0, 9);
}

async function arrivedAt(walg: Walg, path: string): Promise<number | undefined> {
  const { stdout } = await walg.run(['st', 'stat', path], { time: timeFor(walg) });
  // a Go time with its zone: `obj  66108 2026-11-25 22:00:41.897118467 +0100 CET wal_005/…`
  const match = /^obj +\d+ (\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d(?:\.\d{1,9})?) ([+-]\d\d)(\d\d) /m.exec(stdout);
  const [, day = '', time = '', hours = '', minutes = ''] = match ?? [];
  return moment(`${day}T${time}${hours}:${minutes}`);
}

function timeFor(walg: Walg): number {
  return Math.min(MOST_TIME, walg.remaining() / 2);
}
