import type { StatusDocument, Wal } from '../document/schema.ts';
import { verifiedBefore } from '../document/verified.ts';
import { formatBytes, formatDuration } from '../text/units.ts';
import type { Check, Remark, Situation } from './check.ts';
import { conclude, finding } from './check.ts';
import { isSkipped, notKnown } from './facts.ts';
import { clusterTimeline } from '../document/members.ts';
import { isStandbyCluster } from '../document/state.ts';
import { gapInStorage } from './storage-alone.ts';
import { counted, joined, readMissing, type MissingWal, type Range, type Ranges } from '../wal/missing.ts';
import { count, list, listQuoted, pointInTime } from '../text/words.ts';

/** Does the storage have all the WAL that a restore needs? */
export const walIntegrity: Check = (situation) => {
  const { document, now } = situation;
  if (isSkipped(document, 'walg_verify')) return undefined;
  const missing = readMissing(document, now);
  if (document.walg_integrity === null || missing === undefined) {
    const unknown = notKnown(document, 'walg_verify', 'WAL in the storage');
    const gap = gapInStorage(document);
    return gap === undefined ? unknown : { status: gap.status, reasons: [gap.text, ...unknown.reasons] };
  }
  if (!missing.anyFound && isStandbyCluster(document))
    return finding('ok', 'no WAL in the storage: a standby cluster archives only with archive_mode = always');
  const remarks = [
    ...lostRemarks(missing),
    ...doubtRemarks(missing, situation),
    ...leftOutRemarks(missing),
    ...backlogRemarks(missing, situation),
  ];
  if (remarks.length === 0) remarks.push(nothingMissing(document, missing.wal));
  const verified = verifiedBefore(document);
  if (verified !== undefined) remarks.push({ status: 'ok', text: asOf(verified, now) });
  const { backlog_not_known_since: notKnownSince } = missing.wal;
  if (notKnownSince !== undefined) return conclude([backlogNotKnown(notKnownSince), ...remarks]);
  const { warning, critical } = situation.thresholds.walDelayMax;
  return conclude(remarks, { value: missing.backlog.segments, unit: 'segments', warning, critical });
};

/** That an earlier run verified the WAL. */
export function asOf(verified: number, now: number): string {
  const seconds = Math.max(0, now / 1000 - verified);
  const age = seconds < 60 ? seconds : Math.round(seconds / 60) * 60;
  return `verified by WAL-G ${formatDuration(age)} ago, at ${pointInTime(verified * 1000)} (--verify-every)`;
}

function backlogNotKnown(since: number): Remark {
  return {
    status: 'unknown',
    text: `how far the archiver is behind is not known since ${pointInTime(since * 1000)}: between two verifications (--verify-every) wal-g st stat tells it, which needs WAL-G 3.0.9 or newer, a storage that answers, and the WALG_COMPRESSION_METHOD of the archiver`,
  };
}

function nothingMissing(document: StatusDocument, wal: Wal): Remark {
  const { status, details } = document.walg_integrity?.integrity ?? {};
  // what was not there yet has arrived since
  if (verifiedBefore(document) !== undefined && details?.some((row) => row.status !== 'FOUND') === true)
    return { status: 'ok', text: `no WAL is missing from ${wal.first_segment ?? ''} to ${wal.newest_found ?? ''}` };
  const { first_segment: first, last_segment: last, asked_again: asked = [] } = wal;
  if (asked.length > 0)
    return {
      status: 'ok',
      text: `no WAL is missing from ${first ?? ''} to ${last ?? ''}: WAL-G looked for some of it under another timeline, because two switches are in one segment (WAL-G issue 1390), and found it when asked for timeline${asked.length === 1 ? '' : 's'} ${list(asked.map(String))}`,
    };
  if (status === 'FAILURE' || status === 'WARNING')
    return {
      status: status === 'FAILURE' ? 'critical' : 'warning',
      text: `WAL-G reports ${status} for its integrity check, but does not list what is missing`,
    };
  if (status !== 'OK')
    return { status: 'unknown', text: `WAL-G reports the unknown status ${String(status)} for its integrity check` };
  if (first === null || last === null)
    return { status: 'ok', text: 'no WAL to check yet: no segment has been completed since the oldest backup' };
  return { status: 'ok', text: `no WAL is missing from ${first} to ${last}` };
}

/** Holes: the WAL after them was found, or they are on a timeline that has ended. */
function lostRemarks(missing: MissingWal): Remark[] {
  const { lost, settling, restorable, otherStorages, now } = missing;
  const { young, grave, old } = lost;
  const remarks: Remark[] = [];
  if (grave.ranges > 0)
    remarks.push(otherStorages.length > 0 ? elsewhere(grave, otherStorages) : graveRemark(grave, missing));
  if (young.ranges > 0 && settling !== undefined)
    remarks.push({
      status: 'warning',
      text: `WAL since the switch ${formatDuration(Math.max(0, now - settling.time) / 1000)} ago is missing: ${describe(young)}; ${
        young.newest.some(({ later_found: laterFound }) => laterFound)
          ? 'it may still arrive although later segments are there, because PostgreSQL may archive it only at its next checkpoint'
          : "it may still arrive, and WAL-G's view of the new timeline may lag behind"
      }${otherStorages.length > 0 ? `, or it may be in ${listQuoted(otherStorages)}, which wal-verify does not read` : ''}`,
    });
  if (old.ranges > 0)
    remarks.push(
      otherStorages.length > 0
        ? elsewhere(old, otherStorages)
        : {
            status: 'warning',
            text: `WAL from before the newest backup that can be restored (${restorable ?? ''}) is lost: ${describe(old)}; no point in time between the gap and the next backup can be restored`,
          },
    );
  return remarks;
}

/** A restore also reads the other storages. */
function elsewhere(ranges: Ranges, storages: readonly string[]): Remark {
  return {
    status: 'warning',
    text: `WAL is missing from the primary storage: ${describe(ranges)}; either it is in ${listQuoted(storages)}, which wal-verify does not read, or no point in time between the gap and the next backup can be restored`,
  };
}

function graveRemark(grave: Ranges, { restorableStart, restorable, listingFailed }: MissingWal): Remark {
  if (restorableStart !== undefined)
    return {
      status: 'critical',
      text: `WAL since the newest backup that can be restored (${restorable ?? ''}) is lost: ${describe(grave)}; take a new backup: until then no point in time after the gap can be restored${stillUploading(grave)}`,
    };
  // where the newest backup starts is not known
  if (listingFailed)
    return {
      status: 'unknown',
      text: `WAL is lost: ${describe(grave)}; it is not known whether a restore needs it, because walg_backups failed (see collection)`,
    };
  return {
    status: 'critical',
    text: `WAL is lost: ${describe(grave)}; no known backup can be restored without it`,
  };
}

/** WAL-G reports a hole among the last 16 segments as UPLOADING, though later segments are there (recorded: hole-near-head). */
function stillUploading({ newest, ranges }: Ranges): string {
  return newest.length === ranges && newest.every(({ status }) => status !== 'MISSING_LOST')
    ? ' (WAL-G reports it as UPLOADING, but later segments are there: unless a parallel upload completes it within minutes, it is lost)'
    : '';
}

/** Ranges that WAL-G looks for under a timeline to which they do not belong according to Patroni's history, as far as that is known. */
function doubtRemarks({ doubtful, settling, now }: MissingWal, { document }: Situation): Remark[] {
  if (doubtful.ranges === 0) return [];
  const cluster = clusterTimeline(document) ?? 0;
  const kinds = Map.groupBy(doubtful.newest, ({ timeline, belongs_to: belongs }) => {
    if (belongs === undefined) return 'history';
    if (timeline < belongs) return 'behind';
    return timeline >= cluster ? 'unread' : 'squeezed';
  });
  const behind =
    settling === undefined
      ? 'WAL-G asks a PostgreSQL that is behind (its pg_control is older than the promotion, or PGHOST and PGPORT name another PostgreSQL)'
      : `pg_control still has the timeline from before the switch ${formatDuration(Math.max(0, now - settling.time) / 1000)} ago`;
  return [
    ...doubt(kinds.get('behind'), behind),
    ...doubt(kinds.get('unread'), 'the .history files in the storage are missing or WAL-G cannot decrypt them'),
    ...doubt(
      kinds.get('squeezed'),
      'there were two switches within one segment (WAL-G issue 1390), or a .history file is missing',
    ),
    ...withoutHistory(kinds.get('history')),
    ...olderDoubts(doubtful),
  ];
}

function doubt(ranges: readonly Range[] | undefined, cause: string): Remark[] {
  if (ranges === undefined) return [];
  const eras = ranges.map(
    ({ belongs_to: belongs = 0, or_older: orOlder }) => `${belongs}${orOlder && belongs > 1 ? ' or older' : ''}`,
  );
  const timelines = [...new Set(eras)];
  return [
    {
      status: 'warning',
      text: `WAL-G reports ${describe(listed(ranges), false)} as missing, but according to Patroni's history they are of timeline${timelines.length === 1 ? '' : 's'} ${list(timelines)}: either ${cause}, and WAL-G looks for names that never existed, or they are lost; check with wal-g wal-show`,
    },
  ];
}

function withoutHistory(ranges: readonly Range[] | undefined): Remark[] {
  if (ranges === undefined) return [];
  return [
    {
      status: 'warning',
      text: `WAL-G reports ${describe(listed(ranges), false)} as missing, with nothing of that timeline before it, and Patroni's history is not known: either it is of an older timeline, and WAL-G looks for names that never existed, or it is lost; check with wal-g wal-show`,
    },
  ];
}

/** The newest ranges in doubt are named; the older ones are only counted. */
function olderDoubts({ newest, segments, ranges }: Ranges): Remark[] {
  const older = ranges - newest.length;
  if (older <= 0) return [];
  const text = `it is also in doubt whether ${count(older, 'older range')} of WAL (${count(segments - counted(newest).segments, 'segment')}) ${older === 1 ? 'is' : 'are'} missing`;
  return [{ status: 'warning', text }];
}

function listed(ranges: readonly Range[]): Ranges {
  const newest = joined(ranges);
  return { ...counted(newest), newest };
}

function leftOutRemarks({ leftOut }: MissingWal): Remark[] {
  if (leftOut === 0) return [];
  return [
    {
      status: 'warning',
      text: `${count(leftOut, 'older range')} of missing WAL ${leftOut === 1 ? 'was' : 'were'} left out to keep the document small`,
    },
  ];
}

/** What is missing at the very end, whatever its status in WAL-G: beyond 16 segments that is LOST, though they may still be in pg_wal. */
function backlogRemarks(missing: MissingWal, { thresholds }: Situation): Remark[] {
  const { backlog, settling, newestEnd, newestName, otherStorages, now } = missing;
  const { segments } = backlog;
  const [first] = backlog.newest;
  if (first === undefined) return [];
  const { warning, critical } = thresholds.walDelayMax;
  const told = howFarBehind(missing);
  if (segments <= warning && !(newestEnd !== undefined && first.first <= newestEnd))
    return [{ status: 'ok', text: told }];
  if (settling !== undefined && first.first >= settling.segment)
    return [
      {
        status: 'warning',
        text: `${told}; all of it was written since the switch ${formatDuration(Math.max(0, now - settling.time) / 1000)} ago and may still arrive`,
      },
    ];
  if (otherStorages.length > 0)
    return [
      {
        status: 'warning',
        text: `${told}; it may be in ${listQuoted(otherStorages)}, which wal-verify does not read`,
      },
    ];
  if (newestEnd !== undefined && first.first <= newestEnd)
    return [
      {
        status: 'critical',
        text: `${told}; the newest backup, ${newestName ?? ''}, cannot be restored without some of it`,
      },
    ];
  const [status, limit] = segments > critical ? (['critical', critical] as const) : (['warning', warning] as const);
  return [{ status, text: `${told}; that is more than ${limit} (--wal-delay-max); it may still be in pg_wal` }];
}

function howFarBehind({ backlog, anyFound, wal, newestArrivedAt }: MissingWal): string {
  const { segments } = backlog;
  const { segment_size: size, newest_found: newestFound } = wal;
  const length = `${count(segments, 'segment')} (${formatBytes(segments * size)})`;
  const names = describe(listed(backlog.newest));
  return anyFound
    ? `the archiver is ${length} behind, nothing has arrived${newestFound === null ? '' : ` since ${newestFound}${newestArrivedAt === undefined ? '' : ` (${newestArrivedAt})`}`}: missing ${names}`
    : `none of the ${length} that WAL-G looks for is in the storage: ${names}; either the archiver uploads nothing, or WAL-G reads another bucket, prefix or endpoint`;
}

/** The newest ranges first, because they matter most. */
function describe({ newest, segments, ranges }: Ranges, counts = true): string {
  const names = newest
    .slice(-MOST_NAMED)
    .reverse()
    .map(({ start_segment: start, end_segment: end, timeline, segments: number }) => {
      const from = start === end ? start : `${start} to ${end}`;
      return `${from} (timeline ${timeline}${counts ? `, ${count(number, 'segment')}` : ''})`;
    });
  if (ranges <= MOST_NAMED) return list(names);
  const amount = counts ? `${count(segments, 'segment')} in ${ranges} ranges, ` : '';
  return `${amount}${names.join(', ')} and ${ranges - names.length} more`;
}

const MOST_NAMED = 3;
