/** Unicode marks that change the direction of text: in a name they would reorder the line that shows it. */
const DIRECTION = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;

/** Text from outside as one line without control characters, which a terminal would obey. */
export function printable(text: string): string {
  return text
    .toWellFormed()
    .replace(DIRECTION, '')
    .replace(/[\s\p{Cc}]+/gu, ' ')
    .trim();
}
