import type { Fate, StatusDocument, Wal, WalRange } from '../../document/schema.ts';
import { FATES } from '../../document/fates.ts';
import { parseSegment } from '../../wal/rows.ts';
import { printable } from '../../text/printable.ts';
import { plural, type Page } from './page.ts';
import type { Paint, Style } from './paint.ts';
import { cellOf, drawStrip, type Scale, type Stretch } from './strip.ts';
import { wrap } from './text.ts';

/** Older timelines are only counted. */
const MOST_TIMELINES = 8;
const LEAST_STRIP = 16;

/** The shapes differ, not only the colours: for pipes, paper and colour-blind readers. */
export const GLYPHS: Record<Fate, { glyph: string; style: Style; meaning: string }> = {
  found: { glyph: '━', style: 'ok', meaning: 'found' },
  lost: { glyph: 'X', style: 'critical', meaning: 'missing' },
  waiting: { glyph: '┄', style: 'title', meaning: 'to come' },
  doubtful: { glyph: '?', style: 'warning', meaning: 'in doubt' },
};

/** A range with its place in the WAL. */
export interface Located extends Stretch {
  range: WalRange;
}

/** Oldest first. */
export function locate({ ranges, segment_size: size }: Wal): Located[] {
  return ranges.toReversed().flatMap((range) => {
    const from = segmentNumber(range.start_segment, size);
    if (from === undefined) return [];
    return [{ range, fate: range.fate, from, to: from + Math.max(1, range.segments) - 1 }];
  });
}

function segmentNumber(name: string, bytes: number): number | undefined {
  return parseSegment(name, bytes / 1024 / 1024)?.number;
}

/** A strip for each timeline on one scale, with its amount of WAL beside it; below, the backups, the ends of the scale and a legend. */
export function timelineStrips(page: Page, wal: Wal, located: readonly Located[]): string[] {
  const sorted = wal.timelines.toSorted((a, b) => a.timeline - b.timeline);
  const ofTimeline = Map.groupBy(located, ({ range }) => range.timeline);
  const timelines = sorted.slice(-MOST_TIMELINES).map((timeline) => ({
    label: `  TL ${timeline.timeline}`,
    stretches: ofTimeline.get(timeline.timeline) ?? [],
    amount: amount(timeline),
  }));
  const labelWidth = Math.max(0, ...timelines.map(({ label }) => label.length)) + 2;
  const amountWidth = Math.max(0, ...timelines.map((timeline) => timeline.amount.length)) + 2;
  const room = page.columns - labelWidth;
  const beside = room - amountWidth >= LEAST_STRIP;
  const visible = timelines.flatMap(({ stretches }) => stretches);
  const scale = {
    first: visible.reduce((lowest, { from }) => Math.min(lowest, from), Infinity),
    last: visible.reduce((highest, { to }) => Math.max(highest, to), 0),
    cells: beside ? room - amountWidth : LEAST_STRIP,
  };
  const indent = ' '.repeat(labelWidth);
  const marks = backupMarks(page.document, wal.segment_size, scale);
  return [
    ...older(wal, sorted.slice(0, -MOST_TIMELINES)),
    ...timelines.flatMap(({ label, stretches, amount }) => {
      const line = label.padEnd(labelWidth) + paintStrip(drawStrip(stretches, scale), page.paint);
      return beside ? [`${line}  ${amount}`] : [line.trimEnd(), indent + amount];
    }),
    ...(marks === '' ? [] : [indent + marks]),
    ...wrap(ends(visible, scale), room).map((line) => indent + line),
    ...wrap(legend(visible, marks), room).map((line) => indent + page.paint('faint', line)),
  ];
}

function amount({ found, lost, waiting, doubtful }: Wal['timelines'][number]): string {
  return [
    ...(found.segments === 0 && doubtful.segments > 0 ? [] : [String(found.segments)]),
    ...(lost.segments > 0 ? [`${lost.segments} missing`] : []),
    ...(waiting.segments > 0 ? [`${waiting.segments} to come`] : []),
    ...(doubtful.segments > 0 ? [`${doubtful.segments} in doubt`] : []),
  ].join(', ');
}

function older({ timelines_left_out: leftOut = 0 }: Wal, timelines: Wal['timelines']): string[] {
  const number = timelines.length + leftOut;
  if (number === 0) return [];
  const missing = timelines.reduce((sum, { lost }) => sum + lost.segments, 0);
  return [`  … ${plural(number, 'older timeline')}${missing > 0 ? `, ${missing} missing there` : ''}`];
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

/** Marks where each backup begins; in the same cell a full one takes precedence over a delta. */
function backupMarks(document: StatusDocument, size: number, scale: Scale): string {
  const marks = Array.from({ length: scale.cells }, () => ' ');
  for (const { wal_file_name: name, is_delta: delta } of document.walg_backups?.recent ?? []) {
    const segment = segmentNumber(name, size);
    if (segment === undefined || segment < scale.first || segment > scale.last) continue;
    const cell = cellOf(segment, scale);
    if (marks[cell] !== 'F') marks[cell] = delta ? 'd' : 'F';
  }
  return marks.join('').trimEnd();
}

/** The names of the first and last segment, below the ends of the strip if they fit. */
function ends(stretches: readonly Located[], { first, last, cells }: Scale): string {
  const from = printable(stretches.find((stretch) => stretch.from === first)?.range.start_segment ?? '');
  const to = printable(stretches.findLast((stretch) => stretch.to === last)?.range.end_segment ?? '');
  const blank = cells - from.length - to.length;
  return blank >= 1 ? `${from}${' '.repeat(blank)}${to}` : `${from} – ${to}`;
}

function legend(stretches: readonly Located[], marks: string): string {
  const fates = FATES.filter((fate) => stretches.some((stretch) => stretch.fate === fate));
  return [
    ...fates.map((fate) => `${GLYPHS[fate].glyph} ${GLYPHS[fate].meaning}`),
    ...(marks.includes('F') ? ['F full backup'] : []),
    ...(marks.includes('d') ? ['d delta backup'] : []),
  ].join('   ');
}
