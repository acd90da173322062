import type { Memory } from '../document/memory.ts';
import { asError } from '../errors.ts';
import { writePrivate } from '../system/private-file.ts';
import type { Log } from '../system/log.ts';

/** Keeps what the next run of this node is to remember (--state). It costs a note where it cannot be kept, never the run. */
export function keepState(path: string, memory: Memory, log: Log): void {
  try {
    writePrivate(path, `${JSON.stringify(memory)}\n`);
  } catch (error) {
    log.note(`the state is not kept: ${path} ${asError(error).message}`);
  }
}
