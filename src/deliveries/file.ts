import { randomBytes } from 'node:crypto';
import {
  closeSync,
  fchmodSync,
  fchownSync,
  fsyncSync,
  lstatSync,
  openSync,
  renameSync,
  type Stats,
  unlinkSync,
  writeSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { DeliveryError, errorCode, systemReason } from '../errors.ts';
import type { Delivery, Written } from './delivery.ts';

/** Writes the document to a file. */
export const writeOutput: Delivery<Written> = async ({ printed }, { path }) => {
  // let the other deliveries start first: the writes below are synchronous, and a disk may be slow
  await Promise.resolve();
  writeFile(path, printed);
};

/**
 * Replaces the file, whole or not at all: the text is written to a file beside it, flushed to disk, and renamed. The temporary name does
 * not end in `.prom`, because node_exporter would read it, and is random, because in a folder such as /tmp another user could create a
 * file of a name that can be guessed. An existing file keeps its mode and owner; a new one gets mode 0644.
 * @throws DeliveryError if it cannot be written; the old file is then unchanged.
 */
export function writeFile(path: string, text: string): void {
  const temporary = join(dirname(path), `.${basename(path)}.${randomBytes(8).toString('hex')}.tmp`);
  try {
    writeNew(temporary, text, look(path));
    renameSync(temporary, path);
  } catch (error) {
    remove(temporary);
    throw new DeliveryError(`${path} could not be written (${systemReason(error)}); its old content is unchanged`);
  }
}

function writeNew(path: string, text: string, former: Stats | undefined): void {
  const bytes = Buffer.from(text);
  // "x" is O_EXCL, which does not follow a symbolic link
  const descriptor = openSync(path, 'wx', 0o600);
  try {
    for (let written = 0; written < bytes.length;) written += writeSync(descriptor, bytes, written);
    if (former !== undefined) keepOwner(descriptor, former);
    fchmodSync(descriptor, former === undefined ? 0o644 : former.mode & 0o777); // independent of the umask
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

/** Only root may change the owner. Another user who may replace the file becomes its owner. */
function keepOwner(descriptor: number, { uid, gid }: Stats): void {
  try {
    fchownSync(descriptor, uid, gid);
  } catch (error) {
    if (errorCode(error) !== 'EPERM' || process.geteuid?.() === 0) throw error;
  }
}

/** The existing regular file. */
function look(path: string): Stats | undefined {
  const stats = lstatSync(path, { throwIfNoEntry: false });
  return stats?.isFile() ? stats : undefined;
}

function remove(path: string): void {
  try {
    unlinkSync(path);
  } catch {
    // it was not created
  }
}
