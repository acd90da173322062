import { newestBackup, type NewestBackup } from '../document/backups.ts';
import type { Fate, StatusDocument, Tally, Wal } from '../document/schema.ts';
import { FATES } from '../document/wal.ts';
import { eras } from './history.ts';
import { describePiece, readRows, type Piece } from './ranges.ts';
import { parseSegment, type IntegrityRow } from './rows.ts';
import { DEFAULT_SEGMENT_SIZE, segmentSize, sizeOfNames } from './segment-size.ts';

/** As many as a person looks at, and a small part of the document. */
const MOST_RANGES = 60;
/** Each promotion makes one. */
const MOST_TIMELINES = 50;

const MEGABYTE = 1024 * 1024;

/** The document with its WAL read. One that brings the answer keeps it: it was read from the whole listing. */
export function withWal(document: StatusDocument): StatusDocument {
  const wal = walOf(document);
  return wal === null || wal === document.wal ? document : { ...document, wal };
}

/** What the document says of its WAL; read now where its producer did not. */
export function walOf(document: StatusDocument): Wal | null {
  return document.wal ?? readWal(document);
}

/** The size (MB) of a WAL segment; one that is not known is taken for the default. */
export function segmentMegabytes(document: StatusDocument): number {
  const wal = walOf(document);
  return wal === null ? sizeFrom(document, []).size : wal.segment_size / MEGABYTE;
}

/**
 * The one reading of what WAL-G reported of the WAL in the storage.
 * @returns null where WAL-G's check is not known.
 */
function readWal(document: StatusDocument): Wal | null {
  if (!document.walg_integrity) return null;
  const { details, details_left_out: leftOut } = document.walg_integrity.integrity;
  const rows = details ?? [];
  const { size, from } = sizeFrom(document, rows);
  const pieces = readRows(rows, {
    eras: eras(document, size),
    size,
    headIsRead: endOf(rows.at(-1), size) >= (newestStart(document, size) ?? 0) - 1,
    historyMissing: document.failovers === null,
  });
  const full = newestFull(document);
  const fullStart = full && parseSegment(full.wal_file_name ?? '', size)?.number;
  const timelines = Map.groupBy(pieces, ({ timeline }) => timeline);
  const kept = [...timelines].slice(-MOST_TIMELINES);
  return {
    segment_size: size * MEGABYTE,
    segment_size_from: from,
    first_segment: rows.at(0)?.start_segment ?? null,
    last_segment: rows.at(-1)?.end_segment ?? null,
    newest_found: rows.findLast(({ status }) => status === 'FOUND')?.end_segment ?? null,
    ...tallies(pieces),
    lost_since_full_backup:
      fullStart === undefined ? null : tally(pieces.filter(({ fate, last }) => fate === 'lost' && last >= fullStart)),
    timelines: kept.map(([timeline, its]) => ({ timeline, ...tallies(its), statuses: byStatus(its) })),
    ...leaving('timelines_left_out', timelines.size - kept.length),
    ranges: pieces
      .slice(-MOST_RANGES)
      .reverse()
      .map((piece) => describePiece(piece, size)),
    ...leaving('ranges_left_out', pieces.length - MOST_RANGES),
    ...(leftOut !== undefined && { rows_left_out: leftOut }),
  };
}

function sizeFrom({ walg_backups: backups }: StatusDocument, rows: readonly IntegrityRow[]) {
  const proven = segmentSize(backups?.recent ?? []);
  if (proven !== undefined) return { size: proven, from: 'backups' as const };
  const found = sizeOfNames(rows.filter(({ status }) => status === 'FOUND'));
  if (found !== undefined) return { size: found, from: 'found_segments' as const };
  return { size: DEFAULT_SEGMENT_SIZE, from: 'default' as const };
}

/**
 * WAL-G reads up to the segment before the current one. Rows that end before the newest backup began are an excerpt, as older
 * producers make them: then nothing is known of what comes after them.
 */
function endOf(row: IntegrityRow | undefined, size: number): number {
  return parseSegment(row?.end_segment ?? '', size)?.number ?? Infinity;
}

function newestStart(document: StatusDocument, size: number): number | undefined {
  return parseSegment(newestBackup(document)?.wal_file_name ?? '', size)?.number;
}

/** An older producer names the newest backup alone, which is full unless its name says that it is a delta. */
export function newestFull(document: StatusDocument): NewestBackup | undefined {
  if (document.walg_backups) return document.walg_backups.newest_full ?? undefined;
  const newest = newestBackup(document);
  return newest?.backup_name.includes('_D_') ? undefined : newest;
}

function tallies(pieces: readonly Piece[]): Record<Fate, Tally> {
  const sums = Object.fromEntries(FATES.map((fate) => [fate, { segments: 0, ranges: 0 }])) as Record<Fate, Tally>;
  for (const { fate, segments } of pieces) {
    sums[fate].segments += segments;
    sums[fate].ranges += 1;
  }
  return sums;
}

function tally(pieces: readonly Piece[]): Tally {
  return { segments: pieces.reduce((sum, { segments }) => sum + segments, 0), ranges: pieces.length };
}

function byStatus(pieces: readonly Piece[]): Record<string, number> {
  const sums = new Map<string, number>();
  for (const { status, segments } of pieces) sums.set(status, (sums.get(status) ?? 0) + segments);
  return Object.fromEntries(sums);
}

function leaving<Key extends string>(key: Key, number: number): Partial<Record<Key, number>> {
  return number > 0 ? ({ [key]: number } as Record<Key, number>) : {};
}
