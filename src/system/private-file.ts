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
import { errorCode } from '../errors.ts';
import { formatBytes } from '../text/units.ts';

/** Why a file that only this program should have written is left alone. */
export class PrivateFileError extends Error {
  override name = 'PrivateFileError';
}

/**
 * The text of a file that this user, or root, has written; undefined where there is none. O_NOFOLLOW and the owner are looked at
 * because another user may have put a symbolic link or a file of their own into a folder such as /tmp; O_NONBLOCK because opening a
 * named pipe would wait for its writer. @throws PrivateFileError
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
 * Replaces the file by one with this text, whole or not at all, that only this user may read (0600): written beside it under a random
 * name, flushed to disk, then renamed over it. What two runs write at once is never mixed: the last one wins. @throws PrivateFileError
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
    throw new PrivateFileError(`cannot be written (${errorCode(error) ?? String(error)})`);
  }
}

function writeNew(path: string, text: string): void {
  const descriptor = openSync(path, 'wx', 0o600);
  try {
    fchmodSync(descriptor, 0o600); // whatever the umask
    writeFileSync(descriptor, text);
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

/** Undefined where there is no such file. */
function attempt<Result>(action: () => Result, what: string): Result | undefined {
  try {
    return action();
  } catch (error) {
    const code = errorCode(error);
    if (code === 'ENOENT') return undefined;
    if (code === 'ELOOP') throw new PrivateFileError('is a symbolic link, which is not followed: name the file itself');
    throw new PrivateFileError(`${what} (${code ?? String(error)})`);
  }
}

function remove(path: string): void {
  try {
    unlinkSync(path);
  } catch {
    // it was never made
  }
}
