import { completedAt } from '../document/backups.ts';
import { MEMBER_CLOCKS_MAY_DIFFER } from '../document/switches.ts';
import type { StatusDocument } from '../document/schema.ts';
import { moment } from '../text/words.ts';
import { parseLsn } from './lsn.ts';
import { isOwn, type Placed } from './own-backups.ts';
import type { Moment } from './own-positions.ts';
import { segmentBytes } from './rows.ts';

/**
 * Times with an LSN before which everything is that the cluster had committed by then: the beginnings and ends of its backups, whether or
 * not these can be restored, the switches of its history, and the saved LSNs of its leader. In the order of the WAL.
 * @param size of a segment, in MB
 */
export function provenMoments(
  document: StatusDocument,
  { placed, positions, size }: { placed: readonly Placed[]; positions: readonly Moment[]; size: number },
): Moment[] {
  const now = document.current_timestamp * 1000;
  const own = placed.filter((backup) => isOwn(backup) && backup.timeline !== undefined);
  const switches = (document.failovers ?? []).flatMap(({ time: told, lsn: position }): Moment[] => {
    const [time, lsn] = [moment(told), parseLsn(position)];
    return time === undefined || lsn === undefined || time > now + MEMBER_CLOCKS_MAY_DIFFER
      ? []
      : [{ time: time / 1000, lsn }];
  });
  const seen = inStep([...own.flatMap((backup) => beginning(backup, now)), ...switches, ...positions]);
  const ends = own.flatMap((backup) => ending(backup, now, segmentBytes(size)));
  return inOrder([...seen, ...uncontradicted(inOrder(ends), seen)]);
}

/** WAL-G reads the clock before PostgreSQL begins the backup. */
function beginning({ backup }: Placed, now: number): Moment[] {
  const [began, completed] = [moment(backup.start_time), completedAt(backup, now)];
  const lsn = backup.start_lsn == null ? undefined : parseLsn(backup.start_lsn);
  if (began === undefined || completed === undefined || lsn === undefined || began > completed) return [];
  return [{ time: began / 1000, lsn }];
}

/**
 * WAL-G reads the clock again when PostgreSQL has archived the backup's last segment. This is a second after the backup's end LSN, or
 * minutes while archive_command fails; what was committed in between is in the next segment (measured: 1.2 s and 10 min).
 */
function ending({ backup, end }: Placed, now: number, bytes: bigint): Moment[] {
  const completed = completedAt(backup, now);
  return end === undefined || completed === undefined
    ? []
    : [{ time: completed / 1000, lsn: BigInt(end + 2) * bytes - 1n }];
}

/**
 * Removes times at which the LSN of the cluster is known to have been higher. Both are in the order of the WAL, `seen` also in that of
 * time.
 */
function uncontradicted(ends: readonly Moment[], seen: readonly Moment[]): Moment[] {
  let next = 0;
  return ends.filter(({ time, lsn }) => {
    while ((seen[next]?.lsn ?? lsn + 1n) <= lsn) next += 1;
    return (seen[next]?.time ?? Infinity) >= time;
  });
}

function inOrder(moments: readonly Moment[]): Moment[] {
  return moments.toSorted((a, b) => (a.lsn < b.lsn ? -1 : Number(a.lsn > b.lsn)));
}

/** If clocks contradict each other, the earlier time counts. */
function inStep(moments: readonly Moment[]): Moment[] {
  let earliest = Infinity;
  return inOrder(moments)
    .toReversed()
    .map(({ time, lsn }) => {
      earliest = Math.min(earliest, time);
      return { time: earliest, lsn };
    })
    .reverse();
}
