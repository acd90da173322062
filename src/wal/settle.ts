import type { Piece } from './ranges.ts';

/**
 * Replaces doubtful ranges by what WAL-G found when it was asked to check that timeline; ranges without an answer remain doubtful. An
 * answer counts if it is about the timeline to which the segments belong.
 * @param pieces in the order of the WAL, as are the answers.
 */
export function settle(pieces: readonly Piece[], answers: readonly Piece[]): Piece[] {
  if (answers.length === 0) return [...pieces];
  let next = 0;
  return pieces.flatMap((piece): Piece[] => {
    if (piece.fate !== 'doubtful') return [piece];
    const settled: Piece[] = [];
    let from = piece.first;
    while ((answers[next]?.last ?? Infinity) < piece.first) next += 1;
    for (let index = next; index < answers.length; index += 1) {
      const answer = answers[index];
      if (answer === undefined || answer.first > piece.last) break;
      const [first, last] = [Math.max(from, answer.first), Math.min(piece.last, answer.last)];
      if (first > last || answer.fate === 'doubtful') continue;
      if (first > from) settled.push(part(piece, from, first - 1));
      settled.push(part(answer, first, last));
      from = last + 1;
    }
    if (settled.length === 0) return [piece];
    return from > piece.last ? settled : [...settled, part(piece, from, piece.last)];
  });
}

function part(piece: Piece, first: number, last: number): Piece {
  if (first === piece.first && last === piece.last) return piece;
  const { printed: _whole, ...rest } = piece;
  return { ...rest, first, last, segments: last - first + 1 };
}

/**
 * Removes missing ranges before this segment, in which the oldest backup starts: no restore needs them. WAL-G looks for them if it finds no
 * backup on the timeline that it assumes, or an older backup of another cluster.
 */
export function since(pieces: readonly Piece[], start: number): Piece[] {
  return pieces.flatMap((piece): Piece[] => {
    if (piece.fate === 'found' || piece.fate === 'waiting' || piece.first >= start) return [piece];
    return piece.last < start ? [] : [part(piece, start, piece.last)];
  });
}
