import { printable } from '../../text/printable.ts';

/** Status pages and pagers show only the first line, and cut it. */
const LONGEST_SUMMARY = 240;
export const MOST_IN_WORDS = 160;
const LONGEST_DETAIL = 450;

/** The first line of the output. */
export function summaryLine(text: string): string {
  return plain(text, LONGEST_SUMMARY);
}

export function detailLine(text: string): string {
  return plain(text, LONGEST_DETAIL);
}

/** One line without `|`, which begins performance data. */
function plain(text: string, longest: number): string {
  return cut(printable(text).replaceAll('|', '/'), longest);
}

/** Cuts a line that is too long, between words. */
export function cut(line: string, longest: number): string {
  if (line.length <= longest) return line;
  const beginning = line.slice(0, longest - ' ...'.length).toWellFormed();
  return `${beginning.replace(/ \S*$/, '')} ...`;
}

/** As many reasons as fit into the summary, at least one, and the names of the others. */
export function summarize(
  reasons: readonly { name: string; reason: string }[],
  withoutReasons: readonly string[] = [],
): string {
  const shown: string[] = [];
  for (const { reason } of reasons) {
    if (shown.length > 0 && [...shown, reason].join('; ').length > MOST_IN_WORDS) break;
    shown.push(reason);
  }
  const others = [...reasons.slice(shown.length).map(({ name }) => name), ...withoutReasons];
  return [...shown, ...(others.length === 0 ? [] : [`also ${others.join(', ')}`])].join('; ');
}
