import type { StatusDocument } from '../document/schema.ts';
import type { Finding } from './check.ts';

export type CollectorName = keyof NonNullable<StatusDocument['collectors']>;

/** This collector was not asked to run: its keys are null, and nothing is to be said about them. */
export function isSkipped(document: StatusDocument, collector: CollectorName): boolean {
  return document.collectors?.[collector] === null;
}

/** The finding where a collector should have brought the facts and did not: never ok, and never critical for what nobody saw. */
export function notKnown(document: StatusDocument, collector: CollectorName, what: string): Finding {
  const failed = document.collectors?.[collector]?.ok === false;
  const reasons = [`${what} not known: ${whyNot(document, collector)}`];
  return { status: 'unknown', reasons, ...(failed && { collector }) };
}

/** In a few words; `collection` has the whole error. */
function whyNot(document: StatusDocument, collector: CollectorName): string {
  const run = document.collectors?.[collector];
  if (run?.timed_out) return `${collector} ran out of time (see collection)`;
  const cause = /^([^:]*(?::[^ :][^:]*)*): wal-g [a-z]/.exec(run?.error ?? '')?.[1];
  if (run && !run.ok) return `${collector} failed${cause === undefined ? '' : `: ${cause}`} (see collection)`;
  return 'the document does not tell';
}
