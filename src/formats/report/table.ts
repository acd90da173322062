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
  /** The column may be cut to this width if there is no room; undefined = never. */
  least?: number;
  /** Texts are cut in the middle, because their ends differ. */
  keepsEnd?: boolean;
}

const INDENT = '  ';
const GAP = '  ';
/** Notes are placed beside the table if they get this width; dispensable columns are dropped to give them WANTED_NOTES. */
const LEAST_NOTES = 16;
const WANTED_NOTES = 32;

/**
 * A table that fits the width: first dispensable columns are dropped, then the others are cut, the widest first. `notes`, one for each
 * row, are wrapped beside the table, or below the row if there is too little room or `placing` says so; `cut`: they are cut to the row.
 */
export function table(
  columns: readonly Column[],
  notes: readonly string[],
  room: number,
  paint: Paint,
  placing: 'beside' | 'below' | 'cut' = 'beside',
): string[] {
  const longest = Math.max(0, ...notes.map((note) => width(printable(note))));
  const wanted = placing === 'below' ? 0 : Math.min(WANTED_NOTES, longest);
  const shown = fitColumns(columns, room - INDENT.length, wanted === 0 ? 0 : wanted + GAP.length);
  const beside = room - INDENT.length - totalWidth(shown) - GAP.length;
  const fitsBeside = placing !== 'below' && beside >= Math.min(LEAST_NOTES, longest);
  const noteColumns = fitsBeside ? beside : room - INDENT.length * 2;
  const noteLines = (note: string) =>
    placing === 'cut' && fitsBeside ? [clip(printable(note), noteColumns)] : wrap(printable(note), noteColumns);
  const lines = [INDENT + shown.map(({ title, align, size }) => paint('faint', pad(title, size, align))).join(GAP)];
  for (const [row, note] of notes.entries()) {
    const cells = shown.map(({ cells, align, size, keepsEnd = false }) => {
      const { text, style } = cells[row] ?? { text: '' };
      const clipped = (keepsEnd ? clipMiddle : clip)(printable(text), size);
      const blank = pad('', size - width(clipped));
      return align === 'right' ? blank + paint(style, clipped) : paint(style, clipped) + blank;
    });
    const [first = '', ...more] = note === '' ? [] : noteLines(note);
    const line = INDENT + cells.join(GAP);
    if (fitsBeside) {
      const indent = ' '.repeat(room - beside);
      lines.push(`${line}${GAP}${first}`, ...more.map((text) => indent + text));
    } else {
      lines.push(line, ...[first, ...more].filter((text) => text !== '').map((text) => INDENT + INDENT + text));
    }
  }
  return lines.map((line) => line.trimEnd());
}

type Sized = Column & { size: number };

/** For `reserve` dispensable columns are dropped, but no column is cut. */
function fitColumns(columns: readonly Column[], room: number, reserve: number): Sized[] {
  let shown: Sized[] = columns
    .filter((column) => column.cells.some((cell) => cell.text !== ''))
    .map((column) => ({
      ...column,
      size: Math.max(width(column.title), ...column.cells.map((cell) => width(printable(cell.text)))),
    }));
  while (totalWidth(shown) > room - reserve) {
    const first = shown.reduce((most, { dispensable = 0 }) => Math.max(most, dispensable), 0);
    if (first === 0) break;
    shown = shown.filter(({ dispensable }) => dispensable !== first);
  }
  for (let excess = totalWidth(shown) - room; excess > 0; excess -= 1) {
    const widest = shown.reduce((most, column) => (slack(column) > slack(most) ? column : most));
    if (slack(widest) <= 0) break;
    widest.size -= 1;
  }
  return shown;
}

function slack({ size, least = size }: Sized): number {
  return size - least;
}

function totalWidth(columns: readonly Sized[]): number {
  return columns.reduce((sum, { size }) => sum + size, 0) + GAP.length * Math.max(0, columns.length - 1);
}
