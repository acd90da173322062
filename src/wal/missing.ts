import { newestBackup, type NewestBackup } from '../document/backups.ts';
import type { StatusDocument, Tally, Wal, WalRange } from '../document/schema.ts';
import { recentSwitch, type RecentSwitch } from './history.ts';
import { parseLsn } from './lsn.ts';
import { otherStorages, recoveryOf, walOf } from './read.ts';
import { segmentAt, segmentNumber } from './rows.ts';

/** A range of segments that are missing according to WAL-G, with the numbers of its first and last segment. */
export interface Range extends WalRange {
  first: number;
  last: number;
}

/** Ranges of one kind: their number, and the newest of them, oldest first. */
export interface Ranges extends Tally {
  newest: readonly Range[];
}

/** The missing WAL by its meaning, and the backups that may need it. */
export interface MissingWal {
  /** Doubtful: WAL-G looked for them under a timeline to which they do not belong. */
  doubtful: Ranges;
  /** At the very end, with nothing found after it. */
  backlog: Ranges;
  /** All others: young = since a recent switch of the timeline, grave = since the newest backup that can be restored, old = before it. */
  lost: Record<'young' | 'grave' | 'old', Ranges>;
  /** Ranges that were left out to keep the document small: they are older than those it has. */
  leftOut: number;
  anyFound: boolean;
  settling: RecentSwitch | undefined;
  wal: Wal;
  /** The name of the newest backup that can be restored, and the segment in which it starts. */
  restorableStart: number | undefined;
  restorable: string | undefined;
  /** The storages other than the primary, which wal-verify does not read. */
  otherStorages: readonly string[];
  /** When the newest segment arrived, if known. */
  newestArrivedAt: string | undefined;
  /** The backups could not be listed. */
  listingFailed: boolean;
  /** The segments in which the newest backup starts and ends. */
  newestStart: number | undefined;
  newestEnd: number | undefined;
  newestName: string | undefined;
  now: number;
}

/** @param now epoch milliseconds */
export function readMissing(document: StatusDocument, now: number): MissingWal | undefined {
  const wal = walOf(document);
  if (wal === null) return undefined;
  const size = wal.segment_size / 1024 / 1024;
  const leftOut = wal.rows_left_out ?? {};
  const newest = newestBackup(document);
  const recovery = recoveryOf(document);
  const restorable = recovery === null ? newest : (recovery.newest_backup ?? undefined);
  const start = restorable && segmentNumber(restorable.wal_file_name ?? '', size);
  const settling = recentSwitch(document, size, now);
  const ranges: Record<WalRange['fate'], Range[]> = { found: [], doubtful: [], waiting: [], lost: [] };
  for (const range of wal.ranges.toReversed())
    if (range.fate !== 'found') ranges[range.fate].push(located(range, size));
  const of = (fate: WalRange['fate']): Ranges => ({ ...wal[fate], newest: ranges[fate] });
  return {
    doubtful: of('doubtful'),
    backlog: of('waiting'),
    lost: tellApart(of('lost'), wal.lost_since_backup ?? wal.lost, start, settling),
    leftOut: Object.entries(leftOut).reduce((sum, [status, number]) => sum + (status === 'FOUND' ? 0 : number), 0),
    anyFound: wal.found.segments > 0 || (leftOut['FOUND'] ?? 0) > 0,
    settling,
    wal,
    restorableStart: start,
    restorable: restorable?.backup_name,
    otherStorages: otherStorages(document),
    newestArrivedAt: recovery?.newest_wal_arrived_at ?? undefined,
    listingFailed: document.collectors?.walg_backups?.ok === false,
    newestStart: newest && segmentNumber(newest.wal_file_name ?? '', size),
    newestEnd: newest && endSegment(newest, size),
    newestName: newest?.backup_name,
    now,
  };
}

function located(range: WalRange, size: number): Range {
  const { start_segment: start, end_segment: end, segments } = range;
  const number = segmentNumber(start, size);
  const first = number ?? 0;
  return { ...range, first, last: (start === end ? number : segmentNumber(end, size)) ?? first + segments - 1 };
}

/** Ranges that were left out are older than any recent switch. */
function tellApart(
  lost: Ranges,
  sinceBackup: Tally,
  start: number | undefined,
  settling: RecentSwitch | undefined,
): MissingWal['lost'] {
  const kinds: Record<'young' | 'grave' | 'old', Range[]> = { young: [], grave: [], old: [] };
  const kindOf = ({ first, last, later_found: laterFound, status }: Range) => {
    // PostgreSQL archived three such segments nine minutes later, at a checkpoint (recorded: 10-hole-after-archive-off), when others of
    // the timeline were there; what WAL-G calls LOST is more than 16 segments behind them
    const isOver = laterFound === true && status === 'MISSING_LOST';
    if (settling !== undefined && first >= settling.segment && !isOver) return 'young';
    return start === undefined || last >= start ? 'grave' : 'old';
  };
  for (const range of lost.newest) kinds[kindOf(range)].push(range);
  const young = counted(kinds.young);
  const youngSinceBackup = counted(kinds.young.filter(({ last }) => start === undefined || last >= start));
  const grave = without(sinceBackup, youngSinceBackup);
  return {
    young: { ...young, newest: kinds.young },
    grave: { ...grave, newest: kinds.grave },
    old: { ...without(without(lost, young), grave), newest: kinds.old },
  };
}

function without(all: Tally, some: Tally): Tally {
  return { segments: all.segments - some.segments, ranges: all.ranges - some.ranges };
}

export function counted(ranges: readonly Range[]): Tally {
  return { segments: ranges.reduce((sum, { segments }) => sum + segments, 0), ranges: ranges.length };
}

/** Merges adjacent ranges of one timeline: the archiver's progress does not depend on the status that WAL-G gives the segments. */
export function joined(ranges: readonly Range[]): Range[] {
  const result: Range[] = [];
  for (const range of ranges.toSorted((a, b) => a.first - b.first)) {
    const before = result.at(-1);
    if (before?.timeline === range.timeline && before.last + 1 === range.first)
      result[result.length - 1] = {
        ...before,
        last: range.last,
        end_segment: range.end_segment,
        segments: before.segments + range.segments,
      };
    else result.push(range);
  }
  return result;
}

function endSegment({ finish_lsn: finish, wal_file_name: name }: NewestBackup, size: number): number | undefined {
  const position = finish == null ? undefined : parseLsn(finish);
  return position === undefined ? segmentNumber(name ?? '', size) : segmentAt(position - 1n, size);
}
