import type { StatusDocument } from '../../document/schema.ts';
import { countSegments, splitBacklog, type IntegrityRow } from '../../wal/rows.ts';
import { printable } from '../../text/printable.ts';
import { formatBytes } from '../../text/units.ts';
import { segmentSize } from '../../wal/segment-size.ts';
import { heading, plural, unknown, type Page } from './page.ts';
import { wrap } from './text.ts';
import { GLYPHS, locate, timelineStrips } from './timelines.ts';

/** The newest ones: they hurt most. */
const MOST_GAPS = 6;

/** The WAL in the storage: how much there is, each timeline drawn, and the names of what is missing. */
export function wal(page: Page): string[] {
  const { walg_integrity: result, walg_timeline: timeline } = page.document;
  if (result === null) return heading(page, 'WAL', unknown(page, 'walg_verify', 'WAL-G gave no verdict on it'));
  const { status, details, details_left_out: leftOut } = result.integrity;
  const verdicts = `WAL-G says integrity ${status}${timeline === null ? '' : `, timeline ${timeline.timeline.status}`}`;
  const rows = details ?? [];
  const located = locate(page.document, rows);
  if (located.length === 0) return heading(page, 'WAL', `${verdicts}; it names no segment`);
  const least = leftOut?.['FOUND'] === undefined ? '' : 'at least ';
  return [
    ...heading(page, 'WAL', `${least}${amountFound(page.document, rows)} · ${verdicts}`),
    ...timelineStrips(page, located),
    ...gaps(page, rows),
    ...noRoomFor(page, leftOut),
  ];
}

function amountFound({ walg_backups: backups }: StatusDocument, rows: readonly IntegrityRow[]): string {
  const found = countSegments(rows.filter((row) => row.status === 'FOUND'));
  const megabytes = segmentSize(backups?.recent ?? []);
  const bytes = megabytes === undefined ? '' : ` (${formatBytes(found * megabytes * 1024 * 1024)})`;
  return `${plural(found, 'segment')} found${bytes}`;
}

/** What is missing, by the names that it can be looked for with. */
function gaps(page: Page, rows: readonly IntegrityRow[]): string[] {
  const { history, backlog } = splitBacklog(rows);
  const missing = history.filter((row) => row.status !== 'FOUND');
  const ranges = [
    ...missing.map((row) => ({ row, ...GLYPHS.missing })),
    ...backlog.map((row) => ({ row, ...GLYPHS.waiting })),
  ].reverse();
  const more = ranges.slice(MOST_GAPS).map(({ row }) => row);
  return [
    ...ranges.slice(0, MOST_GAPS).flatMap(({ row, glyph, style, meaning }) => {
      const text = `${rangeName(row)}  ${row.segments_count} ${meaning} (${printable(row.status)})`;
      return wrap(text, page.columns - 4).map(
        (line, index) => `  ${index === 0 ? page.paint(style, glyph) : ' '} ${line}`,
      );
    }),
    ...(more.length === 0
      ? []
      : [`  … and ${plural(more.length, 'more range')} (${plural(countSegments(more), 'segment')})`]),
  ];
}

/** The first name in full, to be copied; of the last one what differs. */
function rangeName({ start_segment: start, end_segment: end, segments_count: count }: IntegrityRow): string {
  return printable(count === 1 ? start : `${start} – …${end.slice(-8)}`);
}

function noRoomFor({ columns }: Page, rows: Readonly<Record<string, number>> | undefined): string[] {
  if (rows === undefined) return [];
  const counts = Object.entries(rows).map(([status, count]) => `${count} ${status}`);
  const text = printable(`Rows that the document had no room for: ${counts.join(', ')}`);
  return wrap(text, columns - 2).map((line) => `  ${line}`);
}
