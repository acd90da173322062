import { clusterTimeline } from '../document/members.ts';
import type { StatusDocument } from '../document/schema.ts';
import { MOST_STORED, type Stored, type StoredTimeline } from '../document/stored.ts';
import { switchSegment } from './history.ts';
import { formatLsn } from './lsn.ts';
import { parseSegment } from './rows.ts';
import type { ShownTimeline } from './shown.ts';

/**
 * The timelines in the storage, and how each is related to this cluster.
 * @param size of a segment, in MB
 * @param before what an earlier run found
 */
export function describeStored(
  shown: readonly ShownTimeline[],
  document: StatusDocument,
  size: number,
  before: Stored | undefined,
): Stored {
  const earlier = new Map(before?.timelines.map((one) => [one.timeline, one]));
  const timelines = shown
    .toSorted((a, b) => a.id - b.id)
    .slice(-MOST_STORED)
    .map((one) => describe(one, document, size, earlier.get(one.id)));
  return { listed_at: document.current_timestamp, timelines };
}

function describe(
  { id, parent_id: parent, switch_point_lsn: position, start_segment, end_segment, missing_segments }: ShownTimeline,
  document: StatusDocument,
  size: number,
  before: StoredTimeline | undefined,
): StoredTimeline {
  const [first, last] = [parseSegment(start_segment, size), parseSegment(end_segment, size)];
  const missing = missing_segments?.length ?? 0;
  const relation = relationOf(id, document);
  const border = relation === 'other' ? -1 : relation === 'ancestor' ? borderOf(id, document, size) : undefined;
  const foreign =
    first === undefined || last === undefined || border === undefined
      ? 0
      : Math.max(0, last.number - Math.max(border, first.number - 1));
  return {
    timeline: id,
    relation,
    parent: parent === 0 ? null : parent,
    switch_lsn: parent === 0 ? null : formatLsn(position),
    first_segment: start_segment,
    last_segment: end_segment,
    missing_segments: missing,
    ...(foreign > 0 && { abandoned_segments: foreign }),
    ...(foreign > 0 && before !== undefined && before.last_segment < end_segment && { still_arriving: true }),
  };
}

function relationOf(timeline: number, document: StatusDocument): StoredTimeline['relation'] {
  const current = clusterTimeline(document);
  if (timeline === current) return 'current';
  const { failovers } = document;
  if (current === undefined || !failovers) return 'not_known';
  if (failovers.some((ended) => ended.timeline === timeline)) return 'ancestor';
  // the document has only the newest switches
  return timeline > current || timeline >= (failovers[0]?.timeline ?? current) ? 'other' : 'not_known';
}

/** The segment with the switch may exist on both timelines. */
function borderOf(timeline: number, { failovers }: StatusDocument, size: number): number | undefined {
  const ended = failovers?.find((each) => each.timeline === timeline);
  return ended && switchSegment(ended.lsn, size);
}
