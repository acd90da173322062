import { UsageError } from '../errors.ts';
import { readBounded } from '../system/bounded-file.ts';
import { decodeUtf8 } from '../text/utf8.ts';
import { shellOnly } from './shell-only.ts';
import type { Variables } from './variables.ts';

/** An environment of more than some hundred KiB cannot be passed to a program (ARG_MAX). */
const MOST_BYTES = 1024 * 1024;

/**
 * Reads a file of `KEY=VALUE` lines with the semantics of dotenv: `#` comments, `export`, single, double and back quotes, multi-line values
 * in quotes, `\n` and `\r` in double quotes; the last definition of a key counts. Other lines, which dotenv silently skips, are errors. So
 * are values that a variable cannot have, and values that a shell would read differently, because the same file may be used by a shell.
 * @throws UsageError that names the line or the variable.
 */
export function readEnvFile(path: string): Variables {
  const bytes = readBounded(path, MOST_BYTES);
  const text = decodeUtf8(bytes);
  if (text === undefined) throw new UsageError(notUtf8(path, bytes));
  return parseEnvFile(text, path);
}

const BLANK = /^\s*(?:#.*)?$/;
const ASSIGNMENT = /^\s*(?:export\s+)?([\w.-]+)(?:\s*=|:\s+)\s*/;
/** A quoted value of one or more lines, followed by nothing but a comment. */
const QUOTED = /^('(?:\\'|[^'])*'|"(?:\\"|[^"])*"|`(?:\\`|[^`])*`)[^\S\n]*(?:#[^\n]*)?(?=\n|$)/;

/** Parses the text of such a file; `path` is for error messages. */
export function parseEnvFile(text: string, path: string): Variables {
  const variables = new Map<string, string | null>();
  let rest = text.replace(/^\uFEFF/, '').replace(/\r\n?/g, '\n');
  let number = 1;
  while (rest !== '') {
    const line = rest.split('\n', 1)[0] ?? '';
    const start = ASSIGNMENT.exec(line);
    let length = line.length;
    if (start !== null) {
      const quoted = QUOTED.exec(rest.slice(start[0].length));
      if (quoted !== null) length = start[0].length + quoted[0].length;
      const inQuotes = quoted?.[1];
      const ambiguous = shellOnly({
        quote: inQuotes?.[0],
        text: inQuotes?.slice(1, -1) ?? line.slice(start[0].length),
        afterBlank: /\s$/.test(start[0]),
      });
      if (ambiguous !== undefined) throw new UsageError(`line ${number} of ${path} ${ambiguous}`);
      const value = unquote(inQuotes ?? withoutComment(line.slice(start[0].length)));
      if (value.includes('\0'))
        throw new UsageError(`line ${number} of ${path} contains a NUL byte, which a variable cannot`);
      variables.set(start[1] ?? '', value);
    } else if (!BLANK.test(line)) {
      throw new UsageError(`line ${number} of ${path} is neither KEY=VALUE nor a comment: correct it`);
    }
    number += rest.slice(0, length).split('\n').length;
    rest = rest.slice(length + 1);
  }
  return variables;
}

/** dotenv treats an unbalanced quote as an ordinary character. */
function withoutComment(text: string): string {
  return (text.split('#', 1)[0] ?? '').trim();
}

function unquote(text: string): string {
  const value = text.replace(/^(['"`])([^]*)\1$/, '$2');
  return text.startsWith('"') ? value.replaceAll('\\n', '\n').replaceAll('\\r', '\r') : value;
}

/** Finds the variable that is not UTF-8 by reading the file as Latin-1, which accepts any bytes. */
function notUtf8(path: string, bytes: Buffer): string {
  const variables = parseEnvFile(bytes.toString('latin1'), path);
  const culprit = [...variables].find(([, value]) => decodeUtf8(Buffer.from(value ?? '', 'latin1')) === undefined);
  return `${culprit === undefined ? path : `the value of ${culprit[0]} in ${path}`} is not UTF-8: convert it`;
}
