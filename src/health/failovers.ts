import type { Failover } from '../document/schema.ts';
import { MEMBER_CLOCKS_MAY_DIFFER } from '../document/switches.ts';
import { formatDuration } from '../text/units.ts';
import { count, moment, pointInTime } from '../text/words.ts';
import type { Check } from './check.ts';
import { isSkipped, notKnown } from './facts.ts';

const DAY = 86_400_000;

/** How often did the leader change? */
export const failovers: Check = ({ document, thresholds, now }) => {
  if (document.failovers === undefined || isSkipped(document, 'patroni')) return undefined;
  const { failovers: switches } = document;
  if (switches === null) return notKnown(document, 'patroni', 'failovers');
  const most = thresholds.failoversMax;
  const [day, week] = [within(switches, now, DAY), within(switches, now, 7 * DAY)];
  const tooMany = most !== undefined && day.number > most;
  return {
    status: tooMany ? 'warning' : 'ok',
    reasons: [
      `the leader changed ${day.text} in 24 hours${tooMany ? ` (more than ${most})` : ''}, ${week.text} in 7 days${last(switches.at(-1), now)}`,
    ],
    value: day.number,
    unit: 'failovers',
    ...(most !== undefined && { warning: most }),
  };
};

/** The document has only the tail of the history: if all of it is within the span, there may have been more. */
function within(switches: readonly Failover[], now: number, span: number): { number: number; text: string } {
  const young = switches.filter((ended) => {
    const time = moment(ended.time) ?? -Infinity;
    return time >= now - span && !isInFuture(time, now);
  });
  const cut = young.length > 0 && young.length === switches.length && (switches[0]?.timeline ?? 1) > 1;
  return { number: young.length, text: `${cut ? 'at least ' : ''}${count(young.length, 'time')}` };
}

/** A time in the future is wrong: that failover is not counted. */
function isInFuture(time: number, now: number): boolean {
  return time > now + MEMBER_CLOCKS_MAY_DIFFER;
}

function last(ended: Failover | undefined, now: number): string {
  if (ended === undefined) return '';
  const who = ended.new_leader === null ? '' : ` and ${ended.new_leader} took over`;
  return `; last ${when(moment(ended.time), now)}, when timeline ${ended.timeline} ended${who}`;
}

function when(time: number | undefined, now: number): string {
  if (time === undefined) return 'at an unknown time';
  const away = formatDuration(Math.abs(now - time) / 1000);
  return isInFuture(time, now)
    ? `at ${pointInTime(time)}, which is ${away} in the future (not counted: check the clocks of both hosts)`
    : `at ${pointInTime(time)} (${now < time ? formatDuration(0) : away} ago)`;
}
