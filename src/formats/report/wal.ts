import type { StatusDocument } from '../../document/schema.ts';
import { countSegments, parseSegment, splitBacklog, type IntegrityRow } from '../../document/wal.ts';
import { formatBytes } from '../../system/units.ts';
import { DEFAULT_SEGMENT_SIZE, segmentSize } from '../../walg/segments.ts';
import { heading, plural, unknown, type Page } from './page.ts';
import type { Paint, Style } from './paint.ts';
import { cellOf, drawStrip, type Fate, type Scale, type Stretch } from './strip.ts';
import { wrap } from './text.ts';

const MOST_TIMELINES = 8;
const MOST_GAPS = 6;
const LEAST_STRIP = 16;

/** Told apart by their shapes, not by their colours: for pipes, for paper and for eyes that see no red. */
const GLYPHS: Record<Fate, { glyph: string; style: Style | undefined; meaning: string }> = {
  found: { glyph: '━', style: 'ok', meaning: 'found' },
  missing: { glyph: 'X', style: 'critical', meaning: 'missing' },
  waiting: { glyph: '┄', style: 'title', meaning: 'not there yet' },
};

/** The WAL in the storage, each timeline as a strip on one common scale, with the backups below. */
export function wal(page: Page): string[] {
  const { walg_integrity: result, walg_timeline: timeline } = page.document;
  if (result === null) return heading(page, 'WAL', unknown(page, 'walg_verify', 'WAL-G gave no verdict on it'));
  const verdicts = [
    `WAL-G says integrity ${result.integrity.status}`,
    ...(timeline === null ? [] : [`timeline ${timeline.timeline.status}`]),
  ].join(', ');
  const rows = result.integrity.details ?? [];
  const stretches = locate(rows, page.document);
  if (stretches.length === 0) return heading(page, 'WAL', `${verdicts}; it names no segment`);
  const size = segmentSize(page.document.walg_backups?.recent ?? []);
  const found = countSegments(rows.filter((row) => row.status === 'FOUND'));
  const amount = size === undefined ? '' : ` (${formatBytes(found * size * 1024 * 1024)})`;
  return [
    ...heading(page, 'WAL', `${plural(found, 'segment')} found${amount} · ${verdicts}`),
    ...strips(page, stretches),
    ...gaps(page, rows),
    ...leftOut(page, result.integrity.details_left_out),
  ];
}

interface Located extends Stretch {
  row: IntegrityRow;
}

function locate(rows: readonly IntegrityRow[], { walg_backups: backups }: StatusDocument): Located[] {
  const size = segmentSize(backups?.recent ?? []) ?? DEFAULT_SEGMENT_SIZE;
  const { history } = splitBacklog(rows);
  return rows.flatMap((row, index) => {
    const from = parseSegment(row.start_segment, size)?.number;
    const fate: Fate = row.status === 'FOUND' ? 'found' : index < history.length ? 'missing' : 'waiting';
    return from === undefined ? [] : [{ row, from, to: from + Math.max(1, row.segments_count) - 1, fate }];
  });
}

function strips(page: Page, stretches: readonly Located[]): string[] {
  const timelines = [...new Set(stretches.map(({ row }) => row.timeline_id))].sort((a, b) => a - b);
  const shown = timelines.slice(-MOST_TIMELINES);
  const visible = stretches.filter(({ row }) => shown.includes(row.timeline_id));
  const counts = new Map(
    shown.map((timeline) => [timeline, amounts(visible.filter(({ row }) => row.timeline_id === timeline))]),
  );
  const labelWidth = String(shown.at(-1) ?? '').length + 'TL '.length;
  const countWidth = Math.max(...[...counts.values()].map((count) => count.length));
  const beside = page.columns - labelWidth - countWidth - 6;
  const cells = Math.max(LEAST_STRIP, beside);
  const scale = {
    first: Math.min(...visible.map(({ from }) => from)),
    last: Math.max(...visible.map(({ to }) => to)),
    cells,
  };
  const indent = ' '.repeat(labelWidth + 4);
  const lines = shown.flatMap((timeline) => {
    const own = visible.filter(({ row }) => row.timeline_id === timeline);
    const strip = paintStrip(drawStrip(own, scale), page.paint);
    const label = `  ${`TL ${timeline}`.padEnd(labelWidth)}  ${strip}`;
    const count = counts.get(timeline) ?? '';
    return beside >= LEAST_STRIP ? [`${label}  ${count}`] : [label.trimEnd(), `${indent}${count}`];
  });
  const older = timelines.length - shown.length;
  const marks = backupMarks(page.document, scale);
  const fates = new Set(visible.map(({ fate }) => fate));
  return [
    ...(older > 0 ? [`  … ${plural(older, 'older timeline')}`] : []),
    ...lines,
    ...(marks.trim() === '' ? [] : [(indent + marks).trimEnd()]),
    ...ends(visible, scale, page.columns - indent.length).map((line) => indent + line),
    ...wrap(legend(fates, marks), page.columns - indent.length).map((line) => indent + page.paint('faint', line)),
  ];
}

function amounts(stretches: readonly Located[]): string {
  const sum = (fate: Fate) => countSegments(stretches.filter((stretch) => stretch.fate === fate).map(({ row }) => row));
  const [found, missing, waiting] = [sum('found'), sum('missing'), sum('waiting')];
  return [
    `${found}`,
    ...(missing > 0 ? [`${missing} missing`] : []),
    ...(waiting > 0 ? [`${waiting} to come`] : []),
  ].join(', ');
}

/** Runs of equal cells, each painted once. */
function paintStrip(strip: readonly (Fate | undefined)[], paint: Paint): string {
  let painted = '';
  for (let start = 0; start < strip.length;) {
    const fate = strip[start];
    let end = start;
    while (end < strip.length && strip[end] === fate) end += 1;
    painted +=
      fate === undefined ? ' '.repeat(end - start) : paint(GLYPHS[fate].style, GLYPHS[fate].glyph.repeat(end - start));
    start = end;
  }
  return painted;
}

/** Where each backup begins; a full one is worth more than a delta in the same cell. */
function backupMarks({ walg_backups: backups }: StatusDocument, scale: Scale): string {
  const size = segmentSize(backups?.recent ?? []) ?? DEFAULT_SEGMENT_SIZE;
  const marks = Array.from({ length: scale.cells }, () => ' ');
  for (const { wal_file_name: name, is_delta: delta } of backups?.recent ?? []) {
    const segment = parseSegment(name, size)?.number;
    if (segment === undefined || segment < scale.first || segment > scale.last) continue;
    const cell = cellOf(segment, scale);
    if (marks[cell] !== 'F') marks[cell] = delta ? 'd' : 'F';
  }
  return marks.join('');
}

/** The names of the first and the last segment, as far as there is room. */
function ends(stretches: readonly Located[], { first, last, cells }: Scale, room: number): string[] {
  const from = stretches.find((stretch) => stretch.from === first)?.row.start_segment ?? '';
  const to = stretches.findLast((stretch) => stretch.to === last)?.row.end_segment ?? '';
  const blank = cells - from.length - to.length;
  return wrap(blank >= 1 ? `${from}${' '.repeat(blank)}${to}` : `${from} – ${to}`, room);
}

function legend(fates: ReadonlySet<Fate>, marks: string): string {
  const shown = (['found', 'missing', 'waiting'] as const).filter((fate) => fates.has(fate));
  return [
    ...shown.map((fate) => `${GLYPHS[fate].glyph} ${GLYPHS[fate].meaning}`),
    ...(marks.includes('F') ? ['F full backup'] : []),
    ...(marks.includes('d') ? ['d delta backup'] : []),
  ].join('   ');
}

/** What is missing, by the names that it can be looked for with, newest first. */
function gaps(page: Page, rows: readonly IntegrityRow[]): string[] {
  const { history, backlog } = splitBacklog(rows);
  const missing = [
    ...history
      .filter((row) => row.status !== 'FOUND')
      .map((row) => ({ row, word: 'missing', mark: page.paint('critical', GLYPHS.missing.glyph) })),
    ...backlog.map((row) => ({ row, word: 'not there yet', mark: page.paint('title', GLYPHS.waiting.glyph) })),
  ].reverse();
  const more = missing.slice(MOST_GAPS).map(({ row }) => row);
  return [
    ...missing.slice(0, MOST_GAPS).flatMap(({ row, word, mark }) => {
      const range =
        row.segments_count === 1 ? row.start_segment : `${row.start_segment} – …${row.end_segment.slice(-8)}`;
      const text = `${range}  ${row.segments_count} ${word} (${row.status})`;
      return wrap(text, page.columns - 4).map((line, index) => `  ${index === 0 ? mark : ' '} ${line}`);
    }),
    ...(more.length > 0
      ? [`  … and ${plural(more.length, 'more range')} (${plural(countSegments(more), 'segment')})`]
      : []),
  ];
}

function leftOut({ columns }: Page, rows: Readonly<Record<string, number>> | undefined): string[] {
  if (rows === undefined) return [];
  const counts = Object.entries(rows).map(([status, count]) => `${count} ${status}`);
  return wrap(`Rows that the document had no room for: ${counts.join(', ')}`, columns - 2).map((line) => `  ${line}`);
}
