/** Characters that take two cells of a terminal: East Asian wide and full-width characters, and emoji (Unicode TR 11). */
const WIDE =
  /^(?:[\u1100-\u115f\u2e80-\u303e\u3041-\u33ff\u3400-\u4dbf\u4e00-\u9fff\ua000-\ua4cf\ua960-\ua97f\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff01-\uff60\uffe0-\uffe6\u{1f000}-\u{1f02f}\u{20000}-\u{3fffd}]|\p{Emoji_Presentation})/u;
/** Characters that take no cell: combining marks, and format characters. */
const INVISIBLE = /^[\p{Mn}\p{Me}\p{Cf}]+$/u;
/** Of ASCII and the report's own signs each is a grapheme of one cell: a fleet has thousands of such cells. */
const PLAIN = /^[\x20-\x7e·–…→✓✗]*$/;

const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });

function split(text: string): string[] {
  return Array.from(graphemes.segment(text), ({ segment }) => segment);
}

/** The width of a line in cells of a terminal. */
export function width(text: string): number {
  if (PLAIN.test(text)) return text.length;
  return split(text).reduce((sum, grapheme) => sum + cells(grapheme), 0);
}

function cells(grapheme: string): number {
  if (INVISIBLE.test(grapheme)) return 0;
  return WIDE.test(grapheme) || grapheme.includes('\ufe0f') ? 2 : 1;
}

/** Cuts a line that is too long, and marks the end with `…`. */
export function clip(text: string, columns: number): string {
  if (width(text) <= columns) return text;
  let clipped = '';
  let left = Math.max(columns, 1) - 1;
  for (const grapheme of split(text)) {
    left -= cells(grapheme);
    if (left < 0) break;
    clipped += grapheme;
  }
  return `${clipped.trimEnd()}…`;
}

/** Like `clip`, but cuts in the middle, because names of members often differ only at the end. */
export function clipMiddle(text: string, columns: number): string {
  if (width(text) <= columns || columns < 3) return clip(text, columns);
  const parts = split(text);
  let tail = parts.at(-1) ?? '';
  for (let at = parts.length - 2; at >= 0 && width((parts[at] ?? '') + tail) <= (columns - 1) / 2; at--)
    tail = (parts[at] ?? '') + tail;
  return clip(text, columns - width(tail)) + tail;
}

/** Breaks a text into lines between words; a word that is longer than a line is broken too. */
export function wrap(text: string, columns: number): string[] {
  const most = Math.max(columns, 2);
  const lines: string[] = [];
  let line = '';
  let taken = 0;
  for (const word of text.split(' ')) {
    const size = width(word);
    if (line !== '' && taken + 1 + size <= most) {
      line += ` ${word}`;
      taken += 1 + size;
      continue;
    }
    if (line !== '') lines.push(line.trimEnd());
    const pieces = size > most ? broken(word, most) : [word];
    line = pieces.pop() ?? '';
    lines.push(...pieces);
    taken = width(line);
  }
  return [...lines, line];
}

/** Breaks a word into pieces that fit. */
function broken(word: string, columns: number): string[] {
  const pieces = [''];
  let left = columns;
  for (const grapheme of split(word)) {
    const size = cells(grapheme);
    if (size > left) {
      pieces.push('');
      left = columns;
    }
    left -= size;
    pieces.push((pieces.pop() ?? '') + grapheme);
  }
  return pieces;
}

export function pad(text: string, columns: number, align: 'left' | 'right' = 'left'): string {
  const blank = ' '.repeat(Math.max(0, columns - width(text)));
  return align === 'right' ? blank + text : text + blank;
}
