import type { RememberedPosition } from '../document/memory.ts';
import { leaderPosition } from '../document/positions.ts';
import type { StatusDocument } from '../document/schema.ts';
import { parseLsn } from './lsn.ts';

/** A moment (epoch seconds) and where the WAL of this cluster was then: whatever had been committed by then lies before it. */
export interface Moment {
  time: number;
  lsn: bigint;
}

/**
 * Where the leader's WAL was, oldest first: the looks that `--state` remembers, and this one. After a failover the old leader may have
 * written WAL that no member has: a position on an older timeline counts only up to where that timeline ended.
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
