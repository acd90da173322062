import type { StatusDocument } from '../document/schema.ts';
import type { Finding } from './check.ts';

export type CollectorName = keyof NonNullable<StatusDocument['collectors']>;

/** Whether this collector was skipped: its keys are null, and its checks are left out. */
export function isSkipped(document: StatusDocument, collector: CollectorName): boolean {
  return document.collectors?.[collector] === null;
}

/** The finding if the facts are not known, because the collector failed or the document lacks them. */
export function notKnown(document: StatusDocument, collector: CollectorName, what: string): Finding {
  const failed = document.collectors?.[collector]?.ok === false;
  const reasons = [`${what} not known: ${whyNot(document, collector)}`];
  return { status: 'unknown', reasons, ...(failed && { collector }) };
}

/** Why the facts are not known, in a few words: the check `collection` has the whole error. */
function whyNot(document: StatusDocument, collector: CollectorName): string {
  const run = document.collectors?.[collector];
  if (run?.timed_out) return `${collector} ran out of time (see collection)`;
  if (run && !run.ok) return `${collector} failed${run.cause === undefined ? '' : `: ${run.cause}`} (see collection)`;
  return 'not in the document';
}
