import { moment } from '../text/words.ts';
import type { Walg } from './client.ts';
import { WalgFailure } from './program.ts';

/** The time limit of each call, milliseconds: it requests the metadata of one object. */
const MOST_TIME = 5_000;

/** The extension of a segment in the storage by WALG_COMPRESSION_METHOD (internal/compression); lz4 is the default. */
const EXTENSIONS: Readonly<Record<string, string>> = {
  lz4: '.lz4',
  lzma: '.lzma',
  zstd: '.zst',
  brotli: '.br',
  gzip: '.gz',
  none: '',
};

/**
 * When these WAL segments arrived in the primary storage, in epoch milliseconds by its clock (`wal-g st stat`, 3.0.9 and newer). Segments
 * whose time is not known are left out, which does not count as a failure. The call for the first segment shows whether this WAL-G supports
 * it, which is cheaper than a call of `wal-g --version` in every run.
 */
export async function arrivalsOf(walg: Walg, [first, ...others]: readonly string[]): Promise<Map<string, number>> {
  if (first === undefined) return new Map();
  const answer = await ask(walg, first);
  const answers = answer.canTell ? [answer, ...(await Promise.all(others.map((other) => ask(walg, other))))] : [];
  return new Map(answers.flatMap(({ segment, time }) => (time === undefined ? [] : [[segment, time]])));
}

/**
 * Whether this segment is in the primary storage, and when it arrived (epoch milliseconds, if known). Undefined = not known: either this
 * WAL-G does not support `st stat`, or the storage does not answer.
 */
export async function lookFor(
  walg: Walg,
  segment: string,
): Promise<{ there: true; time: number | undefined } | { there: false } | undefined> {
  const { time, is } = await ask(walg, segment);
  if (is === 'not known') return undefined;
  return is === 'there' ? { there: true, time } : { there: false };
}

interface Answer {
  segment: string;
  /** Undefined = it is not there, or its time is not known. */
  time?: number | undefined;
  is: 'there' | 'not there' | 'not known';
  /** WAL-G answered, so a call for another segment is useful. */
  canTell: boolean;
}

/** An older WAL-G prints the help of `st` with exit status 0, or fails because it does not know `st`. */
async function ask(walg: Walg, segment: string): Promise<Answer> {
  const method = walg.environment['WALG_COMPRESSION_METHOD'] ?? 'lz4';
  const path = `wal_005/${segment}${EXTENSIONS[method] ?? '.lz4'}`;
  try {
    const { stdout } = await walg.run(['st', 'stat', path], { time: Math.min(MOST_TIME, walg.remaining() / 2) });
    const line = /^obj .*$/m.exec(stdout)?.[0];
    if (line === undefined) return { segment, is: 'not known', canTell: false };
    return { segment, time: lastModified(line), is: 'there', canTell: true };
  } catch (error) {
    // after a time-out, or if the program cannot be started, the next call would fail too
    const isFailure = error instanceof WalgFailure && !error.refused(/unknown command/);
    return { segment, is: isFailure && isAbsent(error) ? 'not there' : 'not known', canTell: isFailure };
  }
}

/** The message is the same for every kind of storage (pkg/storages/storage, ObjectNotFoundError). */
function isAbsent({ finished }: WalgFailure): boolean {
  return /object '[^'\n]*' not found in storage/.test(finished.stderr);
}

/** Parses a Go time with its zone: `obj  66108 2026-11-25 22:00:41.897118467 +0100 CET wal_005/…` */
function lastModified(line: string): number | undefined {
  const match = /^obj +\d+ (\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d(?:\.\d{1,9})?) ([+-]\d\d)(\d\d) /.exec(line);
  const [, day = '', time = '', hours = '', minutes = ''] = match ?? [];
  return moment(`${day}T${time}${hours}:${minutes}`);
}
