import type { Memory } from '../document/memory.ts';
import type { HealthCheck, StatusDocument } from '../document/schema.ts';

/** Seconds between two runs above which nothing is known about the time between them. */
const LONGEST_GAP = 3600;

/**
 * Since when a check has its status (epoch seconds), according to what the last run saved; a saved document has it in itself.
 * Undefined if that is not known: no saved state, one older than an hour, or a new check.
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
