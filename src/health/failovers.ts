import type { Failover } from '../document/schema.ts';
import { formatDuration } from '../text/units.ts';
import type { Check } from './check.ts';
import { isSkipped, notKnown } from './facts.ts';
import { count, moment, pointInTime } from '../text/words.ts';

const DAY = 86_400_000;

/** How often did the leader change? */
export const failovers: Check = ({ document, thresholds, now }) => {
  if (document.failovers === undefined || isSkipped(document, 'patroni')) return undefined;
  const { failovers: switches } = document;
  if (switches === null) return notKnown(document, 'patroni', 'failovers');
  const most = thresholds.failoversMax;
  const [day, week] = [within(switches, now - DAY), within(switches, now - 7 * DAY)];
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

/** Only the tail of the history is in the document: where all of it is that young, there may have been more. */
function within(switches: readonly Failover[], since: number): { number: number; text: string } {
  const young = switches.filter((ended) => (moment(ended.time) ?? -Infinity) >= since);
  const cut = young.length > 0 && young.length === switches.length && (switches[0]?.timeline ?? 1) > 1;
  return { number: young.length, text: `${cut ? 'at least ' : ''}${count(young.length, 'time')}` };
}

function last(ended: Failover | undefined, now: number): string {
  if (ended === undefined) return '';
  const time = moment(ended.time);
  const when =
    time === undefined
      ? 'at a time that is not known'
      : `at ${pointInTime(time)} (${formatDuration(Math.max(0, now - time) / 1000)} ago)`;
  const who = ended.new_leader === null ? '' : ` and ${ended.new_leader} took over`;
  return `; last ${when}, when timeline ${ended.timeline} ended${who}`;
}
