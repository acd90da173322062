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
import { DeliveryError, errorCode } from '../errors.ts';
import type { Delivery, Written } from './delivery.ts';

/** Writes the document to a file. */
export const writeOutput: Delivery<Written> = async ({ printed }, { path }) => {
  // after the others have begun: a disk may be slow
  await Promise.resolve();
  writeFile(path, printed);
};

/**
 * Replaces the file by one with this text, whole or not at all: written beside it, flushed to disk, then renamed over it. The temporary
 * name begins with a dot and ends in no `.prom`, which node_exporter would read, and is random, because in a folder such as /tmp another
 * user could have taken one that can be guessed. A file that is there keeps its mode and owner; a new one may be read by all (0644).
 * @throws DeliveryError where it cannot be written; the old file is still there then, and nothing else.
 */
export function writeFile(path: string, text: string): void {
  const temporary = join(dirname(path), `.${basename(path)}.${randomBytes(8).toString('hex')}.tmp`);
  try {
    writeNew(temporary, text, look(path));
    renameSync(temporary, path);
  } catch (error) {
    remove(temporary);
    throw new DeliveryError(
      `${path} could not be written (${errorCode(error) ?? String(error)}); what it held before is still there`,
    );
  }
}

function writeNew(path: string, text: string, former: Stats | undefined): void {
  const bytes = Buffer.from(text);
  // "x" is O_EXCL: a symbolic link is not followed
  const descriptor = openSync(path, 'wx', 0o600);
  try {
    for (let written = 0; written < bytes.length;) written += writeSync(descriptor, bytes, written);
    if (former !== undefined) keepOwner(descriptor, former);
    fchmodSync(descriptor, former === undefined ? 0o644 : former.mode & 0o777); // whatever the umask
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

/** Only root may give a file away; anybody else who may replace it becomes its owner. */
function keepOwner(descriptor: number, { uid, gid }: Stats): void {
  try {
    fchownSync(descriptor, uid, gid);
  } catch (error) {
    if (errorCode(error) !== 'EPERM' || process.geteuid?.() === 0) throw error;
  }
}

/** The regular file that is there. */
function look(path: string): Stats | undefined {
  const stats = lstatSync(path, { throwIfNoEntry: false });
  return stats?.isFile() ? stats : undefined;
}

function remove(path: string): void {
  try {
    unlinkSync(path);
  } catch {
    // it was never made
  }
}
