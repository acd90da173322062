import { newestBackup, type NewestBackup } from '../document/backups.ts';
import type { RememberedPosition } from '../document/memory.ts';
import { perObject } from '../document/per-object.ts';
import type { Fate, Recovery, StatusDocument, Tally, Wal } from '../document/schema.ts';
import { FATES } from '../document/wal.ts';
import { coverage, type Coverage } from './coverage.ts';
import { eras } from './history.ts';
import { placeBackups } from './own-backups.ts';
import { ownPositions } from './own-positions.ts';
import { describePiece, readRows, type Piece } from './ranges.ts';
import { readRecovery } from './recovery.ts';
import { parseSegment, type IntegrityRow } from './rows.ts';
import { settle } from './settle.ts';
import { DEFAULT_SEGMENT_SIZE, segmentSize, sizeOfNames } from './segment-size.ts';

/** As many as a person looks at, and a small part of the document. */
const MOST_RANGES = 60;
/** Each promotion makes one. */
const MOST_TIMELINES = 50;

const MEGABYTE = 1024 * 1024;

/** What is known beside the document, which has room for the newest backups alone. */
export interface Known {
  /** Every backup, newest first, each once. */
  backups?: readonly NewestBackup[] | undefined;
  /** The list of the backups is whole: what is not in it is not there. */
  complete?: boolean;
  /** Rows for stretches of the WAL that WAL-G was asked about again; they count before those of the document. */
  settled?: readonly IntegrityRow[];
  /** Where the leader's WAL was, as far as `--state` remembers. */
  positions?: readonly RememberedPosition[] | undefined;
  /** What is in the storage, where WAL-G's check is not known. */
  rows?: readonly IntegrityRow[];
}

/** The document with its WAL read. One that brings the answers keeps them: they were read from the whole listing. */
export function withWal(document: StatusDocument): StatusDocument {
  const wal = walOf(document);
  const recovery = recoveryOf(document);
  if (wal === (document.wal ?? null) && recovery === (document.recovery ?? null)) return document;
  return { ...document, ...(wal !== null && { wal }), ...(recovery !== null && { recovery }) };
}

/** What the document says of its WAL; read now where its producer did not. */
export function walOf(document: StatusDocument): Wal | null {
  return document.wal ?? readStorage(document).wal;
}

/** What the document says can be restored; read now where its producer did not. */
export function recoveryOf(document: StatusDocument): Recovery | null {
  return document.recovery ?? readStorage(document).recovery;
}

/** The size (MB) of a WAL segment; one that is not known is taken for the default. */
export function segmentMegabytes(document: StatusDocument): number {
  const wal = walOf(document);
  return wal === null ? sizeFrom(document.walg_backups?.recent ?? [], []).size : wal.segment_size / MEGABYTE;
}

const readAlone = perObject((document: StatusDocument) => read(document, {}));

/** The one reading of what is in the storage: what the WAL there is, and what can be restored. Null where that is not known. */
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
  const pieces = settle(readRows(rows, reading), readRows(known.settled ?? [], { ...reading, headIsRead: false }));
  return {
    wal: hasRows ? describeWal(document, rows, pieces, { size, from, leftOut }) : null,
    recovery: describeRecovery(document, known, hasRows && from !== 'default' ? coverage(pieces) : undefined, reading),
  };
}

function describeRecovery(
  document: StatusDocument,
  known: Known,
  wal: Coverage | undefined,
  { size, headIsRead }: { size: number; headIsRead: boolean },
): Recovery | null {
  const backups = known.backups ?? document.walg_backups?.recent ?? newestAlone(document);
  if (backups === undefined && wal === undefined) return null;
  const { count: all, recent } = document.walg_backups ?? {};
  const complete = known.complete ?? (recent !== undefined && recent.length === all && !isIncomplete(document));
  return readRecovery(document, {
    placed: placeBackups(document, backups ?? [], complete, size),
    wal,
    size,
    headIsRead,
    mayBeElsewhere: otherStorages(document).length > 0,
    positions: ownPositions(document, known.positions),
    remembers: known.positions !== undefined,
  });
}

/** The storages beside the primary that hold something: WAL-G's check reads the primary alone. */
export function otherStorages({ walg_backups: backups }: StatusDocument): string[] {
  return Object.keys(backups?.storages ?? {}).filter((name) => name !== 'default');
}

function isIncomplete({ collectors }: StatusDocument): boolean {
  return collectors?.walg_backups?.ok === false;
}

function newestAlone(document: StatusDocument): NewestBackup[] | undefined {
  if (document.walg_last_backup === null) return undefined;
  const newest = newestBackup(document);
  return newest === undefined ? [] : [newest];
}

function describeWal(
  document: StatusDocument,
  rows: readonly IntegrityRow[],
  pieces: readonly Piece[],
  { size, from, leftOut }: { size: number; from: Wal['segment_size_from']; leftOut: Wal['rows_left_out'] },
): Wal {
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

function sizeFrom(backups: readonly NewestBackup[], rows: readonly IntegrityRow[]) {
  const proven = segmentSize(backups);
  if (proven !== undefined) return { size: proven, from: 'backups' as const };
  const found = sizeOfNames(rows.filter(({ status }) => status === 'FOUND'));
  if (found !== undefined) return { size: found, from: 'found_segments' as const };
  return { size: DEFAULT_SEGMENT_SIZE, from: 'default' as const };
}

/**
 * WAL-G reads up to the segment before the current one, and calls the newest ones that it misses UPLOADING. Rows that end in what is
 * LOST, or before the newest backup began, are an excerpt: then nothing is known of what comes after them.
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
