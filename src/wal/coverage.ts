import type { Piece } from './ranges.ts';

/** What the check of the WAL says of each stretch of it. */
export interface Coverage {
  /** The newest segment found; undefined where there is none. */
  newestFound: number | undefined;
  /** What is missing from here to there first, and whether WAL-G looked for all of it. */
  check: (first: number, last: number) => { missing: Piece | undefined; checked: boolean };
  /** The first missing run that ends at this segment or later; undefined where there is none. */
  missingFrom: (segment: number) => Piece | undefined;
  /** Whether something from here to there is in doubt. */
  doubtfulBetween: (first: number, last: number) => boolean;
  /** The first run in doubt that ends at this segment or later; undefined where there is none. */
  doubtfulFrom: (segment: number) => Piece | undefined;
  /** How many segments from here to there are lost. */
  lostBetween: (first: number, last: number) => number;
  /** The run that this segment was found in. */
  foundAt: (segment: number) => Piece | undefined;
}

/** @param pieces in the order of the WAL. */
export function coverage(pieces: readonly Piece[]): Coverage {
  const missing = pieces.filter(({ fate }) => fate === 'lost' || fate === 'waiting');
  const doubtful = pieces.filter(({ fate }) => fate === 'doubtful');
  const found = pieces.filter(({ fate }) => fate === 'found');
  const [oldest, newest] = [pieces[0]?.first ?? Infinity, pieces.at(-1)?.last ?? -Infinity];
  const within = (runs: readonly Piece[], first: number, last: number) => {
    const run = runs[endingFrom(runs, first)];
    return run !== undefined && run.first <= last ? run : undefined;
  };
  return {
    newestFound: found.at(-1)?.last,
    check: (first, last) => ({
      missing: within(missing, first, last),
      checked: first >= oldest && last <= newest,
    }),
    missingFrom: (segment) => missing[endingFrom(missing, segment)],
    doubtfulBetween: (first, last) => within(doubtful, first, last) !== undefined,
    doubtfulFrom: (segment) => doubtful[endingFrom(doubtful, segment)],
    lostBetween: (first, last) => {
      let sum = 0;
      for (let index = endingFrom(missing, first); index < missing.length; index += 1) {
        const run = missing[index];
        if (run === undefined || run.first > last) break;
        if (run.fate === 'lost') sum += Math.min(run.last, last) - Math.max(run.first, first) + 1;
      }
      return sum;
    },
    foundAt: (segment) => within(found, segment, segment),
  };
}

/** The index of the first of these runs that ends at this segment or later, halving: there may be 100,000. */
function endingFrom(runs: readonly Piece[], segment: number): number {
  let [low, high] = [0, runs.length];
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if ((runs[middle]?.last ?? Infinity) < segment) low = middle + 1;
    else high = middle;
  }
  return low;
}
