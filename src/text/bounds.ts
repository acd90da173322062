import { CollectError } from '../errors.ts';

/** The input is larger, longer or nested deeper than any legitimate one. */
export class BoundError extends CollectError {
  override name = 'BoundError';
}

/** Limits on a JSON text, checked before it is parsed, because parsed it takes up to a hundred times the memory. */
export interface Bounds {
  /** Elements of one list, and keys of one object. */
  elements: number;
  /** Characters of one string; by default 1 MiB: longer than the largest backup metadata, short enough for everything that processes it. */
  characters?: number;
}

/** Patroni nests 5 levels and this program's document 6; recursive code such as a YAML writer overflows its stack at some thousand. */
export const MOST_LEVELS = 64;
/** All elements and keys together: a parser needs some hundred bytes for each. */
const MOST_VALUES = 1_000_000;
const MOST_CHARACTERS = 1024 * 1024;

const code = (character: string) => character.charCodeAt(0);
const [QUOTE, BACKSLASH, COMMA] = [code('"'), code('\\'), code(',')];
const [OPEN_LIST, CLOSE_LIST, OPEN_OBJECT, CLOSE_OBJECT] = [code('['), code(']'), code('{'), code('}')];
const [ZERO, NINE, EXPONENT] = [code('0'), code('9'), code('e')];
const LOWER_CASE = 0x20;
const LONG_NUMBER = 16;

/**
 * Scans a text that should be JSON in one pass, with a counter for each level as its only memory. It does not validate the syntax.
 * @returns whether the text may contain a number that JavaScript does not keep exactly: with 16 digits or more, or an exponent.
 * @throws BoundError that names the bound.
 */
export function checkBounds(json: string, { elements, characters = MOST_CHARACTERS }: Bounds): boolean {
  let digits = 0;
  let longNumbers = false;
  const commas = new Uint32Array(MOST_LEVELS + 1);
  let level = 0;
  let values = 0;
  for (let at = 0; at < json.length; at++) {
    const character = json.charCodeAt(at);
    if (character >= ZERO && character <= NINE) {
      digits += 1;
      if (digits >= LONG_NUMBER) longNumbers = true;
      continue;
    }
    if (digits > 0 && (character | LOWER_CASE) === EXPONENT) longNumbers = true;
    digits = 0;
    if (character === QUOTE) at = endOfString(json, at, characters);
    else if (character === COMMA) {
      const seen = (commas[level] ?? 0) + 1;
      commas[level] = seen;
      values += 1;
      if (seen >= elements) throw new BoundError(`a list of more than ${number(elements)} elements`);
      if (values > MOST_VALUES) throw new BoundError(`more than ${number(MOST_VALUES)} values`);
    } else if (character === OPEN_LIST || character === OPEN_OBJECT) {
      level += 1;
      values += 1;
      if (level > MOST_LEVELS) throw new BoundError(`nested more than ${MOST_LEVELS} levels deep`);
      commas[level] = 0;
    } else if (character === CLOSE_LIST || character === CLOSE_OBJECT) level = Math.max(0, level - 1);
  }
  return longNumbers;
}

/** The position of the closing quote, or the end of the text if there is none. */
function endOfString(json: string, start: number, most: number): number {
  for (let at = start + 1; at < json.length; at++) {
    const character = json.charCodeAt(at);
    if (character === QUOTE) return at;
    if (character === BACKSLASH) at += 1;
    if (at - start > most) throw new BoundError(`a text of more than ${number(most)} characters`);
  }
  return json.length;
}

function number(value: number): string {
  return value.toLocaleString('en');
}
