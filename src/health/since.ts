import type { Memory } from '../document/memory.ts';
import type { HealthCheck, StatusDocument } from '../document/schema.ts';

/** The age, in seconds, above which a state says nothing about the time since then. */
const LONGEST_GAP = 3600;

/**
 * Since when a check has its status (epoch seconds), as far as the last run remembers; a saved document remembers for itself.
 * Undefined where that is not known: no state, one that is older than an hour, or a check that is new.
 */
export function sinceOf(
  { name, status }: Pick<HealthCheck, 'name' | 'status'>,
  document: StatusDocument,
  memory: Memory | undefined,
): number | undefined {
  const last = memory?.document ?? document;
  const before = last.health?.checks.find((check) => check.name === name);
  if (memory === undefined) return before?.status === status ? before.since : undefined;
  const gap = document.current_timestamp - last.current_timestamp;
  if (before === undefined || gap < 0 || gap > LONGEST_GAP) return undefined;
  return before.status === status ? (before.since ?? last.current_timestamp) : document.current_timestamp;
}
