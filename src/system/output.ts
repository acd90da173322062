import { EventEmitter } from 'node:events';
import { closeSync, constants, fstatSync, openSync, writeSync } from 'node:fs';
import { errorCode } from '../errors.ts';

/** stdout or stderr, with writes that never block. */
export interface Output {
  /** Returns how many bytes were written: 0 if the pipe or terminal is full. @throws the system error. */
  write(bytes: Uint8Array): number;
  close(): void;
}

/**
 * Writing to an unread pipe or a stopped terminal would block the event loop, and with it the time limit and the signals. O_NONBLOCK
 * belongs to the open file description, which other processes share (2>&1, the shell's other children), so the file is opened again.
 * If that fails (a socket, another user's terminal), the descriptor itself is used.
 */
export function withoutBlocking(descriptor: 1 | 2): Output {
  const own = openAnew(descriptor);
  return {
    write(bytes) {
      try {
        return writeSync(own ?? descriptor, bytes);
      } catch (error) {
        if (errorCode(error) === 'EAGAIN') return 0;
        throw error;
      }
    },
    close() {
      if (own !== undefined) closeSync(own);
    },
  };
}

/** Replaces a standard stream. If NODE_DEBUG is set, Node.js writes WAL-G's environment to it, so it must have the methods of a stream. */
export const NO_STREAM = Object.assign(new EventEmitter(), { isTTY: false, write: () => true });

/**
 * Node.js compares every socket that it closes with process.stderr (lib/net.js), and the first access to process.stderr sets O_NONBLOCK
 * on descriptor 2, which other processes share. This program does not write to process.stderr, so a placeholder replaces it.
 */
export function leaveStderrAlone(): void {
  Object.defineProperty(process, 'stderr', { value: NO_STREAM, configurable: true, enumerable: true });
}

/** Not for a file on disk: a new descriptor would start writing at its beginning. */
function openAnew(descriptor: number): number | undefined {
  try {
    const stats = fstatSync(descriptor);
    if (!stats.isFIFO() && !stats.isCharacterDevice()) return undefined;
    return openSync(`/proc/self/fd/${descriptor}`, constants.O_WRONLY | constants.O_NONBLOCK | constants.O_NOCTTY);
  } catch {
    return undefined;
  }
}
