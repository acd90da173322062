import type { Tally, Wal, WalRange } from '../../document/schema.ts';
import { printable } from '../../text/printable.ts';
import { formatBytes } from '../../text/units.ts';
import { walOf } from '../../wal/read.ts';
import { heading, plural, unknown, type Page } from './page.ts';
import { wrap } from './text.ts';
import { GLYPHS, locate, timelineStrips } from './timelines.ts';

/** The newest ones, which matter most. */
const MOST_GAPS = 6;

/** The WAL in the storage: its amount, a drawing of each timeline, and the names of missing segments. */
export function wal(page: Page): string[] {
  const { walg_integrity: result, walg_timeline: timeline } = page.document;
  const read = walOf(page.document);
  if (read === null) return heading(page, 'WAL', unknown(page, 'walg_verify', 'WAL-G did not check it'));
  const verdicts =
    result === null
      ? "listed by wal-show, because WAL-G's check is not known"
      : `WAL-G says integrity ${result.integrity.status}${timeline === null ? '' : `, timeline ${timeline.timeline.status}`}`;
  const located = locate(read);
  if (located.length === 0) return heading(page, 'WAL', `${verdicts}; it names no segment`);
  const least = read.rows_left_out?.['FOUND'] === undefined || read.found.segments === 0 ? '' : 'at least ';
  return [
    ...heading(page, 'WAL', `${least}${amountFound(read)} · ${verdicts}`),
    ...timelineStrips(page, read, located),
    ...gaps(page, read),
    ...noRoomFor(page, read.rows_left_out),
  ];
}

function amountFound({ found, doubtful, segment_size: size, segment_size_from: from }: Wal): string {
  if (found.segments === 0 && doubtful.segments > 0) return `${plural(doubtful.segments, 'segment')} in doubt`;
  const bytes = from === 'default' ? '' : ` (${formatBytes(found.segments * size)})`;
  return `${plural(found.segments, 'segment')} found${bytes}`;
}

/** The ranges of missing segments, with the names to search for. */
function gaps(page: Page, { ranges, lost, waiting, doubtful }: Wal): string[] {
  const shown = ranges.filter(({ fate }) => fate !== 'found').slice(0, MOST_GAPS);
  const all = sum([lost, waiting, doubtful]);
  const more = all.ranges - shown.length;
  const segments = all.segments - shown.reduce((sum, range) => sum + range.segments, 0);
  return [
    ...shown.flatMap((range) => {
      const { glyph, style, meaning } = GLYPHS[range.fate];
      const text = `${rangeName(range)}  ${range.segments} ${meaning} (${printable(range.status)})`;
      return wrap(text, page.columns - 4).map(
        (line, index) => `  ${index === 0 ? page.paint(style, glyph) : ' '} ${line}`,
      );
    }),
    ...(more === 0 ? [] : [`  … and ${plural(more, 'more range')} (${plural(segments, 'segment')})`]),
  ];
}

function sum(tallies: readonly Tally[]): Tally {
  return tallies.reduce((all, { segments, ranges }) => ({
    segments: all.segments + segments,
    ranges: all.ranges + ranges,
  }));
}

/** The full name of the first segment, for copying, and the end of the last. */
function rangeName({ start_segment: start, end_segment: end, segments }: WalRange): string {
  return printable(segments === 1 ? start : `${start} – …${end.slice(-8)}`);
}

function noRoomFor({ columns }: Page, rows: Readonly<Record<string, number>> | undefined): string[] {
  if (rows === undefined) return [];
  const counts = Object.entries(rows).map(([status, count]) => `${count} ${status}`);
  const text = printable(`Rows that are not in the document: ${counts.join(', ')}`);
  return wrap(text, columns - 2).map((line) => `  ${line}`);
}
