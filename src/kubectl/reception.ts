import { asError } from '../errors.ts';
import type { Limit } from '../system/deadline.ts';
import { Head, type KeptOutput } from '../system/kept.ts';

/**
 * Passes on the stdout of a child. Ends the child early if it prints nothing for some time, or if its output is rejected. So a child that
 * hangs is distinguished from one with a long output.
 */
export class Reception implements KeptOutput {
  /** The child printed nothing for too long. */
  isSilent = false;
  /** Why the output was rejected. */
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

  /** The same limit, also aborted by a silent child or a rejected output. */
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

  /** The beginning of the output: without credentials kubectl asks for a user name on stdout. */
  text(): string {
    return this.#head.text();
  }

  end(): void {
    clearTimeout(this.#timer);
  }

  /** Node.js runs timers before it reads, so output that arrived while this program was busy with another page has not been read yet. */
  #judge(chunksBefore: number): void {
    setImmediate(() => {
      if (this.#chunks > chunksBefore) return;
      this.isSilent = true;
      this.#ending.abort();
    });
  }
}
