import { width } from '../../src/formats/report/text.ts';

/** Draws text with the colour escapes (SGR) of a terminal as an SVG picture, for web pages. */

const CELL = { width: 8.4, height: 18 };
const MARGIN = 14;

/** Colours of a dark terminal, by their SGR numbers. */
const FOREGROUND: Readonly<Record<string, string>> = {
  30: '#0d1117',
  31: '#ff7b72',
  32: '#3fb950',
  33: '#d29922',
  35: '#d2a8ff',
  37: '#ffffff',
};
const BACKGROUND: Readonly<Record<string, string>> = { 41: '#b62324', 42: '#3fb950', 43: '#d29922', 45: '#8957e5' };

interface Run {
  text: string;
  column: number;
  codes: readonly string[];
}

/** Draws lines that may contain SGR escapes. Each cell has a fixed position, so that the font does not matter. */
export function terminalPicture(text: string, title: string): string {
  const lines = text.trimEnd().split('\n').map(runs);
  const columns = lines.reduce((most, line) => Math.max(most, endOf(line)), 0);
  const wide = round(columns * CELL.width + 2 * MARGIN);
  const high = round(lines.length * CELL.height + 2 * MARGIN);
  const drawn = lines.flatMap((line, row) => line.map((run) => draw(run, row)));
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${wide} ${high}" width="${wide}" height="${high}" role="img">`,
    `<title>${escaped(title)}</title>`,
    `<rect width="100%" height="100%" rx="8" fill="#0d1117"/>`,
    `<g font-family="ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace" font-size="14" fill="#e6edf3" xml:space="preserve">`,
    ...drawn.filter((part) => part !== ''),
    '</g>',
    '</svg>',
    '',
  ].join('\n');
}

/** The beginning of an SGR escape. A report contains no other escapes. */
const ESCAPE = '\u001b[';

function runs(line: string): Run[] {
  const found: Run[] = [];
  let column = 0;
  for (const [index, part] of line.split(ESCAPE).entries()) {
    const [, set = '', text = ''] = index === 0 ? [part, '', part] : (/^([\d;]*)m(.*)$/u.exec(part) ?? []);
    if (text === '') continue;
    found.push({ text, column, codes: set.split(';') });
    column += width(text);
  }
  return found;
}

function endOf(line: readonly Run[]): number {
  const last = line.at(-1);
  return last === undefined ? 0 : last.column + width(last.text);
}

function draw({ text, column, codes }: Run, row: number): string {
  const [x, y] = [MARGIN + column * CELL.width, MARGIN + row * CELL.height];
  const length = width(text) * CELL.width;
  const behind = codes.map((code) => BACKGROUND[code]).find((colour) => colour !== undefined);
  const colour = codes.map((code) => FOREGROUND[code]).find((each) => each !== undefined);
  const style = [
    colour === undefined ? '' : ` fill="${colour}"`,
    codes.includes('1') ? ' font-weight="bold"' : '',
    codes.includes('2') ? ' opacity="0.65"' : '',
  ].join('');
  const box =
    behind === undefined
      ? ''
      : `<rect x="${round(x)}" y="${round(y)}" width="${round(length)}" height="${CELL.height}" rx="3" fill="${behind}"/>`;
  if (text.trim() === '') return box;
  return `${box}<text x="${round(x)}" y="${round(y + 13)}" textLength="${round(length)}" lengthAdjust="spacingAndGlyphs"${style}>${escaped(text)}</text>`;
}

function round(number: number): string {
  return number.toFixed(1).replace(/\.0$/, '');
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
