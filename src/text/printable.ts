/** Marks that turn the direction of text around: in a name they would rewrite the line that shows it. */
const DIRECTION = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;

/** Whatever came from outside, as one line that a terminal shows and does not obey. */
export function printable(text: string): string {
  return text
    .toWellFormed()
    .replace(DIRECTION, '')
    .replace(/[\s\p{Cc}]+/gu, ' ')
    .trim();
}
