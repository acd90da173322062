import { readFileSync } from 'node:fs';
import { UsageError } from '../errors.ts';
import { decodeUtf8 } from './utf8.ts';
import type { Variables } from './walg-environment.ts';

/**
 * Reads a file of `KEY=VALUE` lines with the semantics of dotenv: `#` comments, `export`, single, double and back quotes, values of
 * several lines within quotes, `\n` and `\r` within double quotes; the last definition of a key counts. A line that is none of that,
 * which dotenv skips without a word, is an error.
 * @throws UsageError that names the line or the variable.
 */
export function readEnvFile(path: string): Variables {
  const bytes = readFileSync(path);
  const text = decodeUtf8(bytes);
  if (text === undefined) throw new UsageError(notUtf8(path, bytes));
  return parseEnvFile(text, path);
}

const BLANK = /^\s*(?:#.*)?$/;
const ASSIGNMENT = /^\s*(?:export\s+)?([\w.-]+)(?:\s*=|:\s+)\s*/;
const QUOTES = new Map([
  ["'", /^'((?:\\'|[^'])*)'[^\S\n]*(?:#[^\n]*)?(?=\n|$)/],
  ['"', /^"((?:\\"|[^"])*)"[^\S\n]*(?:#[^\n]*)?(?=\n|$)/],
  ['`', /^`((?:\\`|[^`])*)`[^\S\n]*(?:#[^\n]*)?(?=\n|$)/],
]);

/** The variables of such a text; `path` is for the error. */
export function parseEnvFile(text: string, path: string): Variables {
  const variables = new Map<string, string | null>();
  let rest = text.replace(/^\uFEFF/, '').replace(/\r\n?/g, '\n');
  let number = 1;
  while (rest !== '') {
    const line = rest.split('\n', 1)[0] ?? '';
    const start = ASSIGNMENT.exec(line);
    let length = line.length;
    if (start !== null) {
      const quoted = quotedValue(rest.slice(start[0].length));
      if (quoted !== undefined) length = start[0].length + quoted.length;
      const value = quoted?.value ?? unquotedValue(line.slice(start[0].length));
      if (value.includes('\0')) throw new UsageError(`line ${number} of ${path} holds a NUL byte: no variable can`);
      variables.set(start[1] ?? '', value);
    } else if (!BLANK.test(line)) {
      throw new UsageError(`line ${number} of ${path} is neither KEY=VALUE nor a comment: mend it`);
    }
    number += rest.slice(0, length).split('\n').length;
    rest = rest.slice(length + 1);
  }
  return variables;
}

function quotedValue(text: string): { value: string; length: number } | undefined {
  const quote = text.charAt(0);
  const match = QUOTES.get(quote)?.exec(text);
  if (!match) return undefined;
  const value = match[1] ?? '';
  return {
    value: quote === '"' ? value.replaceAll('\\n', '\n').replaceAll('\\r', '\r') : value,
    length: match[0].length,
  };
}

/** Up to a `#`; where a quote was opened and not closed on the way, dotenv takes it as an ordinary character. */
function unquotedValue(text: string): string {
  return (text.split('#', 1)[0] ?? '').trim();
}

function notUtf8(path: string, bytes: Uint8Array): string {
  let from = 0;
  for (let number = 1; from < bytes.length; number++) {
    const end = bytes.indexOf(10, from);
    const line = bytes.subarray(from, end === -1 ? bytes.length : end);
    if (decodeUtf8(line) === undefined) {
      const name = ASSIGNMENT.exec(Buffer.from(line).toString('latin1'))?.[1];
      return `the value of ${name ?? 'a variable'} on line ${number} of ${path} is not UTF-8: rewrite it`;
    }
    from += line.length + 1;
  }
  return `${path} is not UTF-8`;
}
