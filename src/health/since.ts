import type { Memory } from '../document/memory.ts';
import { firstBy } from '../document/per-object.ts';
import type { StatusDocument } from '../document/schema.ts';
import type { Status } from '../document/status.ts';

/** Seconds between two runs above which nothing is known about the time between them. */
const LONGEST_GAP = 3600;

/**
 * Tells since when a check has its status (epoch seconds), according to what the last run saved; a saved document has it in itself.
 * Undefined if that is not known: no saved state, one older than an hour, or a new check.
 */
export function sinceWhen(
  document: StatusDocument,
  memory: Memory | undefined,
): (name: string, status: Status) => number | undefined {
  const last = memory?.document ?? document;
  const checks = firstBy(last.health?.checks ?? [], ({ name }) => name);
  const gap = document.current_timestamp - last.current_timestamp;
  return (name, status) => {
    const before = checks.get(name);
    if (memory === undefined) return before?.status === status ? before.since : undefined;
    if (before === undefined || gap < 0 || gap > LONGEST_GAP) return undefined;
    return before.status === status ? (before.since ?? last.current_timestamp) : document.current_timestamp;
  };
}
