import { closeSync, constants, openSync, writeSync } from 'node:fs';

/** O_TMPFILE of Linux (fcntl.h), which Node.js does not export: creates an unnamed file in the folder that is opened. */
const O_TMPFILE = 0o20000000 | constants.O_DIRECTORY;
const FOLDERS = ['/dev/shm', '/tmp'];

/**
 * Returns the descriptor of an unnamed file with this text. kubectl can open it as /dev/fd/N, unlike the pipes of Node.js, which are
 * sockets (src/kubectl/README.md); nothing remains on disk or appears on a command line.
 * @returns undefined if no folder supports it.
 */
export function openUnnamed(text: string, folders: readonly string[] = FOLDERS): number | undefined {
  for (const folder of folders) {
    let descriptor: number | undefined;
    try {
      descriptor = openSync(folder, constants.O_RDWR | O_TMPFILE, 0o600);
      writeWhole(descriptor, Buffer.from(text));
      return descriptor;
    } catch {
      // missing, read-only, full, or on a file system without O_TMPFILE
      if (descriptor !== undefined) closeSync(descriptor);
    }
  }
  return undefined;
}

/** Written with pwrite(2), so that the offset of the descriptor stays at the beginning for kubectl. */
function writeWhole(descriptor: number, bytes: Buffer): void {
  for (let written = 0; written < bytes.length;)
    written += writeSync(descriptor, bytes, written, bytes.length - written, written);
}
