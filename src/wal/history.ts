import { parseLsn } from './lsn.ts';
import { firstBy, perObject } from '../document/per-object.ts';
import type { Failover, StatusDocument } from '../document/schema.ts';
import { clusterTimeline, leads, lockHolders } from '../document/members.ts';
import { moment } from '../text/words.ts';
import { segmentAt } from './rows.ts';

/** The part of the WAL that belongs to one timeline, according to Patroni's history. */
export interface Era {
  timeline: number;
  /** The oldest known era also covers those before it: its segments may be of this timeline or an older one. */
  orOlder: boolean;
  /** Segment numbers; the last one has no end. */
  first: number;
  last: number;
}

/**
 * The timelines to which the segments belong, oldest first; undefined if Patroni does not report them. The segment with a switch belongs to
 * the new timeline: of the old one there is at most a .partial file.
 * @param size of a segment, in MB
 */
export function eras(document: StatusDocument, size: number): Era[] | undefined {
  const current = clusterTimeline(document);
  if (!document.failovers || current === undefined) return undefined;
  const result: Era[] = [];
  let first = 0;
  for (const ended of document.failovers) {
    const next = switchSegment(ended.lsn, size);
    if (next === undefined) return undefined;
    // after two switches in one segment no segment belongs to the timeline between them
    if (next > first) result.push({ timeline: ended.timeline, orOlder: result.length === 0, first, last: next - 1 });
    first = Math.max(first, next);
  }
  result.push({ timeline: current, orOlder: result.length === 0, first, last: Infinity });
  return result;
}

/**
 * Whether WAL of this timeline that ends at this position is part of the history of the cluster; undefined if that is not known.
 * @param position an LSN as a number.
 */
export function descendsFrom(
  document: StatusDocument,
  timeline: number,
  position: bigint | undefined,
): boolean | undefined {
  const current = clusterTimeline(document);
  if (current === undefined) return undefined;
  if (timeline === current) return true;
  // a replica that no longer follows the leader does not know newer timelines
  if (timeline > current) return knowsLeader(document) ? false : undefined;
  const { failovers } = document;
  const [oldest] = failovers ?? [];
  if (!failovers || oldest === undefined || timeline < oldest.timeline) return undefined;
  const ended = byTimeline(failovers).get(timeline);
  // the history has only the ancestors of the cluster's timeline, and only after the new leader has written it
  if (ended === undefined) return isBeingLeft(document, timeline) ? undefined : false;
  const end = parseLsn(ended.lsn);
  return end === undefined || position === undefined ? undefined : position <= end;
}

/** In the first seconds after a switch the history lacks it, and members are still on the timeline before. */
function isBeingLeft(
  { cluster_status: { members }, node, other_nodes: others, failovers }: StatusDocument,
  timeline: number,
) {
  if (timeline <= (failovers?.at(-1)?.timeline ?? 0)) return false;
  return [...members, node, ...(others ?? [])].some((member) => member?.timeline === timeline);
}

const byTimeline = perObject((failovers: readonly Failover[]) => firstBy(failovers, ({ timeline }) => timeline));

function knowsLeader(document: StatusDocument): boolean {
  const { node, leader } = document;
  return [leader, node && leads(node.role) ? node : undefined, ...lockHolders(document)].some(
    (witness) => witness?.timeline != null,
  );
}

/** The segment that contains a switch at this position. */
export function switchSegment(lsn: string, size: number): number | undefined {
  const position = parseLsn(lsn);
  return position === undefined ? undefined : segmentAt(position, size);
}

/** pg_control keeps the old timeline until the checkpoint after a promotion is complete: 270 s with the defaults (measured). */
const SETTLING = 15 * 60_000;

/** A recent switch of the timeline, which explains missing WAL. */
export interface RecentSwitch {
  /** Epoch milliseconds. */
  time: number;
  /** The first segment of the new timeline; after several switches, of the first new one. */
  segment: number;
  /** The timeline that ended; after several switches, the first one. */
  ended: number;
}

export function recentSwitch(document: StatusDocument, size: number, now: number): RecentSwitch | undefined {
  const recent = (document.failovers ?? []).flatMap(({ time: told, lsn, timeline }) => {
    const [time, segment] = [moment(told), switchSegment(lsn, size)];
    return time === undefined || segment === undefined || now - time > SETTLING
      ? []
      : [{ time, segment, ended: timeline }];
  });
  const [earliest] = recent;
  const latest = recent.at(-1);
  return earliest && latest && { ...earliest, time: latest.time };
}
