import { decode } from './decode.ts';
import { printable } from './printable.ts';
import { isSecretName } from './secret-names.ts';
import type { Span } from './span.ts';
import { spellings } from './spellings.ts';
import { urlPasswords } from './url-passwords.ts';

/** Replaces the secrets in a text by `***`. */
export type Redact = (text: string) => string;

type Environment = Iterable<readonly [string, string | null | undefined]>;

/** Replaces a secret. */
const BLOT = '***';

/**
 * Words that occur in every document. A password may be one of them, but redacting it would make the output useless and reveal it,
 * because everybody can see which word is missing.
 */
const PUBLIC_WORDS = new Set(
  'archive backup cluster default leader member patroni postgres postgresql primary replica running standby streaming'.split(
    ' ',
  ),
);

/**
 * Makes the function that redacts the secret values of these environments wherever they occur in a text, in any encoding, and the
 * passwords in URLs and after `password=`, which may come from a file that this program never reads. It searches for all secrets at
 * once, so that its time depends on the length of the text only.
 */
export function redactor(...environments: Environment[]): Redact {
  let search: Search | undefined;
  return (text) => {
    // made on first use, because most runs print nothing that needs redaction
    search ??= new Search(secretsOf(environments).flatMap(spellings));
    return blot(text, [
      ...search.find(text),
      ...search.findDecoded(text),
      ...urlPasswords(text),
      ...assignedSecrets(text),
    ]);
  };
}

/**
 * Whether no text in this JSON contains a secret; false = unknown. JSON with a backslash is never free of secrets: an escape could hide a
 * part of one.
 */
export function isFreeOfSecrets(json: string, redact: Redact): boolean {
  return !json.includes('\\') && redact(json) === json;
}

/** Text from outside as one line without secrets and control characters. */
export function presentable(text: string, redact: Redact): string {
  // again after printable(), because removing characters may complete a secret
  return redact(printable(redact(text)));
}

function secretsOf(environments: readonly Environment[]): string[] {
  const secrets = new Set<string>();
  for (const environment of environments)
    for (const [name, value] of environment) {
      if (!value) continue;
      if (isSecretName(name)) secrets.add(value);
      for (const { start, end } of urlPasswords(value)) secrets.add(value.slice(start, end));
    }
  return [...secrets].filter((secret) => !PUBLIC_WORDS.has(secret.toLowerCase()));
}

/** `password=…` and the like in connection strings, queries and logs; and `Authorization: Bearer …`. */
const ASSIGNED =
  /\b(?:password|passwd|passphrase|pwd|secret|token|x-amz-(?:signature|credential|security-token))=|\b(?:bearer|basic) /gi;
const BEFORE_CREDENTIAL = /(?:bearer|basic) /i;
const QUOTES = ['"', "'", '`'];
const END_OF_VALUE = /[\s&"'`,;<>)\]}]/g;

function assignedSecrets(text: string): Span[] {
  // most texts contain neither, and this test is ten times as fast as the expression: a fleet's documents have tens of megabytes
  if (!text.includes('=') && !BEFORE_CREDENTIAL.test(text)) return [];
  const spans: Span[] = [];
  let end = 0;
  for (const { 0: what, index } of text.matchAll(ASSIGNED)) {
    // a match within the previous value is part of it
    if (index < end) continue;
    let start = index + what.length;
    const quote = QUOTES.find((each) => text.startsWith(each, start));
    if (quote === undefined) {
      END_OF_VALUE.lastIndex = start;
      end = END_OF_VALUE.exec(text)?.index ?? text.length;
    } else {
      start += 1;
      end = text.indexOf(quote, start);
      if (end < 0) end = text.length;
    }
    // "basic" is also a word: only a long value after it is a credential
    if (end - start >= (what.endsWith(' ') ? 16 : 1)) spans.push({ start, end });
  }
  return spans;
}

/** Overlapping spans become one. */
function blot(text: string, spans: readonly Span[]): string {
  if (spans.length === 0) return text;
  const pieces: string[] = [];
  let shown = 0;
  for (const { start, end } of spans.toSorted((a, b) => a.start - b.start || b.end - a.end)) {
    if (start >= shown) pieces.push(text.slice(shown, start), BLOT);
    shown = Math.max(shown, end);
  }
  return [...pieces, text.slice(shown)].join('');
}

/** Searches for many patterns at once; each has more than two characters. */
class Search {
  /** By the hash of the first two characters, the longest first. */
  readonly #patterns: Map<number, string[]>;
  /** 1 at each of these hashes, so that most positions of a text are skipped quickly. */
  readonly #begins = new Uint8Array(0x10000);

  constructor(patterns: Iterable<string>) {
    const longestFirst = [...new Set(patterns)].sort((a, b) => b.length - a.length);
    this.#patterns = Map.groupBy(longestFirst, (pattern) => hash(pattern.charCodeAt(0), pattern.charCodeAt(1)));
    for (const key of this.#patterns.keys()) this.#begins[key] = 1;
  }

  /** All matches; at each position the longest. */
  find(text: string): Span[] {
    if (this.#patterns.size === 0) return [];
    const spans: Span[] = [];
    let next = text.charCodeAt(0);
    for (let at = 0; at < text.length - 1; at++) {
      const character = next;
      next = text.charCodeAt(at + 1);
      const key = hash(character, next);
      if (this.#begins[key] === 0) continue;
      const pattern = this.#patterns.get(key)?.find((candidate) => text.startsWith(candidate, at));
      if (pattern !== undefined) spans.push({ start: at, end: at + pattern.length });
    }
    return spans;
  }

  /** The matches in the decoded text, decoded up to twice, because JSON may contain JSON. */
  findDecoded(text: string): Span[] {
    if (this.#patterns.size === 0) return [];
    const once = decode(text);
    if (once === undefined) return [];
    const twice = decode(once.text);
    const inOriginal = ({ start, end }: Span) => ({ start: once.positions[start] ?? 0, end: once.positions[end] ?? 0 });
    return [
      ...this.find(once.text),
      ...(twice === undefined
        ? []
        : this.find(twice.text).map(({ start, end }) => ({
            start: twice.positions[start] ?? 0,
            end: twice.positions[end] ?? 0,
          }))),
    ].map(inOriginal);
  }
}

function hash(first: number, second: number): number {
  return ((first * 31) ^ second) & 0xffff;
}
