import { randomBytes } from 'node:crypto';
import {
  closeSync,
  constants,
  fchmodSync,
  fstatSync,
  fsyncSync,
  lstatSync,
  openSync,
  readFileSync,
  renameSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { errorCode, systemReason } from '../errors.ts';
import { formatBytes } from '../text/units.ts';

/** Why the file is not read or written. The message follows its path. */
export class PrivateFileError extends Error {
  override name = 'PrivateFileError';
}

/**
 * The text of a file that belongs to this user or root; undefined = there is none. O_NOFOLLOW and the check of the owner, because in a
 * folder such as /tmp another user may create a symbolic link or file of that name; O_NONBLOCK, because opening a named pipe would wait
 * for its writer. @throws PrivateFileError
 */
export function readPrivate(path: string, most: number): string | undefined {
  const { O_RDONLY, O_NOFOLLOW, O_NONBLOCK, O_NOCTTY } = constants;
  const descriptor = attempt(() => openSync(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY), 'cannot be read');
  if (descriptor === undefined) return undefined;
  try {
    const stats = fstatSync(descriptor);
    if (!stats.isFile()) throw new PrivateFileError('is not a regular file');
    if (stats.uid !== 0 && stats.uid !== process.geteuid?.())
      throw new PrivateFileError(`belongs to another user (uid ${stats.uid})`);
    if (stats.size > most) throw new PrivateFileError(`is larger than ${formatBytes(most)}`);
    return readFileSync(descriptor, 'utf8');
  } finally {
    closeSync(descriptor);
  }
}

/**
 * Replaces the file, whole or not at all, with mode 0600: the text is written to a random name beside it, flushed to disk, and renamed.
 * Of two runs that write at once the last one wins. @throws PrivateFileError
 */
export function writePrivate(path: string, text: string): void {
  const there = attempt(() => lstatSync(path), 'cannot be written');
  if (there?.isSymbolicLink())
    throw new PrivateFileError('is a symbolic link, which is not followed: name the file itself');
  if (there !== undefined && !there.isFile()) throw new PrivateFileError('is not a regular file');
  const temporary = join(dirname(path), `.${basename(path)}.${randomBytes(8).toString('hex')}.tmp`);
  try {
    writeNew(temporary, text);
    renameSync(temporary, path);
  } catch (error) {
    remove(temporary);
    throw new PrivateFileError(`cannot be written (${systemReason(error)})`);
  }
}

function writeNew(path: string, text: string): void {
  const descriptor = openSync(path, 'wx', 0o600);
  try {
    fchmodSync(descriptor, 0o600); // independent of the umask
    writeFileSync(descriptor, text);
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

/** Undefined = there is no such file. */
function attempt<Result>(action: () => Result, what: string): Result | undefined {
  try {
    return action();
  } catch (error) {
    const code = errorCode(error);
    if (code === 'ENOENT') return undefined;
    if (code === 'ELOOP') throw new PrivateFileError('is a symbolic link, which is not followed: name the file itself');
    throw new PrivateFileError(`${what} (${systemReason(error)})`);
  }
}

function remove(path: string): void {
  try {
    unlinkSync(path);
  } catch {
    // it was not created
  }
}
