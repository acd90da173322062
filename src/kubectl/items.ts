import { BoundError, MOST_LEVELS } from '../text/bounds.ts';

/** Of an object: a ConfigMap holds 1 MiB, and its JSON has up to six characters for each. */
export const MOST_BYTES_OF_OBJECT = 8 * 1024 * 1024;
/** Of everything else: the metadata of the list are some hundred bytes. */
const MOST_BYTES_OF_FRAME = 64 * 1024;
/** Of an object: each takes a parser some fifty bytes. */
export const MOST_VALUES = 1_000_000;

/** The items are in a list within the object that is the whole. */
const LEVEL_OF_LIST = 2;

const code = (character: string) => character.charCodeAt(0);
const [QUOTE, BACKSLASH, COMMA] = [code('"'), code('\\'), code(',')];
const [OPEN_LIST, CLOSE_LIST, OPEN_OBJECT, CLOSE_OBJECT] = [code('['), code(']'), code('{'), code('}')];
/**
 * Takes the items out of a list of an API server while its bytes arrive, so that a page of tens of megabytes is never in memory as a whole. What
 * is left is the frame, the list without its items. The bounds of each text are checked on the way; its syntax is left to the parser.
 */
export class Items {
  readonly #take: (item: string) => void;
  readonly #item = new Pieces(MOST_BYTES_OF_OBJECT, 'an object');
  readonly #frame = new Pieces(MOST_BYTES_OF_FRAME, 'a list without its items');
  #level = 0;
  #values = 0;
  #isInString = false;
  #isEscaped = false;
  /** The level of the list is that of a list indeed, not that of the metadata. */
  #isListing = false;

  /** @param take gets the JSON of each item. */
  constructor(take: (item: string) => void) {
    this.#take = take;
  }

  /** @throws BoundError, and what `take` throws. */
  add(chunk: Uint8Array): void {
    // where the part begins that is not kept yet
    let start = 0;
    for (let at = this.#isInString ? this.#endOfString(chunk, 0) : 0; at < chunk.length; at++) {
      const character = chunk[at];
      if (character === QUOTE) at = this.#endOfString(chunk, at + 1) - 1;
      else if (character === COMMA) {
        this.#countValue();
        if (!this.#isBetweenItems()) continue;
        this.#frame.addCopy(chunk.subarray(start, at));
        start = at + 1;
      } else if (character === OPEN_OBJECT || character === OPEN_LIST) {
        this.#countValue();
        if (this.#isBetweenItems()) {
          this.#frame.addCopy(chunk.subarray(start, at));
          start = at;
          this.#values = 0;
        }
        this.#open(character);
      } else if (character === CLOSE_OBJECT || character === CLOSE_LIST) {
        this.#level = Math.max(0, this.#level - 1);
        if (!this.#isBetweenItems()) continue;
        this.#item.add(chunk.subarray(start, at + 1));
        start = at + 1;
        this.#take(this.#item.take());
      }
    }
    const isInItem = this.#isListing && this.#level > LEVEL_OF_LIST;
    if (isInItem) this.#item.add(chunk.subarray(start));
    else this.#frame.addCopy(chunk.subarray(start));
  }

  /** The JSON of the list without its items, once all bytes are there. */
  frame(): string {
    return this.#frame.take();
  }

  #isBetweenItems(): boolean {
    return this.#isListing && this.#level === LEVEL_OF_LIST;
  }

  #open(bracket: number): void {
    this.#level += 1;
    if (this.#level > MOST_LEVELS) throw new BoundError(`nested more than ${String(MOST_LEVELS)} levels deep`);
    if (this.#level === LEVEL_OF_LIST) this.#isListing = bracket === OPEN_LIST;
  }

  #countValue(): void {
    this.#values += 1;
    if (this.#values > MOST_VALUES) throw new BoundError(`an object of more than ${String(MOST_VALUES)} values`);
  }

  /** The position after the closing quote; the length of the chunk if the string goes on in the next one. */
  #endOfString(chunk: Uint8Array, start: number): number {
    let at = this.#isEscaped ? start + 1 : start;
    for (; at < chunk.length; at++) {
      const character = chunk[at];
      if (character === BACKSLASH) at += 1;
      else if (character === QUOTE) break;
    }
    this.#isInString = at >= chunk.length;
    this.#isEscaped = at > chunk.length;
    return Math.min(at + 1, chunk.length);
  }
}

/** A text in pieces, which came in several chunks. */
class Pieces {
  #pieces: Uint8Array[] = [];
  #size = 0;
  readonly #most: number;
  readonly #what: string;

  constructor(most: number, what: string) {
    this.#most = most;
    this.#what = what;
  }

  add(piece: Uint8Array): void {
    if (piece.length === 0) return;
    this.#size += piece.length;
    if (this.#size > this.#most) throw new BoundError(`${this.#what} of more than ${String(this.#most)} bytes`);
    this.#pieces.push(piece);
  }

  /** The same, but the rest of its chunk need not be kept. */
  addCopy(piece: Uint8Array): void {
    this.add(Buffer.from(piece));
  }

  /** All of it; the next text begins. */
  take(): string {
    const text = Buffer.concat(this.#pieces).toString('utf8');
    this.#pieces = [];
    this.#size = 0;
    return text;
  }
}
