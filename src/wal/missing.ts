import { newestBackup, type NewestBackup } from '../document/backups.ts';
import type { StatusDocument } from '../document/schema.ts';
import { parseSegment, type IntegrityRow } from './rows.ts';
import { parseLsn } from './lsn.ts';
import { DEFAULT_SEGMENT_SIZE, segmentSize } from './segment-size.ts';
import { eras, recentSwitch, type Era, type RecentSwitch } from './history.ts';

/** A run of segments that WAL-G misses. */
export interface Range {
  timeline: number;
  status: string;
  /** Segment numbers, and the names that WAL-G looks for. */
  first: number;
  last: number;
  start: string;
  end: string;
  /** The timeline that the segments belong to by Patroni's history; undefined where it does not tell. */
  belongs: number | undefined;
  orOlder: boolean;
}

/** What WAL-G misses, told apart by what it means. */
export interface MissingWal {
  /** Looked for under a timeline that they do not belong to: WAL-G's reading is in doubt. */
  doubtful: Range[];
  /** At the very end, with nothing found after it. */
  backlog: Range[];
  /** All others. */
  lost: Range[];
  /** Ranges that the document had no room for: they are older than those it has. */
  leftOut: number;
  anyFound: boolean;
  /** The name of the newest segment found; undefined where there is none, or the document had no room for it. */
  newestFound: string | undefined;
  settling: RecentSwitch | undefined;
  /** MB. */
  size: number;
  /** The segment that the newest full backup starts in. */
  fullStart: number | undefined;
  fullName: string | undefined;
  /** The backups should have been listed, and were not. */
  listingFailed: boolean;
  /** The segments that the newest backup starts and ends in. */
  newestStart: number | undefined;
  newestEnd: number | undefined;
  newestName: string | undefined;
  now: number;
}

export function readMissing({ document, now }: { document: StatusDocument; now: number }): MissingWal {
  const { details, details_left_out: leftOut = {} } = document.walg_integrity?.integrity ?? {};
  const rows = details ?? [];
  const size = segmentMegabytes(document);
  const full = newestFull(document);
  const newest = newestBackup(document);
  const newestStart = newest && parseSegment(newest.wal_file_name ?? '', size)?.number;
  const lastFound = rows.findLastIndex((row) => row.status === 'FOUND');
  const headIsRead = endOf(rows.at(-1), size) >= (newestStart ?? 0) - 1;
  const timelines = eras(document, size);
  const doubtful: Range[] = [];
  const backlog: Range[] = [];
  const lost: Range[] = [];
  for (const [index, row] of rows.entries()) {
    if (row.status === 'FOUND') continue;
    for (const range of divide(row, timelines, size))
      if (isDoubtful(range)) doubtful.push(range);
      else (headIsRead && index > lastFound ? backlog : lost).push(range);
  }
  return {
    doubtful,
    backlog: joined(backlog),
    lost,
    leftOut: Object.entries(leftOut).reduce((sum, [status, number]) => sum + (status === 'FOUND' ? 0 : number), 0),
    anyFound: lastFound >= 0 || (leftOut['FOUND'] ?? 0) > 0,
    newestFound: rows[lastFound]?.end_segment,
    settling: recentSwitch(document, size, now),
    size,
    fullStart: full && parseSegment(full.wal_file_name ?? '', size)?.number,
    fullName: full?.backup_name,
    listingFailed: document.collectors?.walg_backups?.ok === false,
    newestStart,
    newestEnd: newest && endSegment(newest, size),
    newestName: newest?.backup_name,
    now,
  };
}

/**
 * WAL-G reads up to the segment before the current one. Rows that end before the newest backup began are an excerpt, as older
 * producers make them: then nothing is known of what comes after them.
 */
function endOf(row: IntegrityRow | undefined, size: number): number {
  return parseSegment(row?.end_segment ?? '', size)?.number ?? Infinity;
}

/** The row's segments, divided where by Patroni's history another timeline begins. */
function divide(row: IntegrityRow, timelines: readonly Era[] | undefined, size: number): Range[] {
  const [start, end] = [parseSegment(row.start_segment, size), parseSegment(row.end_segment, size)];
  const first = start?.number ?? 0;
  const whole = {
    timeline: row.timeline_id,
    status: row.status,
    first,
    last: end?.number ?? first + row.segments_count - 1,
  };
  const name = (number: number) => segmentName(row.timeline_id, number, size);
  if (timelines === undefined)
    return [{ ...whole, start: row.start_segment, end: row.end_segment, belongs: undefined, orOlder: false }];
  return timelines.flatMap((era) => {
    const [from, to] = [Math.max(whole.first, era.first), Math.min(whole.last, era.last)];
    if (from > to) return [];
    return [
      {
        ...whole,
        first: from,
        last: to,
        start: name(from),
        end: name(to),
        belongs: era.timeline,
        orOlder: era.orOlder,
      },
    ];
  });
}

/** Neighbours on one timeline as one: where the archiver stands does not depend on what WAL-G calls the segments. */
export function joined(ranges: readonly Range[]): Range[] {
  const result: Range[] = [];
  for (const range of [...ranges].sort((a, b) => a.first - b.first)) {
    const before = result.at(-1);
    if (before?.timeline === range.timeline && before.last + 1 === range.first)
      result[result.length - 1] = { ...before, last: range.last, end: range.end };
    else result.push(range);
  }
  return result;
}

function isDoubtful({ timeline, belongs, orOlder }: Range): boolean {
  if (belongs === undefined) return false;
  return orOlder ? timeline > belongs : timeline !== belongs;
}

function segmentName(timeline: number, number: number, size: number): string {
  const perLog = 4096 / size;
  const parts = [timeline, Math.floor(number / perLog), number % perLog];
  return parts.map((part) => part.toString(16).toUpperCase().padStart(8, '0')).join('');
}

/** As the backups show; one that is not known is taken for the default. */
function segmentMegabytes({ walg_backups: backups }: StatusDocument): number {
  return segmentSize(backups?.recent ?? []) ?? DEFAULT_SEGMENT_SIZE;
}

/** An older producer names the newest backup alone, which is full unless its name says that it is a delta. */
function newestFull(document: StatusDocument) {
  if (document.walg_backups) return document.walg_backups.newest_full ?? undefined;
  const newest = newestBackup(document);
  return newest?.backup_name.includes('_D_') ? undefined : newest;
}

function endSegment({ finish_lsn: finish, wal_file_name: name }: NewestBackup, size: number): number | undefined {
  const position = finish == null ? undefined : parseLsn(finish);
  return position === undefined
    ? parseSegment(name ?? '', size)?.number
    : Number((position - 1n) / BigInt(size * 1024 * 1024));
}
