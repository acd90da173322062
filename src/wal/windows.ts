import { completedAt } from '../document/backups.ts';
import type { RecoveryWindow } from '../document/schema.ts';
import { recoveryTarget } from '../text/recovery-target.ts';
import { moment } from '../text/words.ts';
import type { Coverage } from './coverage.ts';
import { formatLsn } from './lsn.ts';
import type { Placed } from './own-backups.ts';
import type { Moment } from './own-positions.ts';
import { segmentName } from './ranges.ts';
import { segmentBytes } from './rows.ts';

/** A window with the numbers of its first and last segment, and its borders as LSNs. */
export interface Numbered {
  window: RecoveryWindow;
  first: number;
  last: number;
  start: bigint;
  end: bigint;
  /** When its backup was complete, epoch milliseconds. */
  completed: number | undefined;
  /** When its backup began, by the same clock. */
  began: number | undefined;
}

interface Surroundings {
  wal: Coverage;
  /** MB. */
  size: number;
  /** In the order of the WAL. */
  proven: readonly Moment[];
  /** Epoch milliseconds. */
  now: number;
}

interface Beginning {
  backup: Placed;
  finish: bigint;
  end: number;
}

/**
 * The windows, oldest first. Backups without a gap between them share a window, which begins with the oldest of them.
 * @param restorable backups that can be restored, with all the WAL that they need.
 */
export function readWindows(restorable: readonly Placed[], around: Surroundings): Numbered[] {
  const { wal } = around;
  const first = new Map<number, Beginning>();
  for (const backup of restorable) {
    const { end, finish } = backup;
    if (end === undefined || finish === undefined) continue;
    const border = wal.missingFrom(end + 1)?.first ?? Infinity;
    const there = first.get(border);
    if (there === undefined || finish < there.finish) first.set(border, { backup, finish, end });
  }
  const windows = [...first]
    .sort(([a], [b]) => (a < b ? -1 : Number(a > b)))
    .map(([border, beginning]) => describe(border, beginning, around));
  return withProvenTimes(windows, around.proven);
}

function describe(
  border: number,
  { backup, finish, end: first }: Beginning,
  { wal, size, now }: Surroundings,
): Numbered {
  const last = border === Infinity ? Math.max(wal.newestFound ?? first, first) : border - 1;
  const timeline = backup.timeline ?? null;
  const endTimeline = wal.foundAt(last)?.timeline ?? timeline;
  const completed = completedAt(backup.backup, now);
  const missing = border === Infinity ? undefined : wal.missingFrom(border);
  const end = BigInt(last + 1) * segmentBytes(size);
  const window = {
    from: completed === undefined ? null : recoveryTarget(completed, 'up'),
    to: null,
    start_lsn: formatLsn(String(finish)),
    end_lsn: formatLsn(String(end)),
    timeline,
    end_timeline: endTimeline,
    last_segment: endTimeline === null ? null : segmentName(endTimeline, last, size),
    backup: backup.backup.backup_name,
    open: missing === undefined || missing.fate === 'waiting',
    ...(wal.doubtfulBetween(first, last) && { doubtful: true }),
  };
  return { window, first, last, start: finish, end, completed, began: beganAt(backup, completed) };
}

function beganAt({ backup }: Placed, completed: number | undefined): number | undefined {
  const began = moment(backup.start_time);
  return began === undefined || completed === undefined || began > completed ? undefined : began;
}

/**
 * Both are in the order of the WAL. A time at the very end of a window is not a usable recovery target: no later commit ends the recovery
 * there.
 */
function withProvenTimes(windows: readonly Numbered[], proven: readonly Moment[]): Numbered[] {
  let next = 0;
  return windows.map((numbered) => {
    let to = -Infinity;
    for (; next < proven.length; next += 1) {
      const reached = proven[next];
      if (reached === undefined || reached.lsn >= numbered.end) break;
      if (reached.lsn > numbered.start) to = Math.max(to, reached.time * 1000);
    }
    const from = numbered.completed ?? -Infinity;
    if (to === -Infinity || Math.floor(to / 1000) <= Math.ceil(from / 1000)) return numbered;
    return { ...numbered, window: { ...numbered.window, to: recoveryTarget(to, 'down') } };
  });
}
