import { decodeUtf8 } from './utf8.ts';

/** A decoded text, and for each of its characters and its end the position in the original. */
export interface Decoded {
  text: string;
  positions: Uint32Array;
}

const code = (character: string) => character.charCodeAt(0);
const [PERCENT, BACKSLASH, AMPERSAND] = [code('%'), code('\\'), code('&')];
const [ZERO, NINE, A, F] = [code('0'), code('9'), code('a'), code('f')];
const LOWER_CASE = 0x20;
/** `&#x10ffff;` */
const LONGEST_ENTITY = 10;
const NAMED: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };
const LETTERS: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t' };

/**
 * Decodes the escapes of URLs (`%2f`), JSON, C and shells (`\u0026`, `\x26`, `\046`, `\"`), and HTML (`&amp;`); undefined = there are none. An
 * escape is never shorter than the text that it stands for, so a buffer of the original length is enough.
 */
export function decode(text: string): Decoded | undefined {
  if (!/[%\\&]/.test(text)) return undefined;
  const units = new Uint16Array(text.length);
  const positions = new Uint32Array(text.length + 1);
  let length = 0;
  for (let at = 0; at < text.length;) {
    const escape = escapeAt(text, at);
    if (escape === undefined) {
      positions[length] = at;
      units[length++] = text.charCodeAt(at++);
      continue;
    }
    // the position within a run of escapes need not be exact
    for (let each = 0; each < escape.plain.length; each++) {
      positions[length] = at + Math.floor((each * escape.length) / escape.plain.length);
      units[length++] = escape.plain.charCodeAt(each);
    }
    at += escape.length;
  }
  positions[length] = text.length;
  return {
    text: Buffer.from(units.buffer, 0, length * 2).toString('utf16le'),
    positions: positions.subarray(0, length + 1),
  };
}

/** The text that an escape stands for, and the length of the escape. */
interface Escape {
  plain: string;
  length: number;
}

function escapeAt(text: string, at: number): Escape | undefined {
  switch (text.charCodeAt(at)) {
    case PERCENT:
      return percentRun(text, at);
    case BACKSLASH:
      return afterBackslash(text, at);
    case AMPERSAND:
      return entity(text, at);
    default:
      return undefined;
  }
}

/** Adjacent escapes together, because one character may be several bytes of UTF-8. */
function percentRun(text: string, start: number): Escape | undefined {
  const bytes: number[] = [];
  let at = start;
  for (; text.charCodeAt(at) === PERCENT; at += 3) {
    const byte = hexadecimal(text, at + 1, 2);
    if (byte === undefined) break;
    bytes.push(byte);
  }
  return bytes.length === 0 ? undefined : { plain: Buffer.from(bytes).toString('utf8'), length: at - start };
}

function afterBackslash(text: string, at: number): Escape | undefined {
  const letter = text[at + 1];
  if (letter === undefined) return undefined;
  const unit = letter === 'u' ? hexadecimal(text, at + 2, 4) : undefined;
  if (unit !== undefined) return { plain: String.fromCharCode(unit), length: 6 };
  return byteRun(text, at) ?? { plain: LETTERS[letter] ?? letter, length: 2 };
}

/** `\x2f` and `\057`, neighbours together: bytes of UTF-8, or of Latin-1 if they are not. */
function byteRun(text: string, start: number): Escape | undefined {
  const bytes: number[] = [];
  let at = start;
  for (; text.charCodeAt(at) === BACKSLASH; at += 4) {
    const byte = text[at + 1] === 'x' ? hexadecimal(text, at + 2, 2) : octal(text, at + 1);
    if (byte === undefined) break;
    bytes.push(byte);
  }
  if (bytes.length === 0) return undefined;
  const all = Buffer.from(bytes);
  return { plain: decodeUtf8(all) ?? all.toString('latin1'), length: at - start };
}

/** Three digits, of a byte. */
function octal(text: string, at: number): number | undefined {
  const [high, middle, low] = [0, 1, 2].map((each) => text.charCodeAt(at + each) - ZERO);
  if (high === undefined || middle === undefined || low === undefined) return undefined;
  const isOctal = high >= 0 && high <= 3 && middle >= 0 && middle <= 7 && low >= 0 && low <= 7;
  return isOctal ? high * 64 + middle * 8 + low : undefined;
}

function entity(text: string, at: number): Escape | undefined {
  const [name, rest] = text.slice(at + 1, at + LONGEST_ENTITY).split(';', 2);
  if (name === undefined || rest === undefined) return undefined;
  const number = /^#(?:x([0-9a-f]+)|(\d+))$/i.exec(name);
  const point = number === null ? undefined : Number.parseInt(number[1] ?? number[2] ?? '', number[1] ? 16 : 10);
  const plain = point === undefined ? NAMED[name.toLowerCase()] : point <= 0x10ffff ? String.fromCodePoint(point) : '';
  return plain === undefined ? undefined : { plain, length: name.length + 2 };
}

function hexadecimal(text: string, at: number, digits: number): number | undefined {
  let value = 0;
  for (let each = at; each < at + digits; each++) {
    const digit = digitOf(text.charCodeAt(each));
    if (digit === undefined) return undefined;
    value = value * 16 + digit;
  }
  return value;
}

function digitOf(character: number): number | undefined {
  if (character >= ZERO && character <= NINE) return character - ZERO;
  const letter = character | LOWER_CASE;
  return letter >= A && letter <= F ? letter - A + 10 : undefined;
}
