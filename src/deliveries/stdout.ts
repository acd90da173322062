import { setTimeout as sleep } from 'node:timers/promises';
import { DeliveryError, errorCode, systemReason } from '../errors.ts';
import type { Deadline } from '../system/deadline.ts';
import { type Output, withoutBlocking } from '../system/output.ts';
import type { Delivery, Printed } from './delivery.ts';

/** Prints the document. */
export const print: Delivery<Printed> = ({ printed }, _stdout, { limit }) => printText(printed, limit.deadline);

const RETRY_AFTER = 10;

/** Writes the whole text to stdout. @throws DeliveryError if its reader is gone or does not read in time, or its disk is full. */
export async function printText(text: string, deadline: Deadline): Promise<void> {
  const output = withoutBlocking(1);
  // one for all pieces: a fleet's text has tens of megabytes, and would be in memory once more as bytes
  const bytes = Buffer.allocUnsafe(Math.min(text.length, PIECE + 1) * MOST_BYTES_OF_UNIT);
  try {
    for (const piece of piecesOf(text)) await printPiece(bytes.subarray(0, bytes.write(piece)), output, deadline);
  } catch (error) {
    if (error instanceof DeliveryError) throw error;
    throw new DeliveryError(`the document was not printed: ${explain(error)}`);
  } finally {
    output.close();
  }
}

/** Units of UTF-16, of which each takes at most so many bytes in UTF-8. */
const PIECE = 256 * 1024;
const MOST_BYTES_OF_UNIT = 3;

function* piecesOf(text: string): Generator<string> {
  let start = 0;
  while (start < text.length) {
    const last = text.charCodeAt(start + PIECE - 1);
    // the first unit of a character of two units stays with the second one
    const end = start + PIECE + (last >= 0xd800 && last <= 0xdbff ? 1 : 0);
    yield text.slice(start, end);
    start = end;
  }
}

async function printPiece(bytes: Uint8Array, output: Output, deadline: Deadline): Promise<void> {
  let rest = bytes;
  while (rest.length > 0) {
    const written = output.write(rest);
    rest = rest.subarray(written);
    if (written > 0) continue;
    if (deadline.remaining() === 0)
      throw new DeliveryError('the document was not printed: stdout was not read in time');
    await sleep(RETRY_AFTER);
  }
}

function explain(error: unknown): string {
  if (errorCode(error) === 'EPIPE') return 'the reader of stdout has exited (EPIPE)';
  return `stdout cannot be written to (${systemReason(error)})`;
}
