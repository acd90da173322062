import type { Redact } from '../text/redact.ts';
import type { Cluster } from './cluster.ts';
import type { StatusDocument } from './schema.ts';

/** The cluster with its document, or the reason why there is none, without secrets. */
export function withoutSecrets(cluster: Cluster, redact: Redact): Cluster {
  const name = redact(cluster.name);
  if (cluster.document === null) return { ...cluster, name, error: redact(cluster.error) };
  return cluster.isFreeOfSecrets
    ? { ...cluster, name }
    : { ...cluster, name, document: redactDocument(cluster.document, redact) };
}

/**
 * The document without secrets, which may be in Patroni's tags, in a host name or in WAL-G's messages. This comes before the document is
 * judged or cut, because half a secret is no longer recognized. What this program writes itself stays.
 */
export function redactDocument(document: StatusDocument, redact: Redact): StatusDocument {
  const parts = Object.entries(document).map(([key, part]) => [
    key,
    key === 'generator' ? part : redactValue(part, redact),
  ]);
  return Object.fromEntries(parts) as StatusDocument;
}

/** The nesting depth was limited when the value was read. */
function redactValue(value: unknown, redact: Redact): unknown {
  if (typeof value === 'string') return redact(value);
  if (Array.isArray(value)) return value.map((element) => redactValue(element, redact));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, field]) => [OWN_KEY.test(key) ? key : redact(key), redactValue(field, redact)]),
  );
}

/** The form of all keys of the schema. They are not redacted: a variable whose value looks like a key is not a secret. */
const OWN_KEY = /^[a-z]{2,}(?:_[a-z]+)*$/;
