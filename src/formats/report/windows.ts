import type { Recovery, RecoveryGap, RecoveryWindow } from '../../document/schema.ts';
import { listQuoted } from '../../text/words.ts';
import { otherStorages, recoveryOf } from '../../wal/read.ts';
import { entry, plural, type Page } from './page.ts';

/** The newest ones. */
const MOST_LINES = 6;

/** A line for each window of time that can be restored, and one for each gap. The times are for pasting: recovery_target_time takes them. */
export function restorable(page: Page): string[] {
  const recovery = recoveryOf(page.document);
  if (recovery === null) return [];
  const { windows, newest_backup: newest, gaps } = recovery;
  if (windows === null || windows.length === 0) return entry(page, 'restorable', withoutWindows(recovery));
  const shown = windows.slice(-MOST_LINES);
  const others = otherStorages(page.document);
  const older = windows.length - shown.length + (recovery.windows_left_out ?? 0);
  return [
    ...(older === 0 ? [] : entry(page, 'restorable', `${plural(older, 'older window')} before these`)),
    ...shown.flatMap((window) => {
      const gap = gaps.find(({ start_lsn: start }) => start === window.end_lsn);
      return [
        ...entry(page, 'restorable', describeWindow(window)),
        ...(gap === undefined ? [] : entry(page, 'gap', describeGap(gap, window, others))),
      ];
    }),
    ...(newest === null ? entry(page, 'restorable', 'no backup can be restored (see the checks)') : []),
  ];
}

function withoutWindows({ newest_backup: newest, windows }: Recovery): string {
  if (newest === null) return 'no backup can be restored (see the checks)';
  const { backup_name: name } = newest;
  return windows === null
    ? `${name}, to its own end at least if its WAL is there: the WAL was not checked`
    : `not known: WAL-G did not check the WAL that ${name} needs`;
}

function describeWindow(window: RecoveryWindow): string {
  const { from, to, to_at_most: most, open, doubtful, timeline, end_timeline: end } = window;
  const proven = `from ${from ?? 'a time not known'}${to === null ? '' : ` to ${to}`}`;
  const further = open
    ? `, and on through the WAL archived since${most == null ? '' : `, at most to ${most}`}`
    : most == null
      ? ', and on to the gap'
      : `, at most to ${most}, when its last segment arrived`;
  const timelines = timeline === end ? '' : ` (timelines ${timeline ?? '?'} to ${end ?? '?'})`;
  return `${proven}${further}${timelines}${doubtful === true ? ', if the WAL in doubt is there (see below)' : ''}`;
}

function describeGap(
  { from, to, missing_segments: missing }: RecoveryGap,
  { to_at_most: most }: RecoveryWindow,
  others: readonly string[],
): string {
  const are = `${plural(missing, 'WAL segment')} ${missing === 1 ? 'is' : 'are'}`;
  const lost =
    others.length === 0
      ? `${are} missing`
      : `${are} not in the primary storage; unless ${listQuoted(others)} has ${missing === 1 ? 'it' : 'them'}`;
  const since = most ?? from ?? 'the end of the window';
  return to === null
    ? `${lost}${others.length === 0 ? ':' : ','} no point in time after ${since} can be restored until ${missing === 1 ? 'it arrives' : 'they arrive'} or a new backup is taken`
    : `${lost}${others.length === 0 ? ':' : ','} no point in time between ${since} and ${to} can be restored`;
}
