import { decode } from './decode.ts';
import { printable } from './printable.ts';
import { isSecretName } from './secret-names.ts';
import type { Span } from './span.ts';
import { spellings } from './spellings.ts';
import { urlPasswords } from './url-passwords.ts';

/** Blots out the secrets in a text. */
export type Redact = (text: string) => string;

type Environment = Iterable<readonly [string, string | null | undefined]>;

/** Stands for a secret. */
const BLOT = '***';

/**
 * These stand in every document and message of a healthy cluster. Somebody's password may be one of them: blotted out it would be
 * hidden nowhere, but be told by the gap.
 */
const PUBLIC_WORDS = new Set(
  'archive backup cluster default leader member patroni postgres postgresql primary replica running standby streaming'.split(
    ' ',
  ),
);

/**
 * Makes the function that blots out the secret values of these environments wherever they occur in a text, in whatever spelling, and
 * the passwords in URLs and `password=…`, which may come from a configuration file that we never read. Its time grows with the text
 * alone: it looks for all secrets at once.
 */
export function redactor(...environments: Environment[]): Redact {
  let search: Search | undefined;
  return (text) => {
    // most runs have nothing to say: then the spellings are never made
    search ??= new Search(secretsOf(environments).flatMap(spellings));
    return blot(text, [
      ...search.find(text),
      ...search.findDecoded(text),
      ...urlPasswords(text),
      ...assignedSecrets(text),
    ]);
  };
}

/** A text from outside as one line that shows no secret, and that a terminal shows and does not obey. */
export function presentable(text: string, redact: Redact): string {
  // a second time, because a secret may be whole only without the marks that were taken out
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

/** `password=…` and its kin, as in a connection string, a query or a log; and what follows `Authorization: Bearer`. */
const ASSIGNED =
  /\b(?:password|passwd|passphrase|pwd|secret|token|x-amz-(?:signature|credential|security-token))=|\b(?:bearer|basic) /gi;
const QUOTES = ['"', "'", '`'];
const END_OF_VALUE = /[\s&"'`,;<>)\]}]/g;

function assignedSecrets(text: string): Span[] {
  const spans: Span[] = [];
  let end = 0;
  for (const { 0: what, index } of text.matchAll(ASSIGNED)) {
    // within a value there is no other
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
    // "basic" is a word too: what follows it is a credential where it is long enough for one
    if (end - start >= (what.endsWith(' ') ? 16 : 1)) spans.push({ start, end });
  }
  return spans;
}

/** Overlapping parts become one. */
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

/** Looks for many patterns at once, all of them longer than two characters. */
class Search {
  /** By the first two characters, the longest first. */
  readonly #patterns: Map<number, string[]>;
  /** 1 at the hash of each of these two: all but a few places of a text need no second look. */
  readonly #begins = new Uint8Array(0x10000);

  constructor(patterns: Iterable<string>) {
    const longestFirst = [...new Set(patterns)].sort((a, b) => b.length - a.length);
    this.#patterns = Map.groupBy(longestFirst, (pattern) => hash(pattern.charCodeAt(0), pattern.charCodeAt(1)));
    for (const key of this.#patterns.keys()) this.#begins[key] = 1;
  }

  /** Every place where one of them stands, the longest where there are several. */
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

  /** The same in what remains when escapes are undone, twice, for JSON may stand in JSON. */
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
