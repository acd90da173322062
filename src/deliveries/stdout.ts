import { writeSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { DeliveryError, errorCode } from '../errors.ts';
import type { Deadline } from '../system/deadline.ts';

const RETRY_AFTER = 10;

/** Writes all of the text to stdout. @throws DeliveryError where its reader is gone, its disk is full, or nobody reads in time. */
export async function printText(text: string, deadline: Deadline, descriptor = 1): Promise<void> {
  let rest: Buffer = Buffer.from(text);
  while (rest.length > 0) {
    try {
      rest = rest.subarray(writeSync(descriptor, rest));
    } catch (error) {
      // a terminal or a pipe that somebody made non-blocking is full for the moment
      if (errorCode(error) !== 'EAGAIN')
        throw new DeliveryError(`the document could not be written to stdout (${errorCode(error) ?? String(error)})`);
      if (deadline.remaining() === 0)
        throw new DeliveryError('the document could not be written to stdout: nobody reads it');
      await sleep(RETRY_AFTER);
    }
  }
}
