import { BoundError, MOST_LEVELS } from '../text/bounds.ts';
import { decode, Pieces } from './pieces.ts';

/** The limit for one object: a ConfigMap holds 1 MiB, and JSON may escape each byte as six characters. */
export const MOST_BYTES_OF_OBJECT = 8 * 1024 * 1024;
/** The limit for the list without its items: its metadata have some hundred bytes. */
const MOST_BYTES_OF_FRAME = 64 * 1024;
/** The limit for one object: a parser needs some fifty bytes for each value. */
export const MOST_VALUES = 1_000_000;

/** The items are elements of a list in the outermost object. */
const LEVEL_OF_LIST = 2;

const code = (character: string) => character.charCodeAt(0);
const [QUOTE, BACKSLASH, COMMA] = [code('"'), code('\\'), code(',')];
const [OPEN_LIST, CLOSE_LIST, OPEN_OBJECT, CLOSE_OBJECT] = [code('['), code(']'), code('{'), code('}')];
/**
 * Finds the items of a list byte by byte, however it is written. The frame, the list without its items, is kept. Bounds are checked here;
 * the syntax is left to the JSON parser.
 */
export class ItemScanner {
  readonly #take: (item: string) => void;
  readonly #item = new Pieces(MOST_BYTES_OF_OBJECT, 'an object');
  readonly #frame = new Pieces(MOST_BYTES_OF_FRAME, 'a list without its items');
  #level = 0;
  #values = 0;
  #isInString = false;
  #isEscaped = false;
  /** The current value at LEVEL_OF_LIST is a list, not the object `metadata`. */
  #isListing = false;

  /** @param take gets the JSON of each item. */
  constructor(take: (item: string) => void) {
    this.#take = take;
  }

  /** The next byte is not part of an item, so an item may begin with it. */
  get isBetweenItems(): boolean {
    return this.#isBetweenItems() && !this.#isInString;
  }

  /** @throws BoundError, and what `take` throws. */
  add(chunk: Uint8Array): void {
    // the start of the part that is not kept yet
    let start = 0;
    for (let at = this.#isInString ? this.#endOfString(chunk, 0) : 0; at < chunk.length; at++) {
      const character = chunk[at];
      if (character === QUOTE) at = this.#endOfString(chunk, at + 1) - 1;
      else if (character === COMMA) {
        this.#countValue();
        if (!this.#isBetweenItems()) continue;
        this.#frame.add(chunk.subarray(start, at));
        start = at + 1;
      } else if (character === OPEN_OBJECT || character === OPEN_LIST) {
        this.#countValue();
        if (this.#isBetweenItems()) {
          this.#frame.add(chunk.subarray(start, at));
          start = at;
          this.#values = 0;
        }
        this.#open(character);
      } else if (character === CLOSE_OBJECT || character === CLOSE_LIST) {
        this.#level = Math.max(0, this.#level - 1);
        if (!this.#isBetweenItems()) continue;
        this.#item.add(chunk.subarray(start, at + 1));
        start = at + 1;
        this.#take(decode(this.#item.take()));
      }
    }
    const isInItem = this.#isListing && this.#level > LEVEL_OF_LIST;
    if (isInItem) this.#item.add(chunk.subarray(start));
    else this.#frame.add(chunk.subarray(start));
  }

  /** The JSON of the list without its items; to be called after the last byte. */
  frame(): string {
    return decode(this.#frame.take());
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

  /** The position after the closing quote; the length of the chunk if the string continues in the next one. */
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
