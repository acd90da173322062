import type { Fate, WalRange } from '../document/schema.ts';
import type { Era } from './history.ts';
import { parseSegment, type IntegrityRow } from './rows.ts';

/** A range of adjacent segments with the same fate. Segments are numbered from the first one of the WAL, regardless of the timeline. */
export interface Piece {
  timeline: number;
  status: string;
  fate: Fate;
  first: number;
  last: number;
  /** The number of segments according to WAL-G, if it cannot be computed from their names. */
  segments: number;
  /** The timeline to which they belong, if WAL-G looked for them on another one. */
  belongs?: number;
  orOlder?: boolean;
  /** Of lost segments: later segments of the timeline were found. */
  laterFound?: boolean;
  /** The names in WAL-G's row, if the range is a whole row. */
  printed?: { start: string; end: string };
}

/** The name of the segment with this number, for segments of `size` megabytes. */
export function segmentName(timeline: number, number: number, size: number): string {
  const perLog = 4096 / size;
  const parts = [timeline, Math.floor(number / perLog), number % perLog];
  return parts.map((part) => part.toString(16).toUpperCase().padStart(8, '0')).join('');
}

/** The numbers of the row's segments; if its names are not segment names, they count from 0. */
function spanOf(row: IntegrityRow, size: number): { first: number; last: number } {
  const first = parseSegment(row.start_segment, size)?.number ?? 0;
  if (row.start_segment === row.end_segment && row.segments_count === 1) return { first, last: first };
  const last = parseSegment(row.end_segment, size)?.number ?? first + row.segments_count - 1;
  return { first, last: Math.max(first, last) };
}

/** What is needed to divide the rows into ranges. */
interface Reading {
  eras: readonly Era[] | undefined;
  /** MB. */
  size: number;
  /** The rows reach the newest complete segment: what is missing at their end may still arrive. */
  headIsRead: boolean;
  /** Patroni's history could not be read. */
  historyMissing: boolean;
}

/**
 * Divides the rows, in WAL-G's order, into ranges. A missing row is split where another timeline begins according to the history. It is
 * doubtful if WAL-G looked on a timeline to which the segments do not belong (WAL-G issue 1390, or .history files that WAL-G cannot read).
 * Without the history, missing segments before the first found segment of their timeline are doubtful.
 */
export function readRows(rows: readonly IntegrityRow[], reading: Reading): Piece[] {
  const { eras, size, headIsRead, historyMissing } = reading;
  const lastFound = rows.findLastIndex((row) => row.status === 'FOUND');
  const begun = new Set<number>();
  return rows.flatMap((row, index): Piece[] => {
    const whole = {
      timeline: row.timeline_id,
      status: row.status,
      segments: row.segments_count,
      printed: { start: row.start_segment, end: row.end_segment },
      ...spanOf(row, size),
    };
    if (row.status === 'FOUND') {
      begun.add(row.timeline_id);
      return [{ ...whole, fate: 'found' }];
    }
    const waits = headIsRead && index > lastFound;
    if (eras !== undefined) return divide({ ...whole, fate: waits ? 'waiting' : 'lost' }, eras);
    if (historyMissing && !waits && row.timeline_id > 1 && !begun.has(row.timeline_id))
      return [{ ...whole, fate: 'doubtful' }];
    return [{ ...whole, fate: waits ? 'waiting' : 'lost' }];
  });
}

function divide(missing: Piece, eras: readonly Era[]): Piece[] {
  const pieces: Piece[] = [];
  for (let index = eraOf(missing.first, eras); index < eras.length; index += 1) {
    const era = eras[index];
    if (era === undefined || era.first > missing.last) break;
    const [first, last] = [Math.max(missing.first, era.first), Math.min(missing.last, era.last)];
    const divided = first !== missing.first || last !== missing.last;
    const { printed: _whole, ...part } = { ...missing, first, last, segments: last - first + 1 };
    const piece = divided ? part : missing;
    if (!isElsewhere(missing.timeline, era)) pieces.push(piece);
    else
      pieces.push({
        ...piece,
        fate: 'doubtful',
        belongs: era.timeline,
        ...(era.orOlder && { orOlder: true }),
      });
  }
  return pieces;
}

/** Binary search for the index of the era with the segment: there may be thousands of both. */
function eraOf(segment: number, eras: readonly Era[]): number {
  let [low, high] = [0, eras.length - 1];
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if ((eras[middle]?.last ?? Infinity) < segment) low = middle + 1;
    else high = middle;
  }
  return low;
}

function isElsewhere(timeline: number, { timeline: belongs, orOlder }: Era): boolean {
  return orOlder ? timeline > belongs : timeline !== belongs;
}

/** Marks lost ranges that the archiver has skipped: later segments of the same timeline were found. */
export function markLaterFound(pieces: readonly Piece[]): Piece[] {
  const found = new Set<number>();
  return pieces
    .toReversed()
    .map((piece) => {
      if (piece.fate === 'found') found.add(piece.timeline);
      return piece.fate === 'lost' && found.has(piece.timeline) ? { ...piece, laterFound: true } : piece;
    })
    .reverse();
}

/** Names that are not segment names remain as WAL-G printed them. */
export function describePiece(piece: Piece, size: number): WalRange {
  const { timeline, fate, first, last, segments, status, belongs, orOlder, laterFound, printed } = piece;
  return {
    timeline,
    fate,
    start_segment: printed?.start ?? segmentName(timeline, first, size),
    end_segment: printed?.end ?? segmentName(timeline, last, size),
    segments,
    status,
    ...(belongs !== undefined && { belongs_to: belongs }),
    ...(orOlder === true && { or_older: true }),
    ...(laterFound === true && { later_found: true }),
  };
}
