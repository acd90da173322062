import { completedAt, newestBackup, type CompletionTimes, type NewestBackup } from '../document/backups.ts';
import type { StatusDocument, Unrestorable } from '../document/schema.ts';
import { formatDuration } from '../text/units.ts';
import { isStandbyCluster } from '../document/state.ts';
import { finding, type Check, type Finding, type Situation } from './check.ts';
import { isSkipped, notKnown } from './facts.ts';
import { listFlaws } from './flaws.ts';
import { moment, pointInTime } from '../text/words.ts';
import { recoveryOf } from '../wal/read.ts';

/** Is there a recent backup, and was none missed? */
export const backup: Check = (situation) => {
  const { document } = situation;
  if (isSkipped(document, 'walg_backups')) return undefined;
  if (document.walg_last_backup === null) return notKnown(document, 'walg_backups', 'backups');
  const found = judgeNewest(situation);
  if (found.status !== 'critical' || document.collectors?.walg_backups?.ok !== false) return found;
  // a storage that is down may hold a newer one
  return {
    ...found,
    status: 'unknown',
    reasons: [...found.reasons, 'the list of backups is incomplete (see collection), so there may be a newer one'],
  };
};

/** The newest backup that can be restored is judged; those that cannot be restored are named with the reason. */
function judgeNewest(situation: Situation): Finding {
  const { document } = situation;
  const newest = newestBackup(document);
  if (newest === undefined) return noBackup(document);
  const recovery = recoveryOf(document);
  const flawed = recovery?.not_restorable ?? [];
  if (recovery === null || flawed.length === 0) return judgeAge(newest, situation);
  const told = listFlaws(flawed, recovery.not_restorable_left_out);
  const counted = recovery.newest_backup;
  if (counted === null)
    return {
      status: 'critical',
      reasons: [
        `no backup can be restored: ${told}; ${flawed.every(isAwaited) ? 'wait until the archiver has uploaded it' : 'take a full backup'}`,
      ],
    };
  const isNewest = counted.backup_name === newest.backup_name;
  const judged = judgeAge(isNewest ? newest : counted, situation, isNewest ? '' : ' that can be restored');
  const [first] = flawed;
  const excused = isNewest || first === undefined || EXCUSED.includes(first.reason);
  return {
    ...judged,
    status: judged.status === 'ok' && !excused ? 'warning' : judged.status,
    reasons: [...judged.reasons, `cannot be restored: ${told}`],
  };
}

/**
 * Reasons that are no warning here: the last segment of every backup arrives some seconds after it; lost WAL is judged by wal_integrity,
 * and a backup of another cluster by backup_source.
 */
const EXCUSED: readonly Unrestorable['reason'][] = ['wal_not_archived', 'wal_lost', 'other_system'];

function isAwaited({ reason }: Unrestorable): boolean {
  return reason === 'wal_not_archived';
}

function noBackup(document: StatusDocument): Finding {
  if (isStandbyCluster(document))
    return finding('ok', 'no backup in the storage: a standby cluster is restored from the backups of its source');
  return { status: 'critical', reasons: [`there is no backup${whatElse(document)}`] };
}

function whatElse({ walg_timeline: result }: StatusDocument): string {
  const highest = result?.timeline.details.highest_storage_timeline_id;
  if (highest === undefined) return '; it is not known whether there is WAL';
  return highest === 0
    ? ' and no WAL: the storage is empty, usually because WAL-G reads another bucket, prefix or endpoint than the archiver writes to'
    : `, though WAL up to timeline ${highest} is archived: either none was taken, or all were deleted; take a full backup`;
}

/** @param which What qualifies the newest backup in the message; empty = it is the newest of all. */
function judgeAge(newest: NewestBackup, { document, thresholds, now }: Situation, which = ''): Finding {
  const claimed = completed(newest);
  if (claimed === undefined)
    return {
      status: 'unknown',
      reasons: [`the age of ${newest.backup_name} is not known: its time "${newest.time}" is not a date`],
    };
  const time = completedAt(newest, now);
  const future =
    time === claimed ? '' : `its own time, ${pointInTime(claimed)}, is in the future: check the clocks of both hosts`;
  if (time === undefined)
    return { status: 'unknown', reasons: [`the age of ${newest.backup_name} is not known: ${future}`] };
  const age = Math.max(0, now - time);
  const { warning, critical } = thresholds.backupMaxAge;
  const usual = thresholds.missedBackups === 'warn' ? usualInterval(document) : undefined;
  const told = `the newest backup${which}, ${newest.backup_name}, is ${formatDuration(age / 1000)} old (${pointInTime(time)}${time === claimed ? '' : `, when it was stored; ${future}`})`;
  const measured = {
    value: Math.round(age / 1000),
    unit: 'seconds',
    ...(warning !== undefined && { warning: warning / 1000 }),
    critical: critical / 1000,
  };
  if (age > critical)
    return {
      status: 'critical',
      reasons: [`${told}, more than ${formatDuration(critical / 1000)} (--backup-max-age)`],
      ...measured,
    };
  if (warning !== undefined && age > warning)
    return {
      status: 'warning',
      reasons: [`${told}, more than ${formatDuration(warning / 1000)} (--backup-max-age)`],
      ...measured,
    };
  if (usual !== undefined && age > 1.5 * usual)
    return {
      status: 'warning',
      reasons: [
        `${told}, but a backup is usually taken every ${formatDuration(usual / 1000)}: the last one was missed, failed or is still running (--missed-backups ignore turns this check off)`,
      ],
      ...measured,
    };
  return { status: 'ok', reasons: [told], ...measured };
}

/** When it was complete. The plain list has only the storage's time, which changes when objects are copied (WAL-G issue 694). */
function completed({ finish_time: finish, time }: CompletionTimes): number | undefined {
  return moment(finish) ?? moment(time);
}

/** Enough to show a schedule, and as many as the shortest document keeps. */
const LAST_ONES = 8;
const LEAST = 4;
/** Base backups are not scheduled more often than this: backups in quicker succession were started by hand. */
const SHORTEST_INTERVAL = 3_600_000;

/**
 * The median of the intervals between the last backups, in milliseconds; undefined if the longest interval shows that there is no single
 * interval (Monday to Friday, hourly by day, two a day), or that a backup was missed before.
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
