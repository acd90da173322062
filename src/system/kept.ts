/** The part of a stream that is kept. */
export interface Kept {
  add(chunk: Uint8Array): unknown;
  text(): string;
}

export interface KeptOutput extends Kept {
  /** There was more than what is kept. */
  overflowed: boolean;
}

/** Keeps the first `most` bytes. */
export class Head implements KeptOutput {
  overflowed = false;
  readonly #chunks: Uint8Array[] = [];
  #size = 0;
  readonly #most: number;

  constructor(most: number) {
    this.#most = most;
  }

  /** Returns the part of the chunk that exceeds the limit. */
  add(chunk: Uint8Array): Uint8Array {
    const room = this.#most - this.#size;
    if (chunk.length > room) this.overflowed = true;
    if (room > 0) this.#chunks.push(chunk.subarray(0, room));
    this.#size += Math.min(chunk.length, room);
    return chunk.subarray(room);
  }

  text(): string {
    return Buffer.concat(this.#chunks).toString('utf8');
  }
}

/** Keeps the first and the last `most` bytes. */
export class Ends implements Kept {
  readonly #head: Head;
  readonly #most: number;
  /** Chunks with the last `most` bytes; the first may begin earlier. */
  readonly #tail: Uint8Array[] = [];
  #size = 0;

  constructor(most: number) {
    this.#most = most;
    this.#head = new Head(most);
  }

  add(chunk: Uint8Array): void {
    const rest = this.#head.add(chunk);
    if (rest.length === 0) return;
    this.#tail.push(rest);
    this.#size += rest.length;
    for (let [first] = this.#tail; first && this.#size - first.length >= this.#most; [first] = this.#tail) {
      this.#tail.shift();
      this.#size -= first.length;
    }
  }

  text(): string {
    const head = this.#head.text();
    if (!this.#head.overflowed) return head;
    const tail = Buffer.concat(this.#tail).subarray(-this.#most).toString('utf8');
    return `${withoutCutEnd(head)}\n${withoutCutBeginning(tail)}`;
  }
}

/** The cut may split a secret, and half a secret is not recognized: so the line is dropped there, or as much as a secret may take. */
const LONGEST_SECRET = 16 * 1024;

function withoutCutEnd(text: string): string {
  const lineFeed = text.lastIndexOf('\n');
  return text.slice(0, Math.max(lineFeed, text.length - LONGEST_SECRET));
}

function withoutCutBeginning(text: string): string {
  const lineFeed = text.indexOf('\n');
  return text.slice(lineFeed < 0 ? LONGEST_SECRET : Math.min(lineFeed + 1, LONGEST_SECRET));
}
