import { epochSeconds } from '../../text/times.ts';
import { ago, entry, heading, moment, unknown, type Page } from './page.ts';

const MOST_SHOWN = 3;
const DAY = 86_400;
/** PostgreSQL's reason for every ordinary promotion, which is not worth showing. */
const USUAL_REASON = 'no recovery target specified';

export function failovers(page: Page): string[] {
  const { failovers: switches } = page.document;
  if (switches === undefined) return [];
  if (switches === null) return heading(page, 'Failovers', unknown(page, 'patroni', 'Patroni returned no history'));
  const recent = (seconds: number) =>
    switches.filter(({ time }) => (epochSeconds(time) ?? -Infinity) > page.now - seconds).length;
  if (switches.length === 0) return heading(page, 'Failovers', 'none in the history');
  return [
    ...heading(page, 'Failovers', `${recent(DAY)} in 24 h, ${recent(7 * DAY)} in 7 d, switchovers included`),
    ...switches
      .slice(-MOST_SHOWN)
      .reverse()
      .flatMap(({ timeline, lsn, time, new_leader: leader, reason }) =>
        entry(
          page,
          epochSeconds(time) === undefined ? '' : ago(page, time),
          [
            ...(time === null ? [] : [moment(time)]),
            `timeline ${timeline} ended at ${lsn}`,
            ...(leader === null ? [] : [`${leader} took over`]),
            ...(reason === '' || reason === USUAL_REASON ? [] : [reason]),
          ].join(', '),
          17,
        ),
      ),
  ];
}
