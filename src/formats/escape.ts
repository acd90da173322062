/**
 * Characters that JSON and YAML do not escape within quotes, but that terminals interpret or parsers treat as line breaks: DEL and the C1
 * controls, the line separators of Unicode, marks that change the direction of text, and noncharacters.
 */
const UNPRINTABLE = /[\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\ufffe\uffff]/g;

export function hasUnprintable(text: string): boolean {
  return text.search(UNPRINTABLE) >= 0;
}

/** Escapes these characters, in a text in which they occur only within double quotes. */
export function escapeUnprintable(text: string): string {
  return text.replace(UNPRINTABLE, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
