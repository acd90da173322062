import type { Memory } from '../document/memory.ts';
import { asError } from '../errors.ts';
import { writePrivate } from '../system/private-file.ts';
import type { Log } from '../system/log.ts';

/** Keeps the state for the next run of this node (--state). If that fails, it is a note, not a failure of the run. */
export function keepState(path: string, memory: Memory, log: Log): void {
  try {
    writePrivate(path, `${JSON.stringify(memory)}\n`);
  } catch (error) {
    log.note(`the state was not saved: ${path} ${asError(error).message}`);
  }
}
