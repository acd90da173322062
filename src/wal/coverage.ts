import type { Piece } from './ranges.ts';

/** Answers questions about parts of the WAL that WAL-G checked. */
export interface Coverage {
  /** The newest segment that was found; undefined if there is none. */
  newestFound: number | undefined;
  /** The first missing range between these segments, and whether WAL-G looked for all of them. */
  check: (first: number, last: number) => { missing: Piece | undefined; checked: boolean };
  /** The first missing range that ends at this segment or later; undefined if there is none. */
  missingFrom: (segment: number) => Piece | undefined;
  /** Whether any segment between these is doubtful. */
  doubtfulBetween: (first: number, last: number) => boolean;
  /** The first doubtful range that ends at this segment or later; undefined if there is none. */
  doubtfulFrom: (segment: number) => Piece | undefined;
  /** The number of lost segments between these. */
  lostBetween: (first: number, last: number) => number;
  /** The found range with this segment. */
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

/** Binary search for the index of the first of these ranges that ends at this segment or later: there may be 100,000. */
function endingFrom(runs: readonly Piece[], segment: number): number {
  let [low, high] = [0, runs.length];
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if ((runs[middle]?.last ?? Infinity) < segment) low = middle + 1;
    else high = middle;
  }
  return low;
}
