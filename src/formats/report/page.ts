import type { JudgedDocument } from '../../document/cluster.ts';
import type { CollectorName } from '../../health/facts.ts';
import { epochSeconds } from '../../text/times.ts';
import { printable } from '../../text/printable.ts';
import { formatDuration } from '../../text/units.ts';
import type { Paint } from './paint.ts';
import { width, wrap } from './text.ts';

/** The input of each section of the report. */
export interface Page {
  /** The name of the cluster. */
  name: string;
  document: JudgedDocument;
  /** Epoch seconds. */
  now: number;
  columns: number;
  paint: Paint;
}

/** The title of a section and, beside it, its summary. */
export function heading({ columns, paint }: Page, title: string, about: string): string[] {
  const [first = '', ...more] = wrap(printable(about), columns - width(title) - 2);
  const indent = ' '.repeat(width(title) + 2);
  return [`${paint('title', title)}  ${first}`, ...more.map((line) => indent + line)].map((line) => line.trimEnd());
}

/** An entry under a heading: a label, and the text wrapped beside it. */
export function entry({ columns }: Page, label: string, text: string, labelWidth = 12): string[] {
  const indent = ' '.repeat(labelWidth + 2);
  return wrap(printable(text), columns - indent.length).map((line, index) =>
    (index === 0 ? `  ${label.padEnd(labelWidth)}` : indent).concat(line).trimEnd(),
  );
}

/** A time with its zone, for comparison with a clock. */
export function moment(time: string | number | null | undefined): string {
  return `${clock(time)} UTC`;
}

/** A time in UTC, to the second, without the zone. */
export function clock(time: string | number | null | undefined): string {
  const seconds = typeof time === 'number' ? time : epochSeconds(time);
  if (seconds === undefined) return printable(String(time ?? 'an unknown time'));
  const date = new Date(seconds * 1000);
  if (Number.isNaN(date.getTime())) return 'a time out of range';
  return date
    .toISOString()
    .replace('T', ' ')
    .replace(/\.\d{3}Z$/, '');
}

/** How long ago it was, or how far in the future it is: clocks differ, and some events are scheduled. */
export function ago({ now }: Page, time: string | number | null | undefined, units = 2): string {
  const seconds = typeof time === 'number' ? time : epochSeconds(time);
  if (seconds === undefined) return 'at an unknown time';
  const age = now - seconds;
  if (Math.abs(age) < 1) return 'just now';
  return age < 0 ? `in ${formatDuration(-age, units)}` : `${formatDuration(age, units)} ago`;
}

/** Why a section is empty: its collector did not run, or `why`. */
export function unknown({ document }: Page, collector: CollectorName, why: string): string {
  return document.collectors?.[collector] === null
    ? `not asked for (the collector ${collector} did not run)`
    : `not known: ${why}`;
}

export function plural(number: number, one: string, many = `${one}s`): string {
  return `${number} ${number === 1 ? one : many}`;
}
