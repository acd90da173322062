import { printable } from '../../text/printable.ts';
import type { Paint, Style } from './paint.ts';
import { clip, clipMiddle, pad, width, wrap } from './text.ts';

export interface Cell {
  text: string;
  style?: Style | undefined;
}

export interface Column {
  title: string;
  align?: 'left' | 'right';
  cells: readonly Cell[];
  /** The column is dropped if there is no room, the highest number first. Columns without a number are kept. */
  dispensable?: number;
  /** The column may be cut to this width before another one is dropped; undefined = never. */
  enough?: number;
  /** The column may be cut to this width if there is no room; undefined = never. */
  least?: number;
  /** Texts are cut in the middle, because their ends differ. */
  keepsEnd?: boolean;
}

const INDENT = '  ';
/** Between columns; the narrower one is for a table with columns that have `enough`, before any is dropped. */
const GAPS = [2, 1] as const;
/** Notes are placed beside the table if they get this width; dispensable columns are dropped to give them WANTED_NOTES. */
const LEAST_NOTES = 16;
const WANTED_NOTES = 32;
/** Of a wide line, where they are cut. */
const WANTED_SHARE = 0.3;

/** A text that is wrapped, or one that is cut to a line. */
export type Note = string | { cut: string };

/**
 * A table that fits the width: first columns are cut to what is `enough` of them, then dispensable ones are dropped, then the others are cut,
 * the widest first. `notes`, one for each row, are placed beside the table, or below the row if there is too little room. `wide`: no column
 * is dropped for them, and of a row with nothing but its first columns the note takes the place of the others.
 */
export function table(
  columns: readonly Column[],
  notes: readonly Note[],
  room: number,
  paint: Paint,
  placing: 'beside' | 'wide' = 'beside',
): string[] {
  const isWide = placing === 'wide';
  const texts = notes.map((note) => printable(typeof note === 'string' ? note : note.cut));
  const longest = Math.max(0, ...texts.map(width));
  const wanted = Math.min(Math.max(WANTED_NOTES, isWide ? Math.floor(room * WANTED_SHARE) : 0), longest);
  const { shown, gap } = fitColumns(columns, room - INDENT.length, wanted, !isWide);
  const between = ' '.repeat(gap);
  const besideAt = INDENT.length + totalWidth(shown, gap) + gap;
  const fitsBeside = room - besideAt >= Math.min(isWide ? wanted : LEAST_NOTES, longest);
  const lines = [INDENT + shown.map(({ title, align, size }) => paint('faint', pad(title, size, align))).join(between)];
  for (const [row, text] of texts.entries()) {
    const cells = shown.map((column) => drawCell(column, row, paint));
    const filled = shown.findLastIndex(({ cells }) => (cells[row]?.text ?? '') !== '') + 1;
    const filledTo = INDENT.length + totalWidth(shown.slice(0, filled), gap) + gap;
    const takesPlace = isWide && filledTo + (fitsBeside ? LEAST_NOTES : width(text)) <= room;
    const at = takesPlace ? filledTo : fitsBeside ? besideAt : undefined;
    const line = INDENT + cells.slice(0, takesPlace ? filled : undefined).join(between);
    const most = room - (at ?? INDENT.length * 2);
    const [first = '', ...more] = typeof notes[row] === 'object' ? [clip(text, most)] : wrap(text, most);
    if (at !== undefined) lines.push(`${line}${between}${first}`, ...more.map((next) => ' '.repeat(at) + next));
    else lines.push(line, ...[first, ...more].filter((next) => next !== '').map((next) => INDENT + INDENT + next));
  }
  return lines.map((line) => line.trimEnd());
}

function drawCell({ cells, align, size, keepsEnd = false }: Sized, row: number, paint: Paint): string {
  const { text, style } = cells[row] ?? { text: '' };
  const clipped = (keepsEnd ? clipMiddle : clip)(text, size);
  const blank = pad('', size - width(clipped));
  return align === 'right' ? blank + paint(style, clipped) : paint(style, clipped) + blank;
}

/** With printable texts. */
type Sized = Column & { size: number };

/** For `notes` dispensable columns are dropped if `drops`, but no column is cut to less than enough of it. */
function fitColumns(
  columns: readonly Column[],
  room: number,
  notes: number,
  drops: boolean,
): { shown: Sized[]; gap: number } {
  const natural: Sized[] = columns
    .filter((column) => column.cells.some((cell) => cell.text !== ''))
    .map((column) => {
      const cells = column.cells.map((cell) => ({ ...cell, text: printable(cell.text) }));
      const size = cells.reduce((most, { text }) => Math.max(most, width(text)), width(column.title));
      return { ...column, cells, size };
    });
  const [usual, narrow] = GAPS;
  const beside = { gap: usual, most: room - notes - usual };
  const alone = { gap: usual, most: room };
  const preferred = notes === 0 ? [alone] : drops ? [beside] : [beside, alone];
  const last = {
    gap: natural.some(({ enough }) => enough !== undefined) ? narrow : usual,
    most: room,
  };
  const layout = preferred.find((one) => fits(natural, one)) ?? (notes > 0 && drops ? beside : last);
  let kept = natural;
  while (!fits(kept, layout)) {
    const first = kept.reduce((most, { dispensable = 0 }) => Math.max(most, dispensable), 0);
    if (first === 0) break;
    kept = kept.filter(({ dispensable }) => dispensable !== first);
  }
  const { gap } = layout;
  return { shown: cutTo(room, toEnough(kept, layout), gap, ({ least }) => least), gap };
}

interface Layout {
  gap: number;
  /** The room of the columns: all, or what the notes leave. */
  most: number;
}

function fits(columns: readonly Sized[], layout: Layout): boolean {
  return totalWidth(toEnough(columns, layout), layout.gap) <= layout.most;
}

function toEnough(columns: readonly Sized[], { gap, most }: Layout): Sized[] {
  return cutTo(most, columns, gap, ({ enough }) => enough);
}

/** Cuts the columns that may be cut, the widest first, to the room that they have, but not to less than `least` of them. */
function cutTo(
  room: number,
  columns: readonly Sized[],
  gap: number,
  least: (column: Sized) => number | undefined,
): Sized[] {
  const shown = columns.map((column) => ({ ...column }));
  const slack = (column: Sized) => column.size - (least(column) ?? column.size);
  for (let excess = totalWidth(shown, gap) - room; excess > 0; excess -= 1) {
    const widest = shown.reduce((most, column) => (slack(column) > slack(most) ? column : most), shown[0] ?? NO_COLUMN);
    if (slack(widest) <= 0) break;
    widest.size -= 1;
  }
  return shown;
}

const NO_COLUMN: Sized = { title: '', cells: [], size: 0 };

function totalWidth(columns: readonly Sized[], gap: number): number {
  return columns.reduce((sum, { size }) => sum + size, 0) + gap * Math.max(0, columns.length - 1);
}
