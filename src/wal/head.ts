import type { RememberedPosition } from '../document/memory.ts';
import { leaderPosition } from '../document/positions.ts';
import type { Recovery, StatusDocument, Wal, WalRange } from '../document/schema.ts';
import { formatLsn, parseLsn } from './lsn.ts';
import { notArchivedBytes, notArchivedSince } from './not-archived.ts';
import { ownPositions } from './own-positions.ts';
import { segmentName } from './ranges.ts';
import { segmentBytes } from './rows.ts';

/** The newest archived segment now, and the newest that should be archived. */
export interface Head {
  /** The newest segment in the storage, and when it arrived, epoch milliseconds. */
  found: { name: string; number: number; arrived?: number | undefined };
  /** The segment before the leader's current one. */
  wanted: { name: string; number: number };
  timeline: number;
}

interface Read {
  wal: Wal;
  recovery: Recovery;
}

/** The result of an earlier verification, with the current backlog of the archiver. */
export function withHead(
  { wal, recovery }: Read,
  head: Head,
  document: StatusDocument,
  remembered: readonly RememberedPosition[],
): Read {
  const size = wal.segment_size / 1024 / 1024;
  const archived = BigInt(head.found.number + 1) * segmentBytes(size);
  const written = parseLsn(leaderPosition(document)?.lsn ?? '');
  const since = notArchivedSince(ownPositions(document, remembered), archived);
  const { not_archived_since: _then, ...then } = recovery;
  return {
    wal: { ...withBacklog(wal, backlog(head, size)), newest_found: head.found.name },
    recovery: {
      ...then,
      archived_up_to: formatLsn(String(archived)),
      not_archived_bytes: notArchivedBytes(written, archived),
      ...(since !== undefined && { not_archived_since: since }),
    },
  };
}

/** The same if the current backlog is not known. @param since when it was last known, epoch seconds */
export function withoutHead({ wal, recovery }: Read, since: number): Read {
  const { not_archived_since: _then, ...then } = recovery;
  return {
    wal: { ...withBacklog(wal, undefined), backlog_not_known_since: since },
    recovery: { ...then, archived_up_to: null, not_archived_bytes: null },
  };
}

function backlog({ found, wanted, timeline }: Head, size: number): WalRange | undefined {
  const segments = wanted.number - found.number;
  if (segments <= 0) return undefined;
  return {
    timeline,
    fate: 'waiting',
    start_segment: segmentName(timeline, found.number + 1, size),
    end_segment: wanted.name,
    segments,
    status: 'MISSING',
  };
}

function withBacklog(wal: Wal, range: WalRange | undefined): Wal {
  const waiting = { segments: range?.segments ?? 0, ranges: range === undefined ? 0 : 1 };
  const none = { segments: 0, ranges: 0 };
  return {
    ...wal,
    waiting,
    timelines: wal.timelines.map((one, index, { length }) => ({
      ...one,
      waiting: index === length - 1 ? waiting : none,
    })),
    ranges: [...(range === undefined ? [] : [range]), ...wal.ranges.filter(({ fate }) => fate !== 'waiting')],
  };
}
