import { closeSync, constants, openSync, writeSync } from 'node:fs';

/** Linux's O_TMPFILE (fcntl.h), which Node.js does not name: an unnamed file in the folder that is opened. */
const O_TMPFILE = 0o20000000 | constants.O_DIRECTORY;
const FOLDERS = ['/dev/shm', '/tmp'];

/**
 * A descriptor of an unnamed file with this text: kubectl can open it as /dev/fd/N, which it cannot do with Node's pipes (sockets;
 * src/kubectl/README.md), and nothing is left on disk or shown on a command line.
 * @returns undefined where no folder takes one.
 */
export function openUnnamed(text: string, folders: readonly string[] = FOLDERS): number | undefined {
  for (const folder of folders) {
    let descriptor: number | undefined;
    try {
      descriptor = openSync(folder, constants.O_RDWR | O_TMPFILE, 0o600);
      writeWhole(descriptor, Buffer.from(text));
      return descriptor;
    } catch {
      // not there, read-only, full, or a file system without O_TMPFILE
      if (descriptor !== undefined) closeSync(descriptor);
    }
  }
  return undefined;
}

/** Written by position, so that the descriptor's own offset stays at the beginning for its reader. */
function writeWhole(descriptor: number, bytes: Buffer): void {
  for (let written = 0; written < bytes.length;)
    written += writeSync(descriptor, bytes, written, bytes.length - written, written);
}
