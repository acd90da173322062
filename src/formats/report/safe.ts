import { moment } from '../../text/words.ts';
import { formatBytes } from '../../text/units.ts';
import { recoveryOf } from '../../wal/read.ts';
import { ago, clock, entry, type Page } from './page.ts';

/** What would be lost if every database host were lost now: everything committed after this time, as far as is proven. */
export function safeUpTo(page: Page): string[] {
  const recovery = recoveryOf(page.document);
  if (recovery?.windows == null) return [];
  const { safe_up_to: safe, not_archived_bytes: bytes, newest_wal_arrived_at: arrived } = recovery;
  const open =
    recovery.from_storage_alone === true
      ? 'what was written after the newest segment in the storage is not known'
      : bytes === null
        ? "the leader's position is not known"
        : bytes === 0
          ? recovery.gaps.length === 0
            ? 'all WAL is in the archive'
            : 'no WAL is waiting to be archived'
          : `${formatBytes(bytes)} of WAL is not archived`;
  return entry(
    page,
    'safe up to',
    [
      safe === null ? 'no moment is proven' : `${shortClock(page, safe)}, ${ago(page, seconds(safe))}`,
      open,
      ...(arrived == null ? [] : [`the newest segment arrived at ${shortClock(page, arrived)}`]),
    ].join('; '),
  );
}

function seconds(time: string): number {
  return (moment(time) ?? Number.NaN) / 1000;
}

/** The date is omitted if it is today. */
function shortClock({ now }: Page, time: string): string {
  const [day = '', clockTime = ''] = clock(seconds(time)).split(' ');
  return clock(now).startsWith(day) ? `${clockTime} UTC` : `${day} ${clockTime} UTC`;
}
