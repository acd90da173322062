import { ItemScanner } from './item-scanner.ts';
import { decode } from './pieces.ts';

/**
 * What API servers write between two ConfigMaps or two namespaces. JSON has it only between two elements of a list, not in a string, where
 * quotes are escaped.
 */
const BETWEEN_ITEMS = Buffer.from('},{"metadata":{');

/** Contains at most as many values as the scanner allows, so they are not counted. Only few ConfigMaps are larger. */
const MOST_BYTES_OF_QUICK_ITEM = 1024 * 1024;

/**
 * Extracts the items from a list of an API server while its bytes arrive, so that a page of tens of megabytes is never in memory as a
 * whole. A search finds where they end, in a tenth of the scanner's time. What begins between two items and is JSON is an item. Everything
 * else is left to the scanner: the beginning and the end of a list, and a list that is written differently.
 */
export class Items {
  readonly #take: (item: unknown) => void;
  readonly #scanner: ItemScanner;
  /** Begins with the bytes since the last end of an item. It is used again for each item, because memory that is new costs time. */
  readonly #rest = Buffer.allocUnsafe(MOST_BYTES_OF_QUICK_ITEM);
  #size = 0;

  /** @param take gets each item. */
  constructor(take: (item: unknown) => void) {
    this.#take = take;
    this.#scanner = new ItemScanner((json) => {
      take(JSON.parse(json));
    });
  }

  /** @throws SyntaxError or BoundError, and what `take` throws. */
  add(chunk: Uint8Array): void {
    const bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.length);
    let start = 0;
    for (let end = bytes.indexOf(BETWEEN_ITEMS); end >= 0; end = bytes.indexOf(BETWEEN_ITEMS, start)) {
      const afterComma = end + 2;
      this.#keep(bytes.subarray(start, afterComma));
      this.#takeItem(this.#takeRest());
      start = afterComma;
    }
    this.#keep(bytes.subarray(start));
  }

  /** The JSON of the list without its items; to be called after the last byte. */
  frame(): string {
    this.#scanner.add(this.#takeRest());
    return this.#scanner.frame();
  }

  #keep(bytes: Buffer): void {
    if (this.#size + bytes.length <= MOST_BYTES_OF_QUICK_ITEM) {
      this.#size += bytes.copy(this.#rest, this.#size);
      return;
    }
    this.#scanner.add(this.#takeRest());
    this.#scanner.add(bytes);
  }

  /** Valid until something is kept again. */
  #takeRest(): Buffer {
    const rest = this.#rest.subarray(0, this.#size);
    this.#size = 0;
    return rest;
  }

  /** @param bytes end with a comma. */
  #takeItem(bytes: Buffer): void {
    const item = this.#scanner.isBetweenItems ? parse(bytes.subarray(0, -1)) : undefined;
    if (item === undefined) this.#scanner.add(bytes);
    else this.#take(item);
  }
}

/** undefined = it is not JSON. */
function parse(bytes: Buffer): unknown {
  try {
    return JSON.parse(decode(bytes));
  } catch {
    return undefined;
  }
}
