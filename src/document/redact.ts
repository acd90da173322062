import type { Redact } from '../text/redact.ts';
import type { StatusDocument } from './schema.ts';

/**
 * The document without the secrets that what was asked may have put into it: Patroni's tags, a host name, WAL-G's messages. Before
 * anything of it is judged or cut, because half a secret is no longer recognized. What this program writes itself stays.
 */
export function redactDocument(document: StatusDocument, redact: Redact): StatusDocument {
  const parts = Object.entries(document).map(([key, part]) => [
    key,
    key === 'generator' ? part : redactValue(part, redact),
  ]);
  return Object.fromEntries(parts) as StatusDocument;
}

/** Its depth is bounded where it was read. */
function redactValue(value: unknown, redact: Redact): unknown {
  if (typeof value === 'string') return redact(value);
  if (Array.isArray(value)) return value.map((element) => redactValue(element, redact));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, field]) => [OWN_KEY.test(key) ? key : redact(key), redactValue(field, redact)]),
  );
}

/** As all keys of the schema are written: a variable's value that looks so is none worth hiding. */
const OWN_KEY = /^[a-z]{2,}(?:_[a-z]+)*$/;
