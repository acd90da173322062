import { isAscii } from 'node:buffer';
import { BoundError } from '../text/bounds.ts';

/** Bytes that arrive in several chunks. */
export class Pieces {
  #size = 0;
  #pieces: Uint8Array[] = [];
  readonly #most: number;
  readonly #what: string;

  constructor(most: number, what: string) {
    this.#most = most;
    this.#what = what;
  }

  /** Keeps a copy. @throws BoundError */
  add(piece: Uint8Array): void {
    if (piece.length === 0) return;
    this.#size += piece.length;
    if (this.#size > this.#most) throw new BoundError(`${this.#what} of more than ${String(this.#most)} bytes`);
    this.#pieces.push(Buffer.from(piece));
  }

  /** Returns all of them, and begins again. */
  take(): Buffer {
    const whole = Buffer.concat(this.#pieces);
    this.#pieces = [];
    this.#size = 0;
    return whole;
  }
}

/** UTF-8. Most texts are ASCII, which is decoded in half the time. */
export function decode(bytes: Buffer): string {
  return bytes.toString(isAscii(bytes) ? 'latin1' : 'utf8');
}
