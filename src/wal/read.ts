import { newestBackup, type NewestBackup } from '../document/backups.ts';
import type { RememberedPosition } from '../document/memory.ts';
import { perObject } from '../document/per-object.ts';
import type { Fate, Recovery, StatusDocument, Tally, Wal } from '../document/schema.ts';
import { FATES } from '../document/fates.ts';
import { coverage } from './coverage.ts';
import { eras } from './history.ts';
import { isOwn, placeBackups, type Placed } from './own-backups.ts';
import { ownPositions } from './own-positions.ts';
import { describePiece, markLaterFound, readRows, type Piece } from './ranges.ts';
import { readRecovery, type Stored } from './recovery.ts';
import { parseSegment, type IntegrityRow } from './rows.ts';
import { settle, since } from './settle.ts';
import { DEFAULT_SEGMENT_SIZE, segmentSize, sizeOfNames } from './segment-size.ts';

/** Enough for a reader, and a small part of the document. */
const MOST_RANGES = 60;
/** Each promotion starts a new timeline. */
const MOST_TIMELINES = 50;

const MEGABYTE = 1024 * 1024;

/** What is known in addition to the document, which contains only the newest backups. */
export interface Known {
  /** Every backup, newest first, each once. */
  backups?: readonly NewestBackup[] | undefined;
  /** The list is complete: a backup that is not in it does not exist. */
  complete?: boolean;
  /** Rows of the timelines that WAL-G was asked to check again; they replace doubtful rows of the document. */
  settled?: { rows: readonly IntegrityRow[]; timelines: readonly number[] };
  /** The LSNs of the leader that `--state` has saved. */
  positions?: readonly RememberedPosition[] | undefined;
  /** Rows from a listing of the storage, if the result of wal-verify is not known. */
  rows?: readonly IntegrityRow[];
}

/** Adds `wal` and `recovery` to a document that lacks them. Existing values are kept, because they were derived from the whole listing. */
export function withWal(document: StatusDocument): StatusDocument {
  const wal = walOf(document);
  const recovery = recoveryOf(document);
  if (wal === (document.wal ?? null) && recovery === (document.recovery ?? null)) return document;
  return { ...document, ...(wal !== null && { wal }), ...(recovery !== null && { recovery }) };
}

/** The `wal` of the document; derived now if the document has none. */
export function walOf(document: StatusDocument): Wal | null {
  return document.wal ?? readStorage(document).wal;
}

/** The `recovery` of the document; derived now if the document has none. */
export function recoveryOf(document: StatusDocument): Recovery | null {
  return document.recovery ?? readStorage(document).recovery;
}

/** The newest backup that can be restored, or the newest of all if that is not known. Undefined = there is none. */
export function newestRestorable(document: StatusDocument): NewestBackup | undefined {
  const recovery = recoveryOf(document);
  return recovery === null ? newestBackup(document) : (recovery.newest_backup ?? undefined);
}

/** The size (MB) of a WAL segment; the default if it is not known. */
export function segmentMegabytes(document: StatusDocument): number {
  const wal = walOf(document);
  return wal === null ? sizeFrom(document.walg_backups?.recent ?? [], []).size : wal.segment_size / MEGABYTE;
}

const readAlone = perObject((document: StatusDocument) => read(document, {}));

/** Derives the state of the WAL in the storage, and what can be restored. Null = not known. No other code derives them. */
export function readStorage(document: StatusDocument, known?: Known): { wal: Wal | null; recovery: Recovery | null } {
  return known === undefined ? readAlone(document) : read(document, known);
}

function read(document: StatusDocument, known: Known): { wal: Wal | null; recovery: Recovery | null } {
  const { details, details_left_out: leftOut } = document.walg_integrity?.integrity ?? {};
  const hasRows = document.walg_integrity != null || known.rows !== undefined;
  const rows = known.rows ?? details ?? [];
  const listed = known.backups ?? document.walg_backups?.recent ?? [];
  const { size, from } = sizeFrom(listed, rows);
  const reading = {
    eras: eras(document, size),
    size,
    headIsRead: readsHead(document, rows, size),
    historyMissing: document.failovers === null && known.rows === undefined,
  };
  const answers = readRows(known.settled?.rows ?? [], { ...reading, headIsRead: false });
  const placed = place(document, known, size);
  const settled = settle(readRows(rows, reading), answers);
  const pieces = markLaterFound(since(settled, answers.length > 0 || !placed.every(isOwn) ? oldestStart(placed) : 0));
  const recovery = describeRecovery(document, known, placed, {
    wal: hasRows && from !== 'default' ? coverage(pieces) : undefined,
    size,
    headIsRead: reading.headIsRead,
  });
  const newest = recovery === null ? newestBackup(document) : recovery.newest_backup;
  const start = newest == null ? undefined : parseSegment(newest.wal_file_name ?? '', size)?.number;
  const asked = known.settled?.timelines ?? [];
  return {
    wal: hasRows ? describeWal(rows, pieces, { size, from, leftOut, start, asked }) : null,
    recovery,
  };
}

function describeRecovery(
  document: StatusDocument,
  known: Known,
  placed: readonly Placed[],
  checked: Pick<Stored, 'wal' | 'size' | 'headIsRead'>,
): Recovery | null {
  if (document.walg_last_backup === null && known.backups === undefined && checked.wal === undefined) return null;
  return readRecovery(document, {
    ...checked,
    placed,
    mayBeElsewhere: otherStorages(document).length > 0,
    positions: ownPositions(document, known.positions, known.rows?.at(-1)?.timeline_id),
    remembers: known.positions !== undefined,
  });
}

function place(document: StatusDocument, known: Known, size: number): Placed[] {
  const { count: all, recent } = document.walg_backups ?? {};
  const isWhole = recent !== undefined && recent.length === all && document.collectors?.walg_backups?.ok !== false;
  const backups = known.backups ?? recent ?? newestAlone(document);
  return placeBackups(document, backups, known.complete ?? isWhole, size);
}

function newestAlone(document: StatusDocument): NewestBackup[] {
  const newest = newestBackup(document);
  return newest === undefined ? [] : [newest];
}

function oldestStart(placed: readonly Placed[]): number {
  const starts = placed.filter(isOwn).map(({ start }) => start ?? 0);
  return starts.length === 0 ? 0 : starts.reduce((oldest, start) => Math.min(oldest, start));
}

/** The storages other than the primary that have backups: wal-verify reads only the primary. */
export function otherStorages({ walg_backups: backups }: StatusDocument): string[] {
  return Object.keys(backups?.storages ?? {}).filter((name) => name !== 'default');
}

interface Surroundings {
  /** MB. */
  size: number;
  from: Wal['segment_size_from'];
  leftOut: Wal['rows_left_out'];
  /** The segment in which the newest backup that can be restored starts. */
  start: number | undefined;
  /** The timelines that WAL-G was asked to check again. */
  asked: readonly number[];
}

function describeWal(
  rows: readonly IntegrityRow[],
  pieces: readonly Piece[],
  { size, from, leftOut, start, asked }: Surroundings,
): Wal {
  const timelines = Map.groupBy(pieces, ({ timeline }) => timeline);
  const kept = [...timelines].slice(-MOST_TIMELINES);
  return {
    segment_size: size * MEGABYTE,
    segment_size_from: from,
    first_segment: rows.at(0)?.start_segment ?? null,
    last_segment: rows.at(-1)?.end_segment ?? null,
    newest_found: rows.findLast(({ status }) => status === 'FOUND')?.end_segment ?? null,
    ...tallies(pieces),
    lost_since_backup:
      start === undefined ? null : tally(pieces.filter(({ fate, last }) => fate === 'lost' && last >= start)),
    ...(asked.length > 0 && { asked_again: [...asked] }),
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

function sizeFrom(backups: readonly NewestBackup[], rows: readonly IntegrityRow[]) {
  const proven = segmentSize(backups);
  if (proven !== undefined) return { size: proven, from: 'backups' as const };
  const found = sizeOfNames(rows.filter(({ status }) => status === 'FOUND'));
  if (found !== undefined) return { size: found, from: 'found_segments' as const };
  return { size: DEFAULT_SEGMENT_SIZE, from: 'default' as const };
}

/**
 * WAL-G checks up to the segment before the current one, and reports the newest missing ones as UPLOADING. Rows that end with LOST
 * segments, or before the start of the newest backup, are incomplete: then nothing is known about later WAL.
 */
function readsHead(document: StatusDocument, rows: readonly IntegrityRow[], size: number): boolean {
  const last = rows.at(-1);
  if (last?.status === 'MISSING_LOST') return false;
  const end = parseSegment(last?.end_segment ?? '', size)?.number ?? Infinity;
  return end >= (newestStart(document, size) ?? 0) - 1;
}

function newestStart(document: StatusDocument, size: number): number | undefined {
  return parseSegment(newestBackup(document)?.wal_file_name ?? '', size)?.number;
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
