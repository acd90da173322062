import { completedAt } from '../document/backups.ts';
import { leaderPosition } from '../document/positions.ts';
import type { Recovery, RecoveryGap, StatusDocument, Unrestorable } from '../document/schema.ts';
import { recoveryTarget } from '../text/recovery-target.ts';
import type { Coverage } from './coverage.ts';
import { formatLsn, parseLsn } from './lsn.ts';
import type { Moment } from './own-positions.ts';
import type { Flaw, Placed } from './own-backups.ts';
import { notArchivedBytes, notArchivedSince } from './not-archived.ts';
import { provenMoments } from './proven-moments.ts';
import { segmentName } from './ranges.ts';
import { readWindows, type Numbered } from './windows.ts';
import { segmentAt, segmentBytes } from './rows.ts';

const MOST_WINDOWS = 16;
const MOST_UNRESTORABLE = 8;

/** What is needed to determine what can be restored. */
export interface Stored {
  /** Newest first. */
  placed: readonly Placed[];
  /** Undefined if the WAL was not checked, or if the size of its segments is not known. */
  wal: Coverage | undefined;
  /** MB. */
  size: number;
  /** WAL-G checked the WAL up to the LSN of the leader. */
  headIsRead: boolean;
  /** WAL that is missing in the primary storage may be in another one, which wal-verify does not read. */
  mayBeElsewhere: boolean;
  /** The LSNs of the leader, oldest first. */
  positions: readonly Moment[];
  /** There are LSNs of earlier runs. */
  remembers: boolean;
}

/** Which backups can be restored, and to which points in time: from the end of each such backup up to the next gap in the WAL. */
export function readRecovery(document: StatusDocument, stored: Stored): Recovery {
  const { placed, wal, size } = stored;
  const now = document.current_timestamp * 1000;
  const judged = placed.map((backup) => ({ backup, ...judge(backup, document, stored) }));
  const restorable = judged.filter(({ flaw }) => flaw === undefined);
  const flawed = judged.flatMap(({ backup, flaw }) => (flaw === undefined ? [] : [describeFlaw(backup, flaw, now)]));
  const newest = restorable[0]?.backup;
  const proven = provenMoments(document, stored);
  const covered = restorable.filter(({ checked }) => checked).map(({ backup }) => backup);
  const all = wal && readWindows(covered, { wal, size, proven, now });
  const windows = all?.slice(-MOST_WINDOWS) ?? [];
  const archived = wal?.newestFound === undefined ? undefined : BigInt(wal.newestFound + 1) * segmentBytes(size);
  const written = positionOf(document);
  const since = archived === undefined || !stored.remembers ? undefined : notArchivedSince(stored.positions, archived);
  return {
    newest_backup: newest === undefined ? null : reference(newest),
    restorable: restorable.length,
    not_checked: restorable.filter(({ checked }) => !checked).length,
    not_restorable: flawed.slice(0, MOST_UNRESTORABLE),
    ...(flawed.length > MOST_UNRESTORABLE && { not_restorable_left_out: flawed.length - MOST_UNRESTORABLE }),
    windows: all === undefined ? null : windows.map(({ window }) => window),
    ...(all !== undefined && all.length > windows.length && { windows_left_out: all.length - windows.length }),
    gaps: wal === undefined ? [] : readGaps(windows, wal),
    safe_up_to: safeUpTo(wal && withoutDoubt(windows.at(-1), covered, wal, size), proven),
    archived_up_to: archived === undefined ? null : formatLsn(String(archived)),
    not_archived_bytes: archived === undefined ? null : notArchivedBytes(written, archived),
    ...(since !== undefined && { not_archived_since: since }),
  };
}

function positionOf(document: StatusDocument): bigint | undefined {
  const position = leaderPosition(document);
  return position && parseLsn(position.lsn);
}

/** Whether it can be restored; `checked` is false if the WAL that it needs was not checked: it then counts as restorable. */
function judge(
  { flaw, start, end, timeline }: Placed,
  document: StatusDocument,
  { wal, size, headIsRead, mayBeElsewhere }: Stored,
): { flaw: Flaw | undefined; checked: boolean } {
  if (flaw !== undefined) return { flaw, checked: true };
  const notKnown = { flaw: undefined, checked: false };
  if (wal === undefined || start === undefined) return notKnown;
  const last = end ?? start;
  const { missing, checked } = wal.check(start, last);
  if (missing !== undefined) {
    const reason = missing.fate === 'waiting' ? 'wal_not_archived' : 'wal_lost';
    const segment = segmentName(missing.timeline, Math.max(missing.first, start), size);
    // the segment belongs to another timeline than WAL-G looked on, so it looked for another file
    const isKnown = !mayBeElsewhere && missing.timeline === timeline;
    return isKnown ? { flaw: { reason, missing: segment }, checked: true } : notKnown;
  }
  if (end === undefined) return notKnown;
  const { newestFound } = wal;
  if (newestFound === undefined || end <= newestFound) return { flaw: undefined, checked };
  if (!headIsRead || mayBeElsewhere || end === lastBefore(positionOf(document), size)) return notKnown;
  return {
    flaw: { reason: 'wal_not_archived', missing: segmentName(timeline ?? 1, Math.max(start, newestFound + 1), size) },
    checked: true,
  };
}

/** With an LSN from PostgreSQL at a segment border, WAL-G treats the segment before it as the current one and does not check it. */
function lastBefore(position: bigint | undefined, size: number): number | undefined {
  if (position === undefined || position % segmentBytes(size) !== 0n) return undefined;
  return segmentAt(position, size) - 1;
}

function describeFlaw({ backup }: Placed, { reason, missing }: Flaw, now: number): Unrestorable {
  const completed = completedAt(backup, now);
  const time = completed === undefined ? backup.time : new Date(completed).toISOString();
  return { backup_name: backup.backup_name, time, reason, missing };
}

function reference({ backup: { backup_name, time, finish_time, wal_file_name } }: Placed): Recovery['newest_backup'] {
  return { backup_name, time, finish_time: finish_time ?? null, wal_file_name: wal_file_name ?? '' };
}

function readGaps(windows: readonly Numbered[], wal: Coverage): RecoveryGap[] {
  return windows.flatMap(({ window, last }, index): RecoveryGap[] => {
    const next = windows[index + 1];
    if (next === undefined && window.open) return [];
    return [
      {
        from: window.to ?? window.from,
        to: next?.window.from ?? null,
        start_lsn: window.end_lsn,
        end_lsn: next?.window.start_lsn ?? null,
        missing_segments: wal.lostBetween(last + 1, next?.first ?? Infinity),
      },
    ];
  });
}

/** The window up to the first doubtful WAL after its newest backup: no restore needs doubtful WAL before that backup. */
function withoutDoubt(
  window: Numbered | undefined,
  covered: readonly Placed[],
  wal: Coverage,
  size: number,
): Numbered | undefined {
  if (window === undefined) return undefined;
  const ends = covered.flatMap(({ end }) => (end !== undefined && end <= window.last ? [end] : []));
  const doubt = wal.doubtfulFrom(ends.reduce((newest, end) => Math.max(newest, end), window.first) + 1);
  return doubt === undefined || doubt.first > window.last
    ? window
    : { ...window, end: BigInt(doubt.first) * segmentBytes(size) };
}

/** What was committed before the first backup of a window began can be restored as well, at the end of that backup. */
function safeUpTo(newest: Numbered | undefined, proven: readonly Moment[]): string | null {
  if (newest === undefined) return null;
  const { began, end } = newest;
  const inside = proven.filter(({ lsn }) => lsn <= end && lsn > newest.start).map(({ time }) => time * 1000);
  const times = [...inside, ...(began === undefined ? [] : [began])];
  const safe = times.reduce((latest, time) => Math.max(latest, time), -Infinity);
  return safe === -Infinity ? null : recoveryTarget(safe, 'down');
}
