import type { RememberedPosition } from '../document/memory.ts';
import { leaderPosition } from '../document/positions.ts';
import type { StatusDocument, Wal } from '../document/schema.ts';
import { parseLsn } from './lsn.ts';
import { ownPositions } from './own-positions.ts';
import { parseSegment } from './rows.ts';

/** Bytes that PostgreSQL writes at the beginning of a segment although nobody commits: a checkpoint, a list of running transactions. */
export const IDLE_BYTES = 8192;

/** The WAL after the newest archived segment: if every database host were lost, it would be lost with them. */
export interface NotArchived {
  bytes: number;
  /** When a look first saw WAL that is in no archive yet, epoch seconds; undefined = nothing but this look is known. */
  since: number | undefined;
}

/** Where the newest archived segment ends, as a byte number; undefined where that is not known. */
export function archivedEnd({
  newest_found: name,
  segment_size: size,
  segment_size_from: from,
}: Wal): bigint | undefined {
  const segment = name === null || from === 'default' ? undefined : parseSegment(name, size / 1024 / 1024);
  return segment === undefined ? undefined : BigInt(segment.number + 1) * BigInt(size);
}

/** @returns undefined where the position of the leader or the end of the archive is not known. */
export function notArchived(
  document: StatusDocument,
  wal: Wal | null,
  remembered: readonly RememberedPosition[] | undefined,
): NotArchived | undefined {
  const current = leaderPosition(document);
  const position = current && parseLsn(current.lsn);
  const end = wal === null ? undefined : archivedEnd(wal);
  if (position === undefined || end === undefined) return undefined;
  const bytes = position > end ? Number(position - end) : 0;
  if (remembered === undefined) return { bytes, since: undefined };
  const past = ownPositions(document, remembered).filter(({ lsn }) => lsn > end);
  // while nobody writes, what little lies there may lie there for days
  const first = past.find(({ lsn }, index) => lsn - end > IDLE_BYTES || past[index + 1]?.lsn !== lsn);
  return { bytes, since: first?.time };
}
