import { leads } from './members.ts';
import type { RememberedPosition } from './memory.ts';
import type { StatusDocument } from './schema.ts';

const MINUTE = 60;
const HOUR = 3600;
const DAY = 86_400;

/** Up to which age (seconds) one position is kept for each period of so many seconds: 240 in all. What is older goes. */
const KEPT = [
  { upTo: HOUR, each: MINUTE },
  { upTo: 12 * HOUR, each: 10 * MINUTE },
  { upTo: 3 * DAY, each: HOUR },
  { upTo: 30 * DAY, each: 12 * HOUR },
] as const;

/** Periods that begin within others, and switches of the timeline, add a few. */
export const MOST_POSITIONS = 256;

/** Where the leader's WAL was when the document was collected, in the leader's own words; undefined where it was not asked. */
export function leaderPosition({
  node,
  leader,
  current_timestamp: time,
}: StatusDocument): RememberedPosition | undefined {
  const witness = node && leads(node.role) ? node : leader;
  if (witness?.timeline == null || witness.lsn == null) return undefined;
  return { time, timeline: witness.timeline, lsn: witness.lsn };
}

/** The positions with one more, thinned with age: the first of each period stays, and the newest. */
export function withPosition(
  positions: readonly RememberedPosition[],
  next: RememberedPosition | undefined,
  now: number,
): RememberedPosition[] {
  // what claims to be of the future was written by a clock that was wrong
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
