import { newestBackup, type NewestBackup } from '../document/backups.ts';
import type { StatusDocument } from '../document/schema.ts';
import { formatDuration } from '../text/units.ts';
import type { Check, Finding, Situation } from './check.ts';
import { isSkipped, notKnown } from './facts.ts';
import { moment, pointInTime } from '../text/words.ts';

/** Is there a backup, is it young, and was none missed? */
export const backup: Check = (situation) => {
  const { document } = situation;
  if (isSkipped(document, 'walg_backups')) return undefined;
  if (document.walg_last_backup === null) return notKnown(document, 'walg_backups', 'backups');
  const newest = newestBackup(document);
  const finding = newest === undefined ? noBackup(document) : judgeAge(newest, situation);
  if (finding.status !== 'critical' || document.collectors?.walg_backups?.ok !== false) return finding;
  // a storage that is down may hold a younger one
  return {
    ...finding,
    status: 'unknown',
    reasons: [...finding.reasons, 'the list is not complete (see collection): a newer backup may be missing from it'],
  };
};

function noBackup(document: StatusDocument): Finding {
  return { status: 'critical', reasons: [`there is no backup${whatElse(document)}`] };
}

function whatElse({ walg_timeline: result }: StatusDocument): string {
  const highest = result?.timeline.details.highest_storage_timeline_id;
  if (highest === undefined) return '; whether there is WAL is not known';
  return highest === 0
    ? ' and no WAL: the storage is empty, which usually means that WAL-G looks at another bucket, prefix or endpoint than the archiver writes to'
    : `, though WAL up to timeline ${highest} is archived: none was ever taken, or all were deleted`;
}

function judgeAge(newest: NewestBackup, { document, thresholds, now }: Situation): Finding {
  const claimed = completed(newest);
  if (claimed === undefined)
    return {
      status: 'unknown',
      reasons: [`the age of ${newest.backup_name} is not known: its time is "${newest.time}"`],
    };
  const time = [claimed, moment(newest.time) ?? claimed].find((one) => one <= now + CLOCKS_DIFFER);
  const future = `according to its own time, ${pointInTime(claimed)}, it lies in the future: the clock of its host or of this one is wrong`;
  if (time === undefined)
    return { status: 'unknown', reasons: [`the age of ${newest.backup_name} is not known: ${future}`] };
  const age = Math.max(0, now - time);
  const { warning, critical } = thresholds.backupMaxAge;
  const usual = thresholds.missedBackups === 'warn' ? usualInterval(document) : undefined;
  const told = `the newest backup, ${newest.backup_name}, is ${formatDuration(age / 1000)} old (${pointInTime(time)}${time === claimed ? '' : `, when the storage got it; ${future}`})`;
  const measured = {
    value: Math.round(age / 1000),
    unit: 'seconds',
    ...(warning !== undefined && { warning: warning / 1000 }),
    critical: critical / 1000,
  };
  if (age > critical)
    return {
      status: 'critical',
      reasons: [`${told}, older than ${formatDuration(critical / 1000)}`],
      ...measured,
    };
  if (warning !== undefined && age > warning)
    return {
      status: 'warning',
      reasons: [`${told}, older than ${formatDuration(warning / 1000)}`],
      ...measured,
    };
  if (usual !== undefined && age > 1.5 * usual)
    return {
      status: 'warning',
      reasons: [
        `${told}, but one is usually taken every ${formatDuration(usual / 1000)}: the last one was missed, failed or is still running (--missed-backups ignore turns this guess off)`,
      ],
      ...measured,
    };
  return { status: 'ok', reasons: [told], ...measured };
}

/** Milliseconds that two clocks may differ by. */
const CLOCKS_DIFFER = 300_000;

type CompletionTimes = Pick<NewestBackup, 'finish_time' | 'time'>;

/** When it was complete; the storage's time changes when objects are copied (WAL-G issue 694), and is all that the plain list has. */
function completed({ finish_time: finish, time }: CompletionTimes): number | undefined {
  return moment(finish) ?? moment(time);
}

/** Enough to show a rhythm, and as many as the shortest document keeps. */
const LAST_ONES = 8;
const LEAST = 4;
/** Nobody takes base backups by schedule more often than this: a burst by hand has no rhythm. */
const SHORTEST_INTERVAL = 3_600_000;

/**
 * The median of the intervals between the last backups, in milliseconds; undefined where the longest one shows that they have no single
 * rhythm (Monday to Friday, hourly by day, two a day), or that one was missed before.
 */
function usualInterval({ walg_backups: backups }: StatusDocument): number | undefined {
  const times = (backups?.recent ?? []).slice(0, LAST_ONES).flatMap((recent) => completed(recent) ?? []);
  if (times.length < LEAST) return undefined;
  times.sort((a, b) => b - a);
  const intervals = times.slice(1).map((time, index) => (times[index] ?? time) - time);
  intervals.sort((a, b) => a - b);
  const middle = (intervals.length - 1) / 2;
  const median = ((intervals[Math.floor(middle)] ?? 0) + (intervals[Math.ceil(middle)] ?? 0)) / 2;
  const longest = intervals.at(-1) ?? 0;
  return median < SHORTEST_INTERVAL || longest > 1.5 * median ? undefined : median;
}
