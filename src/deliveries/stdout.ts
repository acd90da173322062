import { setTimeout as sleep } from 'node:timers/promises';
import { DeliveryError, errorCode, systemReason } from '../errors.ts';
import type { Deadline } from '../system/deadline.ts';
import { withoutBlocking } from '../system/output.ts';
import type { Delivery, Printed } from './delivery.ts';

/** Prints the document. */
export const print: Delivery<Printed> = ({ printed }, _stdout, { limit }) => printText(printed, limit.deadline);

const RETRY_AFTER = 10;

/** Writes the whole text to stdout. @throws DeliveryError if its reader is gone or does not read in time, or its disk is full. */
export async function printText(text: string, deadline: Deadline): Promise<void> {
  const output = withoutBlocking(1);
  let rest: Buffer = Buffer.from(text);
  try {
    while (rest.length > 0) {
      const written = output.write(rest);
      rest = rest.subarray(written);
      if (written > 0) continue;
      if (deadline.remaining() === 0)
        throw new DeliveryError('the document was not printed: stdout was not read in time');
      await sleep(RETRY_AFTER);
    }
  } catch (error) {
    if (error instanceof DeliveryError) throw error;
    throw new DeliveryError(`the document was not printed: ${explain(error)}`);
  } finally {
    output.close();
  }
}

function explain(error: unknown): string {
  if (errorCode(error) === 'EPIPE') return 'the reader of stdout has exited (EPIPE)';
  return `stdout cannot be written to (${systemReason(error)})`;
}
