import { asError } from '../errors.ts';
import type { Limit } from '../system/deadline.ts';
import { Head, type KeptOutput } from '../system/kept.ts';

/**
 * Takes what a child prints, and ends the child early where nothing comes for some time, or where what comes cannot be taken. So one that hangs
 * is told from one that has much to print.
 */
export class Reception implements KeptOutput {
  /** Nothing came for too long. */
  isSilent = false;
  /** What came could not be taken. */
  failure: Error | undefined;
  overflowed = false;
  readonly #ending = new AbortController();
  readonly #timer: NodeJS.Timeout;
  readonly #take: (chunk: Uint8Array) => void;
  readonly #head = new Head(1024);
  #chunks = 0;

  /** @param mostSilence milliseconds */
  constructor(mostSilence: number, take: (chunk: Uint8Array) => void) {
    this.#take = take;
    this.#timer = setTimeout(() => {
      this.#judge(this.#chunks);
    }, mostSilence);
  }

  /** The same limit, aborted early where there is a reason. */
  limit(limit: Limit): Limit {
    return { ...limit, signal: AbortSignal.any([limit.signal, this.#ending.signal]) };
  }

  add(chunk: Uint8Array): void {
    this.#chunks += 1;
    this.#timer.refresh();
    if (!this.#head.overflowed) this.#head.add(chunk);
    if (this.failure !== undefined) return;
    try {
      this.#take(chunk);
    } catch (error) {
      this.failure = asError(error);
      this.#ending.abort();
    }
  }

  /** The beginning: without credentials kubectl asks for them on stdout. */
  text(): string {
    return this.#head.text();
  }

  end(): void {
    clearTimeout(this.#timer);
  }

  /** Node.js runs timers before it reads: what came while this program was busy with another page is still to be read. */
  #judge(chunksBefore: number): void {
    setImmediate(() => {
      if (this.#chunks > chunksBefore) return;
      this.isSilent = true;
      this.#ending.abort();
    });
  }
}
