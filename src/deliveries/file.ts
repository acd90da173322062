import { closeSync, fchmodSync, fsyncSync, openSync, renameSync, statSync, unlinkSync, writeSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { DeliveryError, errorCode, UsageError } from '../errors.ts';

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

/** @throws UsageError where the file can never be written: its folder is not there, or it is a folder itself. */
export function checkOutputPath(path: string): string {
  const folder = dirname(path);
  if (kind(folder) !== 'folder') throw new UsageError(`--output ${path}: the folder ${folder} does not exist`);
  if (kind(path) === 'folder') throw new UsageError(`--output ${path}: that is a folder, name a file in it`);
  return path;
}

function kind(path: string): 'folder' | 'other' | undefined {
  const stats = statSync(path, { throwIfNoEntry: false });
  return stats === undefined ? undefined : stats.isDirectory() ? 'folder' : 'other';
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
