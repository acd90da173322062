import type { StatusDocument } from '../../document/schema.ts';
import { countSegments, parseSegment, splitBacklog, type IntegrityRow } from '../../wal/rows.ts';
import { printable } from '../../text/printable.ts';
import { DEFAULT_SEGMENT_SIZE, segmentSize } from '../../wal/segment-size.ts';
import { plural, type Page } from './page.ts';
import type { Paint, Style } from './paint.ts';
import { cellOf, drawStrip, type Fate, type Scale, type Stretch } from './strip.ts';
import { wrap } from './text.ts';

/** Older ones are counted. */
const MOST_TIMELINES = 8;
const LEAST_STRIP = 16;

/** Told apart by their shapes, not by their colours: for pipes, for paper and for eyes that see no red. */
export const GLYPHS: Record<Fate, { glyph: string; style: Style; meaning: string }> = {
  found: { glyph: '━', style: 'ok', meaning: 'found' },
  missing: { glyph: 'X', style: 'critical', meaning: 'missing' },
  waiting: { glyph: '┄', style: 'title', meaning: 'not there yet' },
};

/** A row of WAL-G's with its place in the WAL. */
export interface Located extends Stretch {
  row: IntegrityRow;
}

export function locate(document: StatusDocument, rows: readonly IntegrityRow[]): Located[] {
  const { history } = splitBacklog(rows);
  return rows.flatMap((row, index) => {
    const from = segmentNumber(document, row.start_segment);
    const fate = row.status === 'FOUND' ? 'found' : index < history.length ? 'missing' : 'waiting';
    return from === undefined ? [] : [{ row, fate, from, to: from + Math.max(1, row.segments_count) - 1 }];
  });
}

function segmentNumber({ walg_backups: backups }: StatusDocument, name: string): number | undefined {
  return parseSegment(name, segmentSize(backups?.recent ?? []) ?? DEFAULT_SEGMENT_SIZE)?.number;
}

/** Each timeline as a strip, all on one scale, with what there is of it beside; below, the backups and what the scale spans. */
export function timelineStrips(page: Page, located: readonly Located[]): string[] {
  const numbers = [...new Set(located.map(({ row }) => row.timeline_id))].sort((a, b) => a - b);
  const timelines = numbers.slice(-MOST_TIMELINES).map((timeline) => {
    const stretches = located.filter(({ row }) => row.timeline_id === timeline);
    return { label: `  TL ${timeline}`, stretches, amount: amount(stretches) };
  });
  const labelWidth = Math.max(...timelines.map(({ label }) => label.length)) + 2;
  const amountWidth = Math.max(...timelines.map((timeline) => timeline.amount.length)) + 2;
  const room = page.columns - labelWidth;
  const beside = room - amountWidth >= LEAST_STRIP;
  const visible = timelines.flatMap(({ stretches }) => stretches);
  const scale = {
    first: Math.min(...visible.map(({ from }) => from)),
    last: Math.max(...visible.map(({ to }) => to)),
    cells: beside ? room - amountWidth : LEAST_STRIP,
  };
  const indent = ' '.repeat(labelWidth);
  const marks = backupMarks(page.document, scale);
  return [
    ...older(located, numbers.slice(0, -MOST_TIMELINES)),
    ...timelines.flatMap(({ label, stretches, amount }) => {
      const line = label.padEnd(labelWidth) + paintStrip(drawStrip(stretches, scale), page.paint);
      return beside ? [`${line}  ${amount}`] : [line.trimEnd(), indent + amount];
    }),
    ...(marks === '' ? [] : [indent + marks]),
    ...wrap(ends(visible, scale), room).map((line) => indent + line),
    ...wrap(legend(visible, marks), room).map((line) => indent + page.paint('faint', line)),
  ];
}

function amount(stretches: readonly Located[]): string {
  const [found, missing, waiting] = [
    count(stretches, 'found'),
    count(stretches, 'missing'),
    count(stretches, 'waiting'),
  ];
  return `${found}${missing > 0 ? `, ${missing} missing` : ''}${waiting > 0 ? `, ${waiting} to come` : ''}`;
}

function count(stretches: readonly Located[], fate: Fate): number {
  return countSegments(stretches.filter((stretch) => stretch.fate === fate).map(({ row }) => row));
}

function older(located: readonly Located[], timelines: readonly number[]): string[] {
  if (timelines.length === 0) return [];
  const missing = count(
    located.filter(({ row }) => timelines.includes(row.timeline_id)),
    'missing',
  );
  return [`  … ${plural(timelines.length, 'older timeline')}${missing > 0 ? `, ${missing} missing there` : ''}`];
}

/** Runs of equal cells, each painted once. */
function paintStrip(strip: readonly (Fate | undefined)[], paint: Paint): string {
  let painted = '';
  for (let start = 0; start < strip.length;) {
    const fate = strip[start];
    let end = start;
    while (end < strip.length && strip[end] === fate) end += 1;
    const { glyph, style } = fate === undefined ? { glyph: ' ', style: undefined } : GLYPHS[fate];
    painted += paint(style, glyph.repeat(end - start));
    start = end;
  }
  return painted;
}

/** Where each backup begins; a full one is worth more than a delta in the same cell. */
function backupMarks(document: StatusDocument, scale: Scale): string {
  const marks = Array.from({ length: scale.cells }, () => ' ');
  for (const { wal_file_name: name, is_delta: delta } of document.walg_backups?.recent ?? []) {
    const segment = segmentNumber(document, name);
    if (segment === undefined || segment < scale.first || segment > scale.last) continue;
    const cell = cellOf(segment, scale);
    if (marks[cell] !== 'F') marks[cell] = delta ? 'd' : 'F';
  }
  return marks.join('').trimEnd();
}

/** The names of the first and the last segment, below the ends of the strip where they fit. */
function ends(stretches: readonly Located[], { first, last, cells }: Scale): string {
  const from = printable(stretches.find((stretch) => stretch.from === first)?.row.start_segment ?? '');
  const to = printable(stretches.findLast((stretch) => stretch.to === last)?.row.end_segment ?? '');
  const blank = cells - from.length - to.length;
  return blank >= 1 ? `${from}${' '.repeat(blank)}${to}` : `${from} – ${to}`;
}

function legend(stretches: readonly Located[], marks: string): string {
  const fates = (['found', 'missing', 'waiting'] as const).filter((fate) =>
    stretches.some((stretch) => stretch.fate === fate),
  );
  return [
    ...fates.map((fate) => `${GLYPHS[fate].glyph} ${GLYPHS[fate].meaning}`),
    ...(marks.includes('F') ? ['F full backup'] : []),
    ...(marks.includes('d') ? ['d delta backup'] : []),
  ].join('   ');
}
