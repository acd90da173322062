import { closeSync, fchmodSync, fsyncSync, openSync, renameSync, unlinkSync, writeSync } from 'node:fs';
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
 * name begins with a dot and ends in no `.prom`, which node_exporter would read; its users may read the file (0644).
 * @throws DeliveryError where it cannot be written; the old file is still there then, and nothing else.
 */
export function writeFile(path: string, text: string): void {
  const temporary = join(dirname(path), `.${basename(path)}.${process.pid}.tmp`);
  try {
    writeNew(temporary, text);
    renameSync(temporary, path);
  } catch (error) {
    remove(temporary);
    throw new DeliveryError(
      `${path} could not be written (${errorCode(error) ?? String(error)}); what it held before is still there`,
    );
  }
}

function writeNew(path: string, text: string): void {
  const bytes = Buffer.from(text);
  remove(path);
  const descriptor = openSync(path, 'wx', 0o644);
  try {
    for (let written = 0; written < bytes.length;) written += writeSync(descriptor, bytes, written);
    fchmodSync(descriptor, 0o644); // whatever the umask
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

function remove(path: string): void {
  try {
    unlinkSync(path);
  } catch {
    // it was never made
  }
}
