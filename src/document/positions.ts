import { leads } from './members.ts';
import type { RememberedPosition } from './memory.ts';
import type { StatusDocument } from './schema.ts';

const MINUTE = 60;
const HOUR = 3600;
const DAY = 86_400;

/** Up to this age, one position is kept for each period, both in seconds: 240 in all. Older positions are deleted. */
const KEPT = [
  { upTo: HOUR, each: MINUTE },
  { upTo: 12 * HOUR, each: 10 * MINUTE },
  { upTo: 3 * DAY, each: HOUR },
  { upTo: 30 * DAY, each: 12 * HOUR },
] as const;

/** Some more, because periods overlap and timelines change. */
export const MOST_POSITIONS = 256;

/** The LSN of the leader when the document was collected, according to its own /patroni; undefined if it was not asked. */
export function leaderPosition({
  node,
  leader,
  current_timestamp: time,
}: StatusDocument): RememberedPosition | undefined {
  const witness = node && leads(node.role) ? node : leader;
  if (witness?.timeline == null || witness.lsn == null) return undefined;
  return { time, timeline: witness.timeline, lsn: witness.lsn };
}

/** The positions and the next one, thinned with age: the first of each period and the newest are kept. */
export function withPosition(
  positions: readonly RememberedPosition[],
  next: RememberedPosition | undefined,
  now: number,
): RememberedPosition[] {
  // a position from the future was saved while the clock was wrong
  const believable = positions.filter(({ time }) => time < now);
  const all = (next === undefined ? believable : [...believable, next]).toSorted((a, b) => a.time - b.time);
  const taken = new Set<string>();
  const kept = all.filter(({ time, timeline }, index) => {
    const each = KEPT.find(({ upTo }) => now - time <= upTo)?.each;
    if (each === undefined) return false;
    const period = `${each} ${Math.floor(time / each)} ${timeline}`;
    const first = !taken.has(period);
    taken.add(period);
    return first || index === all.length - 1;
  });
  return kept.slice(-MOST_POSITIONS);
}
