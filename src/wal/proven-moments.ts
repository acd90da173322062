import { CLOCKS_DIFFER, completedAt } from '../document/backups.ts';
import type { StatusDocument } from '../document/schema.ts';
import { moment } from '../text/words.ts';
import { descendsFrom } from './history.ts';
import { parseLsn } from './lsn.ts';
import type { Placed } from './own-backups.ts';
import type { Moment } from './own-positions.ts';

/**
 * Moments with the position that the WAL of this cluster had reached: whatever had been committed by then lies before it. The ends of
 * its backups, whether or not they can be restored, the switches of its history, and where its leader was seen. In the order of the
 * WAL; where clocks contradict each other, the earlier time counts.
 */
export function provenMoments(
  document: StatusDocument,
  { placed, positions }: { placed: readonly Placed[]; positions: readonly Moment[] },
): Moment[] {
  const now = document.current_timestamp * 1000;
  const backups = placed.flatMap(({ backup, finish, timeline, flaw }): Moment[] => {
    const time = completedAt(backup, now);
    const isOwn = flaw === undefined || (flaw.reason !== 'other_system' && flaw.reason !== 'other_timeline');
    if (time === undefined || finish === undefined || timeline === undefined || !isOwn) return [];
    return descendsFrom(document, timeline, finish) === false ? [] : [{ time: time / 1000, lsn: finish }];
  });
  const switches = (document.failovers ?? []).flatMap(({ time: told, lsn: position }): Moment[] => {
    const [time, lsn] = [moment(told), parseLsn(position)];
    return time === undefined || lsn === undefined || time > now + CLOCKS_DIFFER ? [] : [{ time: time / 1000, lsn }];
  });
  return inStep([...backups, ...switches, ...positions]);
}

function inStep(moments: readonly Moment[]): Moment[] {
  const sorted = moments.toSorted((a, b) => (a.lsn < b.lsn ? -1 : Number(a.lsn > b.lsn)));
  let earliest = Infinity;
  return sorted
    .toReversed()
    .map(({ time, lsn }) => {
      earliest = Math.min(earliest, time);
      return { time: earliest, lsn };
    })
    .reverse();
}
