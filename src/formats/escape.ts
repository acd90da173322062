/**
 * What a terminal obeys or a parser takes for a line break, and JSON and YAML leave as it is between quotes: DEL and the C1 controls,
 * the line separators of Unicode, marks that turn the direction of text around, and what is no character.
 */
const UNPRINTABLE = /[\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\ufffe\uffff]/g;

export function hasUnprintable(text: string): boolean {
  return text.search(UNPRINTABLE) >= 0;
}

/** Escapes them in a text where they stand within double quotes only. */
export function escapeUnprintable(text: string): string {
  return text.replace(UNPRINTABLE, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
