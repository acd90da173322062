import { ItemScanner } from './item-scanner.ts';
import { decode, Pieces } from './pieces.ts';

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
  /** The bytes since the last end of an item. */
  readonly #rest = new Pieces(MOST_BYTES_OF_QUICK_ITEM, 'an item');

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
      this.#takeItem(this.#rest.take());
      start = afterComma;
    }
    this.#keep(bytes.subarray(start));
  }

  /** The JSON of the list without its items; to be called after the last byte. */
  frame(): string {
    this.#scanner.add(this.#rest.take());
    return this.#scanner.frame();
  }

  #keep(bytes: Buffer): void {
    if (this.#rest.size + bytes.length <= MOST_BYTES_OF_QUICK_ITEM) {
      this.#rest.add(bytes);
      return;
    }
    this.#scanner.add(this.#rest.take());
    this.#scanner.add(bytes);
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
