import type { RememberedPosition } from '../document/memory.ts';
import { leaderPosition } from '../document/positions.ts';
import type { StatusDocument } from '../document/schema.ts';
import { parseLsn } from './lsn.ts';

/** The LSN of this cluster at a time (epoch seconds): everything that was committed by then is before it. */
export interface Moment {
  time: number;
  lsn: bigint;
}

/**
 * The LSNs of the leader, oldest first: those that `--state` has saved, and the current one. After a failover the old leader may have
 * written WAL that no other member has, so an LSN on an older timeline counts only if it is before the end of that timeline.
 * @param newest the timeline of the newest WAL, if the timeline of the cluster is not known
 */
export function ownPositions(
  document: StatusDocument,
  remembered: readonly RememberedPosition[] = [],
  newest?: number,
): Moment[] {
  const current = leaderPosition(document);
  const ends = new Map((document.failovers ?? []).map(({ timeline, lsn }) => [timeline, parseLsn(lsn)]));
  return [...remembered, ...(current === undefined ? [] : [current])]
    .flatMap(({ time, timeline, lsn: text }): Moment[] => {
      const lsn = parseLsn(text);
      if (lsn === undefined || time > document.current_timestamp) return [];
      if (timeline === (current?.timeline ?? newest)) return [{ time, lsn }];
      const end = ends.get(timeline);
      return end !== undefined && lsn <= end ? [{ time, lsn }] : [];
    })
    .toSorted((a, b) => a.time - b.time);
}
