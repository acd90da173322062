import type { Failover } from '../document/schema.ts';
import { formatLsn } from './lsn.ts';
import { segmentName } from './ranges.ts';
import { type IntegrityRow, parseSegment, segmentAt } from './rows.ts';

/** A timeline in the storage, as listed by WAL-G. */
export interface ShownTimeline {
  id: number;
  /** Its parent timeline according to its .history file; 0 = it is the first one, or has no .history file in the storage. */
  parent_id: number;
  /** The LSN at which it branched off, as a number. */
  switch_point_lsn: number | string;
  start_segment: string;
  end_segment: string;
  /** The names of the segments that are missing between the first and the last. */
  missing_segments?: readonly string[] | null | undefined;
}

/** A timeline with the segments of it that belong to the history, as segment numbers; may be empty. */
interface Stretch {
  one: ShownTimeline;
  first: number;
  last: number;
  found: Found;
}

interface Found {
  first: number;
  last: number;
  /** In ascending order. */
  missing: readonly number[];
}

/**
 * The WAL of this timeline and its ancestors as wal-verify would list it, up to the newest segment in the storage. The segment with a
 * switch belongs to the new timeline; WAL of an old timeline after the switch is left out.
 * @param timeline of the cluster, or the newest one before it that has WAL; undefined = the highest one, which a restore to "latest"
 * follows.
 * @param size of a segment, in MB
 */
export function shownRows(shown: readonly ShownTimeline[], timeline: number | undefined, size: number): IntegrityRow[] {
  return ancestry(shown, timeline, size)
    .filter(({ first, last }) => first <= last)
    .flatMap((stretch) => rowsOf(stretch, size));
}

/** The switches between these timelines, oldest first, like Patroni's history but without time and reason. */
export function shownHistory(shown: readonly ShownTimeline[], timeline: number | undefined, size: number): Failover[] {
  return ancestry(shown, timeline, size).flatMap(({ one: { parent_id: parent, switch_point_lsn: lsn } }) =>
    parent === 0 ? [] : [{ timeline: parent, lsn: formatLsn(lsn), reason: '', time: null, new_leader: null }],
  );
}

/** Oldest first. */
function ancestry(shown: readonly ShownTimeline[], timeline: number | undefined, size: number): Stretch[] {
  const byId = new Map(shown.map((one) => [one.id, one]));
  const stretches: Stretch[] = [];
  let border = Infinity;
  let id = shown.reduce((newest, one) => (one.id <= (timeline ?? Infinity) ? Math.max(newest, one.id) : newest), 0);
  for (let one = byId.get(id); one !== undefined; one = byId.get(id)) {
    byId.delete(id);
    const found = foundOf(one, size);
    if (found === undefined) break;
    const begins = segmentAt(BigInt(one.switch_point_lsn), size);
    const hasParent = byId.has(one.parent_id);
    stretches.push({
      one,
      first: hasParent ? begins : found.first,
      last: border === Infinity ? found.last : border - 1,
      found,
    });
    if (hasParent) border = Math.min(border, begins);
    id = one.parent_id;
  }
  return stretches.reverse();
}

function foundOf({ start_segment, end_segment, missing_segments }: ShownTimeline, size: number): Found | undefined {
  const [first, last] = [parseSegment(start_segment, size)?.number, parseSegment(end_segment, size)?.number];
  if (first === undefined || last === undefined) return undefined;
  const missing = (missing_segments ?? []).flatMap((name) => parseSegment(name, size)?.number ?? []);
  return { first, last, missing: missing.toSorted((a, b) => a - b) };
}

function rowsOf({ one: { id: timeline }, first, last, found }: Stretch, size: number): IntegrityRow[] {
  const holes = [
    [first, found.first - 1] as const,
    ...found.missing.map((number) => [number, number] as const),
    [found.last + 1, last] as const,
  ];
  const rows: IntegrityRow[] = [];
  const add = (from: number, to: number, status: string) => {
    if (from > to) return;
    const before = rows.at(-1);
    if (before?.status === status) {
      before.end_segment = segmentName(timeline, to, size);
      before.segments_count += to - from + 1;
    } else
      rows.push({
        timeline_id: timeline,
        start_segment: segmentName(timeline, from, size),
        end_segment: segmentName(timeline, to, size),
        segments_count: to - from + 1,
        status,
      });
  };
  let next = first;
  for (const [from, to] of holes) {
    const [start, end] = [Math.max(from, next), Math.min(to, last)];
    if (start > end) continue;
    add(next, start - 1, 'FOUND');
    add(start, end, 'MISSING_LOST');
    next = end + 1;
  }
  add(next, last, 'FOUND');
  return rows;
}
