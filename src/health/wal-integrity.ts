import { formatBytes, formatDuration } from '../text/units.ts';
import { countSegments } from '../wal/rows.ts';
import type { Check, Remark, Situation } from './check.ts';
import { conclude } from './check.ts';
import { isSkipped, notKnown } from './facts.ts';
import { clusterTimeline } from '../document/members.ts';
import { joined, readMissing, type MissingWal, type Range } from '../wal/missing.ts';
import { count, list, some } from '../text/words.ts';

/** Is all the WAL in the storage that a restore needs? */
export const walIntegrity: Check = (situation) => {
  const { document } = situation;
  if (isSkipped(document, 'walg_verify')) return undefined;
  if (document.walg_integrity === null) return notKnown(document, 'walg_verify', 'WAL in the storage');
  const { status, details } = document.walg_integrity.integrity;
  const missing = readMissing(situation);
  const remarks = [
    ...lostRemarks(missing),
    ...doubtRemarks(missing, situation),
    ...leftOutRemarks(missing),
    ...backlogRemarks(missing, situation),
  ];
  if (remarks.length === 0) remarks.push(nothingMissing(status, details ?? []));
  const { warning, critical } = situation.thresholds.walDelayMax;
  const backlog = countRanges(missing.backlog);
  return conclude(remarks, {
    value: backlog,
    unit: 'segments',
    warning,
    critical,
  });
};

function nothingMissing(status: string, rows: Parameters<typeof countSegments>[0]): Remark {
  const [first, last] = [rows.at(0), rows.at(-1)];
  if (status === 'FAILURE' || status === 'WARNING')
    return {
      status: status === 'FAILURE' ? 'critical' : 'warning',
      text: `WAL-G calls the WAL in the storage a ${status} without saying what is missing`,
    };
  if (status !== 'OK')
    return { status: 'unknown', text: `WAL-G calls its integrity check ${status}, which is no status of it` };
  if (first === undefined || last === undefined)
    return { status: 'ok', text: 'no WAL to look for yet: no segment is complete since the oldest backup' };
  return { status: 'ok', text: `no WAL is missing from ${first.start_segment} to ${last.end_segment}` };
}

/** Holes: the WAL after them was found, or they lie on a timeline that has ended. */
function lostRemarks(missing: MissingWal): Remark[] {
  const { lost, settling, fullStart, fullName, now } = missing;
  const young = lost.filter(({ first }) => settling !== undefined && first >= settling.segment);
  const grave = lost.filter((range) => !young.includes(range) && (fullStart === undefined || range.last >= fullStart));
  const old = lost.filter((range) => !young.includes(range) && !grave.includes(range));
  const remarks: Remark[] = [];
  if (grave.length > 0) remarks.push(graveRemark(grave, missing));
  if (young.length > 0 && settling !== undefined)
    remarks.push({
      status: 'warning',
      text: `WAL since the switch ${formatDuration(Math.max(0, now - settling.time) / 1000)} ago is missing, ${describe(young)}: it may still arrive, and WAL-G's view of the new timeline may lag behind`,
    });
  if (old.length > 0)
    remarks.push({
      status: 'warning',
      text: `WAL is lost before the newest full backup ${fullName ?? ''}, ${describe(old)}: points in time from there to the next backup cannot be restored`,
    });
  return remarks;
}

function graveRemark(grave: readonly Range[], missing: MissingWal): Remark {
  const { fullStart, fullName, listingFailed } = missing;
  if (fullStart !== undefined)
    return {
      status: 'critical',
      text: `WAL is lost after the start of the newest full backup ${fullName ?? ''}, ${describe(grave)}: ${consequence(grave, missing)}${stillUploading(grave)}`,
    };
  // nobody saw where the newest full backup is
  if (listingFailed)
    return {
      status: 'unknown',
      text: `WAL is lost, ${describe(grave)}, and whether it is needed is not known: walg_backups failed (see collection)`,
    };
  return {
    status: 'critical',
    text: `WAL is lost, ${describe(grave)}: no full backup is known, so it is assumed that it is needed`,
  };
}

/** A delta backup that began after the hole holds all pages with its base: it needs no WAL from before. */
function consequence(grave: readonly Range[], { newestStart, newestName }: MissingWal): string {
  const last = Math.max(...grave.map((range) => range.last));
  return newestStart !== undefined && newestStart > last
    ? `from there to now nothing can be restored but from the delta backup ${newestName ?? ''} on`
    : 'from there to now nothing can be restored, until a new backup is taken';
}

/** Among the last 16 WAL-G calls a hole UPLOADING, though later segments are there (recorded: hole-near-head). */
function stillUploading(ranges: readonly Range[]): string {
  return ranges.every(({ status }) => status !== 'MISSING_LOST')
    ? ' (WAL-G says UPLOADING, but later segments are there: unless parallel uploads bring it within minutes, it is lost)'
    : '';
}

/** Rows that look for segments under a timeline that they do not belong to by Patroni's history. */
function doubtRemarks({ doubtful, settling, now }: MissingWal, { document }: Situation): Remark[] {
  if (doubtful.length === 0) return [];
  const cluster = clusterTimeline(document) ?? 0;
  const behind = doubtful.filter(({ timeline, belongs }) => timeline < (belongs ?? 0));
  const tooHigh = doubtful.filter((range) => !behind.includes(range));
  const remarks: Remark[] = [];
  if (behind.length > 0) {
    const cause =
      settling === undefined
        ? 'WAL-G asks a PostgreSQL that is behind (pg_control before its checkpoint, or another one by PGHOST and PGPORT)'
        : `pg_control still has the timeline before the switch ${formatDuration(Math.max(0, now - settling.time) / 1000)} ago`;
    remarks.push(doubt(behind, cause));
  }
  const [unread, squeezed] = [
    tooHigh.filter(({ timeline }) => timeline >= cluster),
    tooHigh.filter(({ timeline }) => timeline < cluster),
  ];
  if (unread.length > 0)
    remarks.push(doubt(unread, 'the .history files in the storage are missing or WAL-G cannot decrypt them'));
  if (squeezed.length > 0)
    remarks.push(
      doubt(squeezed, 'there were two switches within one segment (WAL-G issue 1390), or a .history file is missing'),
    );
  return remarks;
}

function doubt(ranges: readonly Range[], cause: string): Remark {
  const eras = ranges.map(({ belongs = 0, orOlder }) => `${belongs}${orOlder && belongs > 1 ? ' or older' : ''}`);
  const timelines = [...new Set(eras)];
  return {
    status: 'warning',
    text: `WAL-G reports ${describe(joined(ranges))} as missing, but by Patroni's history they are of timeline${timelines.length === 1 ? '' : 's'} ${list(timelines)}: either ${cause}, and it looks for names that never existed, or they really are lost; wal-g wal-show tells`,
  };
}

function leftOutRemarks({ leftOut }: MissingWal): Remark[] {
  if (leftOut === 0) return [];
  return [
    {
      status: 'warning',
      text: `${count(leftOut, 'older range')} of missing WAL left out of the document for its size`,
    },
  ];
}

/** What is missing at the very end, whatever WAL-G calls it: beyond 16 it says LOST, though it may still be in pg_wal. */
function backlogRemarks(missing: MissingWal, { thresholds }: Situation): Remark[] {
  const { backlog, settling, newestEnd, newestName, now } = missing;
  const [first] = backlog;
  if (first === undefined) return [];
  const segments = countRanges(backlog);
  const { warning, critical } = thresholds.walDelayMax;
  const told = howFarBehind(missing, segments);
  if (segments <= warning && !(newestEnd !== undefined && first.first <= newestEnd))
    return [{ status: 'ok', text: told }];
  if (settling !== undefined && first.first >= settling.segment)
    return [
      {
        status: 'warning',
        text: `${told}; all of it is of the time since the switch ${formatDuration(Math.max(0, now - settling.time) / 1000)} ago, and may still be on its way`,
      },
    ];
  if (newestEnd !== undefined && first.first <= newestEnd)
    return [
      {
        status: 'critical',
        text: `${told}; the newest backup ${newestName ?? ''} needs some of it, and cannot be restored without it`,
      },
    ];
  const [status, limit] = segments > critical ? (['critical', critical] as const) : (['warning', warning] as const);
  return [{ status, text: `${told}; that is more than ${limit}, though it may still be in pg_wal` }];
}

function howFarBehind({ backlog, anyFound, newestFound, size }: MissingWal, segments: number): string {
  const length = `${count(segments, 'segment')} (${formatBytes(segments * size * 1024 * 1024)})`;
  return anyFound
    ? `the archiver is ${length} behind, nothing has arrived${newestFound === undefined ? '' : ` since ${newestFound}`}: missing ${describe(backlog)}`
    : `none of the ${length} that WAL-G looks for is in the storage, ${describe(backlog)}: the archiver does not deliver, or WAL-G looks at another bucket, prefix or endpoint`;
}

function countRanges(ranges: readonly Range[]): number {
  return ranges.reduce((sum, { first, last }) => sum + last - first + 1, 0);
}

/** The newest ranges first: they hurt most. */
function describe(ranges: readonly Range[]): string {
  const newestFirst = [...ranges].reverse().map(({ start, end, timeline, first, last }) => {
    const names = start === end ? start : `${start} to ${end}`;
    return `${names} (timeline ${timeline}, ${count(last - first + 1, 'segment')})`;
  });
  const all = ranges.length > 3 ? `${count(countRanges(ranges), 'segment')} in ${ranges.length} ranges, ` : '';
  return `${all}${some(newestFirst)}`;
}
