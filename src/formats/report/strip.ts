import type { Fate } from '../../document/schema.ts';

export interface Stretch {
  /** Numbers of its first and last segment. */
  from: number;
  to: number;
  fate: Fate;
}

export interface Scale {
  first: number;
  last: number;
  cells: number;
}

/** Where two fates meet in one cell the worse one shows: a gap of one segment in a million still has its cell. */
const WORST_FIRST: readonly Fate[] = ['lost', 'doubtful', 'waiting', 'found'];

/** The cells of one timeline, proportional to the scale that all timelines share; undefined where it has no WAL. */
export function drawStrip(stretches: readonly Stretch[], scale: Scale): (Fate | undefined)[] {
  const strip: (Fate | undefined)[] = Array.from({ length: scale.cells }, () => undefined);
  for (const fate of [...WORST_FIRST].reverse())
    for (const stretch of stretches.filter((stretch) => stretch.fate === fate))
      strip.fill(fate, cellOf(stretch.from, scale), lastCellOf(stretch.to, scale) + 1);
  return strip;
}

/** The cell in which a segment begins. */
export function cellOf(segment: number, scale: Scale): number {
  return within(Math.floor(position(segment, scale)), scale);
}

/** The cell in which it ends: where segments are few, each takes several. */
function lastCellOf(segment: number, scale: Scale): number {
  return within(Math.ceil(position(segment + 1, scale)) - 1, scale);
}

function position(segment: number, { first, last, cells }: Scale): number {
  return ((segment - first) * cells) / (last - first + 1);
}

function within(cell: number, { cells }: Scale): number {
  return Math.min(cells - 1, Math.max(0, cell));
}
