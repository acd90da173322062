import { styleText } from 'node:util';

const WIDTH = 110;

/** Whether to use colours, by the same rule as styleText. */
export const colours = process.stdout.isTTY && !process.env['NO_COLOR'];

/** JSON for people: a value that fits is on one line, and short neighbours share a line. */
export function compactJson(value: unknown, indent = ''): string {
  const line = JSON.stringify(value, null, 1).replaceAll(/\n\s*/g, ' ');
  if (typeof value !== 'object' || value === null || indent.length + line.length <= WIDTH) return line;
  const deeper = `${indent}  `;
  const [open, close] = Array.isArray(value) ? '[]' : '{}';
  const parts = Object.entries(value).map(
    ([key, item]) => (Array.isArray(value) ? '' : `"${key}": `) + compactJson(item, deeper),
  );
  return `${open}\n${fill(parts, deeper)}\n${indent}${close}`;
}

function fill(parts: readonly string[], indent: string): string {
  const lines: string[] = [];
  for (const part of parts) {
    const shared = `${lines.at(-1) ?? indent}, ${part}`;
    if (lines.length === 0 || /[[{\n]/.test(shared) || shared.length > WIDTH) lines.push(indent + part);
    else lines[lines.length - 1] = shared;
  }
  return lines.join(',\n');
}

/** The lines of the demo, by kind. */
export const page = {
  title: (text: string) => {
    console.log(`\n${styleText('bold', text)}\n`);
  },
  say: (text: string) => {
    console.log(text);
  },
  command: (text: string) => {
    console.log(styleText('cyan', `$ ${text}`));
  },
  stderr: (text: string) => {
    if (text !== '') console.log(styleText('yellow', text));
  },
};
