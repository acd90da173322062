import { closeSync, constants, fstatSync, openSync, writeSync } from 'node:fs';
import { errorCode } from '../errors.ts';

/** stdout or stderr, written to without ever waiting for a reader. */
export interface Output {
  /** Returns how many bytes were taken: 0 while there is no room. @throws the system error. */
  write(bytes: Uint8Array): number;
  close(): void;
}

/**
 * A pipe that nobody reads and a terminal that somebody stopped would block the whole program, its time limit and its signals
 * included. The flag against that belongs to the open file, which others share (2>&1, the shell's other children): so it is opened
 * anew. Where that cannot be (a socket, another user's terminal) it is taken as it is.
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

/**
 * Node.js compares every socket that it closes with process.stderr (lib/net.js), and with the first look at that it sets O_NONBLOCK on
 * descriptor 2, which others share. Nothing here writes to it that way, so there is another one to look at.
 */
export function leaveStderrAlone(): void {
  Object.defineProperty(process, 'stderr', { value: { isTTY: false }, configurable: true, enumerable: true });
}

/** Never for a file on disk: opened anew it would be written from its beginning. */
function openAnew(descriptor: number): number | undefined {
  try {
    const stats = fstatSync(descriptor);
    if (!stats.isFIFO() && !stats.isCharacterDevice()) return undefined;
    return openSync(`/proc/self/fd/${descriptor}`, constants.O_WRONLY | constants.O_NONBLOCK | constants.O_NOCTTY);
  } catch {
    return undefined;
  }
}
