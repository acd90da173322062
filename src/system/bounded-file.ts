import { closeSync, constants, fstatSync, openSync, readSync, type Stats } from 'node:fs';
import { systemReason } from '../errors.ts';
import { formatBytes } from '../text/units.ts';

/** Not a regular file, or one that is larger than its reader accepts. */
export class UnfitFileError extends Error {
  override name = 'UnfitFileError';
}

const CHUNK = 64 * 1024;

/**
 * Reads a regular file of at most `most` bytes. O_NONBLOCK, because opening a FIFO would block the event loop until a writer comes, and
 * with it the time limit and the signals. The type is checked before anything is read, because /dev/zero has no end.
 * @throws UnfitFileError, or the system error.
 */
export function readBounded(path: string, most: number): Buffer {
  const descriptor = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOCTTY);
  try {
    const stats = fstatSync(descriptor);
    if (!stats.isFile()) throw new UnfitFileError(kindOf(stats));
    if (stats.size > most) throw tooLarge(most);
    return readWhole(descriptor, most);
  } finally {
    closeSync(descriptor);
  }
}

/** Reads to the end: files in /proc have size 0. */
function readWhole(descriptor: number, most: number): Buffer {
  const chunks: Buffer[] = [];
  for (let size = 0; ;) {
    const chunk = Buffer.allocUnsafe(CHUNK);
    const read = readSync(descriptor, chunk);
    if (read === 0) return Buffer.concat(chunks);
    size += read;
    if (size > most) throw tooLarge(most);
    chunks.push(chunk.subarray(0, read));
  }
}

export function tooLarge(most: number): UnfitFileError {
  return new UnfitFileError(`larger than ${formatBytes(most)}`);
}

/** What kind of file it is, if not a regular one. */
export function kindOf(stats: Stats): string {
  if (stats.isDirectory()) return 'a directory';
  if (stats.isFIFO()) return 'a named pipe, not a file';
  if (stats.isSocket()) return 'a socket, not a file';
  return 'a device, not a file';
}

/** Why it cannot be read, for use in brackets. */
export function whyUnreadable(error: unknown): string {
  return error instanceof UnfitFileError ? error.message : systemReason(error);
}
