import { printable } from '../../text/printable.ts';

/** Status pages and pagers show the first line alone, and cut it. */
const LONGEST_SUMMARY = 240;
export const MOST_IN_WORDS = 160;
const LONGEST_DETAIL = 450;

/** The line that everybody sees. */
export function summaryLine(text: string): string {
  return plain(text, LONGEST_SUMMARY);
}

export function detailLine(text: string): string {
  return plain(text, LONGEST_DETAIL);
}

/** One line without the character that begins performance data. */
function plain(text: string, longest: number): string {
  return cut(printable(text).replaceAll('|', '/'), longest);
}

/** Between words, where it is too long. */
export function cut(line: string, longest: number): string {
  if (line.length <= longest) return line;
  const beginning = line.slice(0, longest - ' ...'.length).toWellFormed();
  return `${beginning.replace(/ \S*$/, '')} ...`;
}

/** As many of these reasons as the summary has room for, one at least, and then the names of the others. */
export function summarize(
  reasons: readonly { name: string; reason: string }[],
  withoutReasons: readonly string[] = [],
): string {
  const told: string[] = [];
  for (const { reason } of reasons) {
    if (told.length > 0 && [...told, reason].join('; ').length > MOST_IN_WORDS) break;
    told.push(reason);
  }
  const others = [...reasons.slice(told.length).map(({ name }) => name), ...withoutReasons];
  return [...told, ...(others.length === 0 ? [] : [`also ${others.join(', ')}`])].join('; ');
}
