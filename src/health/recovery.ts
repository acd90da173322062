import type { Recovery, RecoveryGap, StatusDocument } from '../document/schema.ts';
import { formatDuration } from '../text/units.ts';
import { count, listQuoted, moment } from '../text/words.ts';
import { readMissing } from '../wal/missing.ts';
import { otherStorages, recoveryOf } from '../wal/read.ts';
import { conclude, finding, type Check, type Remark } from './check.ts';
import { isSkipped, notKnown } from './facts.ts';

/** Can every point in time of the wanted window be restored? Without --recovery-window there is nothing to judge; the report shows the windows. */
export const recovery: Check = ({ document, thresholds: { recoveryWindow: wanted }, now }) => {
  if (wanted === undefined || isSkipped(document, 'walg_backups') || isSkipped(document, 'walg_verify'))
    return undefined;
  const read = recoveryOf(document);
  if (read?.windows == null) {
    const failed = document.walg_last_backup === null ? 'walg_backups' : 'walg_verify';
    return notKnown(document, failed, 'points in time that can be restored');
  }
  const { windows } = read;
  const newest = windows.at(-1);
  if (newest === undefined) {
    return read.newest_backup === null
      ? finding('critical', 'no point in time can be restored (see backup)')
      : finding(
          'unknown',
          'points in time that can be restored not known: WAL-G did not check the WAL that the backups need',
        );
  }
  const since = now - wanted;
  const others = otherStorages(document);
  const remarks: Remark[] = [
    ...reachRemarks(read, since, wanted),
    { status: 'ok', text: describe(read) },
    ...read.gaps.map((gap, index): Remark => {
      const isInside = (moment(gap.to) ?? now) > since;
      // nothing after the last gap can be restored
      const isOpen = gap.to === null && index === read.gaps.length - 1;
      const status = !isInside ? 'ok' : isOpen && isFinal(document, now) ? 'critical' : 'warning';
      return { status, text: describeGap(gap, !isInside, others) };
    }),
  ];
  return conclude(remarks);
};

/** What is missing after the newest backup is lost: it is in no other storage, and too old to arrive after the last switch. */
function isFinal(document: StatusDocument, now: number): boolean {
  if (otherStorages(document).length > 0) return false;
  const missing = readMissing(document, now);
  return missing === undefined || missing.lost.young.ranges === 0 || missing.lost.grave.ranges > 0;
}

function describe({ windows }: Recovery): string {
  const [oldest, newest] = [windows?.[0], windows?.at(-1)];
  const number = windows?.length ?? 0;
  const times = `from ${oldest?.from ?? 'an unknown time'} ${newest?.to == null ? 'on' : `to ${newest.to}`}`;
  const further = newest?.open === true ? ', and later through the WAL archived since,' : '';
  return `${number === 1 ? 'every point in time' : `points in time in ${count(number, 'window')}`} ${times}${further} can be restored`;
}

function reachRemarks({ windows, windows_left_out: older }: Recovery, since: number, wanted: number): Remark[] {
  const first = moment(windows?.[0]?.from);
  if (first === undefined || first <= since || older !== undefined) return [];
  return [
    {
      status: 'warning',
      text: `the oldest point in time that can be restored is ${windows?.[0]?.from ?? ''}, less than ${formatDuration(wanted / 1000)} ago (--recovery-window): either older backups were deleted too early, or the cluster is younger`,
    },
  ];
}

function describeGap(
  { from, to, missing_segments: missing }: RecoveryGap,
  isBefore: boolean,
  others: readonly string[],
): string {
  const where = others.length === 0 ? 'missing' : `not in the primary storage, but may be in ${listQuoted(others)}`;
  const segments = `${count(missing, 'WAL segment')} ${missing === 1 ? 'is' : 'are'} ${where}`;
  const what =
    to === null
      ? `no point in time after the gap that follows ${from ?? 'the last window'} can be restored`
      : `no point in time in the gap between ${from ?? 'the previous window'} and ${to} can be restored`;
  return `${what} (${segments})${isBefore ? ', which is before the wanted window' : ''}`;
}
