import { completedAt, newestBackup, type CompletionTimes } from '../../document/backups.ts';
import type { Backup, Backups } from '../../document/schema.ts';
import { formatBytes, formatDuration } from '../../text/units.ts';
import { restorable } from './windows.ts';
import { ago, clock, entry, heading, moment, plural, unknown, type Page } from './page.ts';
import { safeUpTo } from './safe.ts';
import { table } from './table.ts';

/** Enough to see the usual interval at a glance. */
const MOST_SHOWN = 6;
/** The width from which on the full name of a delta backup fits. */
const WIDE = 110;

export function backups(page: Page): string[] {
  const { walg_backups: summary, walg_last_backup: last } = page.document;
  if (last === null) return heading(page, 'Backups', unknown(page, 'walg_backups', 'WAL-G did not list them'));
  const newest = newestBackup(page.document);
  if (newest === undefined) return heading(page, 'Backups', 'none');
  if (summary) return known(page, summary);
  return [
    ...heading(page, 'Backups', 'only the newest is known'),
    ...entry(page, 'newest', `${newest.backup_name}, ${ago(page, completed(page, newest))} (${moment(newest.time)})`),
  ];
}

function known(page: Page, summary: Backups): string[] {
  const { columns, paint } = page;
  const shown = summary.recent.slice(0, MOST_SHOWN);
  const more = summary.count - shown.length;
  const wide = columns >= WIDE;
  return [
    ...heading(page, 'Backups', describe(summary)),
    ...table(
      [
        { title: 'BACKUP', cells: shown.map((backup) => ({ text: name(backup, wide) })), least: 10, keepsEnd: true },
        { title: 'TYPE', cells: shown.map((backup) => ({ text: kind(backup) })) },
        {
          title: 'COMPLETE (UTC)',
          cells: shown.map((backup) => ({
            text: clock(completed(page, backup) ?? backup.finish_time ?? backup.time).slice(
              0,
              'YYYY-MM-DD hh:mm'.length,
            ),
          })),
          dispensable: 3,
        },
        {
          title: 'AGE',
          align: 'right',
          cells: shown.map((backup) => ({ text: age(page, backup) })),
        },
        { title: 'TOOK', align: 'right', cells: shown.map((backup) => duration(backup)), dispensable: 2 },
        { title: 'STORED', align: 'right', cells: shown.map(({ compressed_size: size }) => bytes(size)) },
        {
          title: 'RESTORED',
          align: 'right',
          cells: shown.map(({ uncompressed_size: size }) => bytes(size)),
          dispensable: 1,
        },
      ],
      shown.map(({ storage_name: storage = 'default' }) => (storage === 'default' ? '' : `in ${storage}`)),
      columns,
      paint,
    ),
    ...(more > 0 && summary.oldest
      ? entry(
          page,
          'older',
          `${more}, back to ${summary.oldest.backup_name}, ${ago(page, completed(page, summary.oldest), 1)}`,
        )
      : []),
    ...restorable(page),
    ...safeUpTo(page),
  ];
}

/** The part after _D_ only names the base of the delta, so it is dropped first. */
function name({ backup_name: name }: Backup, wide: boolean): string {
  return wide ? name : name.replace(/_D_.+$/, '_D_…');
}

function kind({ is_delta: delta, is_permanent: permanent }: Backup): string {
  return `${delta ? 'delta' : 'full'}${permanent === true ? ' perm' : ''}`;
}

/** `?` if its times are in the future, because then none of them is known to be right. */
function age(page: Page, backup: CompletionTimes): string {
  const time = completed(page, backup);
  return time === undefined ? '?' : ago(page, time, 1).replace(/ ago$/, '');
}

/** Epoch seconds. */
function completed({ now }: Page, backup: CompletionTimes): number | undefined {
  const time = completedAt(backup, now * 1000);
  return time === undefined ? undefined : time / 1000;
}

function describe({ count, full, delta, permanent, storages, compressed_size: size }: Backups): string {
  const places = Object.keys(storages);
  const kinds = [
    ...(delta === 0 ? [] : [`${full} full`, `${delta} delta`]),
    ...(permanent === null || permanent === 0 ? [] : [`${permanent} permanent`]),
  ];
  return [
    `${count}${kinds.length === 0 ? '' : ` (${kinds.join(', ')})`}`,
    ...(size === null ? [] : [`${formatBytes(size)} stored`]),
    ...(places.length > 1 ? [`in ${plural(places.length, 'storage')}: ${places.join(', ')}`] : []),
  ].join(' · ');
}

function duration({ duration_seconds: seconds }: Backup) {
  return { text: seconds === null ? '' : formatDuration(seconds) };
}

function bytes(size: number | null) {
  return { text: size === null ? '' : formatBytes(size) };
}
