import type { Span } from './span.ts';

/** Within a class of characters: what ends a URL in running text, and what may follow the port of one. */
const ENDS_URL = '\\s"\'`<>|';
const FOLLOWS_PORT = '/?#,.;:)\\]}';

const END_OF_URL = new RegExp(`[${ENDS_URL}]`, 'g');
/** Not the beginning of a password that ends at an @. */
const PORT = new RegExp(`^\\d{1,5}(?:$|[${FOLLOWS_PORT}])`);
/** The rest of `//host:port/path`, which has no password: most URLs of a document are those of its members. */
const PLAIN = new RegExp(
  `[^[:/?#${ENDS_URL}]*(?:[/?#][^${ENDS_URL}]*|:\\d{1,5}(?:[${FOLLOWS_PORT}][^${ENDS_URL}]*)?)?(?=[${ENDS_URL}]|$)`,
  'y',
);

/**
 * The positions of passwords in URLs: after `scheme://user:` up to the last `@`, because an unescaped password may contain a slash or an
 * `@`. Without an `@`, text in the place of a port that is not a number counts too: the URL may have been cut there.
 */
export function urlPasswords(text: string): Span[] {
  const spans: Span[] = [];
  let end = 0;
  for (let mark = text.indexOf('://'); mark >= 0; mark = text.indexOf('://', end)) {
    const start = mark + 3;
    PLAIN.lastIndex = start;
    if (PLAIN.test(text)) {
      end = PLAIN.lastIndex;
      continue;
    }
    END_OF_URL.lastIndex = start;
    end = END_OF_URL.exec(text)?.index ?? text.length;
    const password = passwordIn(text.slice(start, end));
    if (password !== undefined) spans.push({ start: start + password.start, end: start + password.end });
  }
  return spans;
}

/** Within the part after the `//`. */
function passwordIn(url: string): Span | undefined {
  const host = /^\[[0-9a-f:.]*\]/i.exec(url)?.[0].length ?? 0;
  const colon = url.indexOf(':', host);
  if (colon < 0 || /[/?#]/.test(url.slice(0, colon))) return undefined;
  const rest = url.slice(colon + 1);
  if (PORT.test(rest)) return undefined;
  const at = rest.lastIndexOf('@');
  const length = at >= 0 ? at : rest.search(/$|[/?#,;)\]}]/);
  return length === 0 ? undefined : { start: colon + 1, end: colon + 1 + length };
}
