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

/** Of several fates in one cell the worst is shown, so that a gap of one segment in a million is visible. */
const WORST_FIRST: readonly Fate[] = ['lost', 'doubtful', 'waiting', 'found'];

/** The cells of one timeline on the scale shared by all timelines; undefined = no WAL there. */
export function drawStrip(stretches: readonly Stretch[], scale: Scale): (Fate | undefined)[] {
  const strip: (Fate | undefined)[] = Array.from({ length: scale.cells }, () => undefined);
  for (const fate of [...WORST_FIRST].reverse())
    for (const stretch of stretches.filter((stretch) => stretch.fate === fate))
      strip.fill(fate, cellOf(stretch.from, scale), lastCellOf(stretch.to, scale) + 1);
  return strip;
}

/** The cell that contains the beginning of a segment. */
export function cellOf(segment: number, scale: Scale): number {
  return within(Math.floor(position(segment, scale)), scale);
}

/** The cell that contains its end: if there are few segments, each takes several cells. */
function lastCellOf(segment: number, scale: Scale): number {
  return within(Math.ceil(position(segment + 1, scale)) - 1, scale);
}

function position(segment: number, { first, last, cells }: Scale): number {
  return ((segment - first) * cells) / (last - first + 1);
}

function within(cell: number, { cells }: Scale): number {
  return Math.min(cells - 1, Math.max(0, cell));
}
