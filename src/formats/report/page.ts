import type { JudgedDocument } from '../../document/cluster.ts';
import type { CollectorName } from '../../health/facts.ts';
import { epochSeconds } from '../../text/times.ts';
import { printable } from '../../text/printable.ts';
import { formatDuration } from '../../text/units.ts';
import type { Paint } from './paint.ts';
import { width, wrap } from './text.ts';

/** What each section of the report needs to write itself. */
export interface Page {
  /** What the cluster is called. */
  name: string;
  document: JudgedDocument;
  /** Epoch seconds. */
  now: number;
  columns: number;
  paint: Paint;
}

/** The name of a section and, beside it, what is to be said of the whole. */
export function heading({ columns, paint }: Page, title: string, about: string): string[] {
  const [first = '', ...more] = wrap(printable(about), columns - width(title) - 2);
  const indent = ' '.repeat(width(title) + 2);
  return [`${paint('title', title)}  ${first}`, ...more.map((line) => indent + line)].map((line) => line.trimEnd());
}

/** A line under a heading: its first words in a column of their own, what follows wrapped beside them. */
export function entry({ columns }: Page, label: string, text: string, labelWidth = 12): string[] {
  const indent = ' '.repeat(labelWidth + 2);
  return wrap(printable(text), columns - indent.length).map((line, index) =>
    (index === 0 ? `  ${label.padEnd(labelWidth)}` : indent).concat(line).trimEnd(),
  );
}

/** A time as a person compares it with a clock. */
export function moment(time: string | number | null | undefined): string {
  return `${clock(time)} UTC`;
}

/** The same without its zone, which is always UTC, to the second. */
export function clock(time: string | number | null | undefined): string {
  const seconds = typeof time === 'number' ? time : epochSeconds(time);
  if (seconds === undefined) return printable(String(time ?? 'a time not known'));
  return new Date(seconds * 1000)
    .toISOString()
    .replace('T', ' ')
    .replace(/\.\d{3}Z$/, '');
}

/** How long ago it was, or how far ahead it is: clocks differ, and some things are planned. */
export function ago({ now }: Page, time: string | number | null | undefined, units = 2): string {
  const seconds = typeof time === 'number' ? time : epochSeconds(time);
  if (seconds === undefined) return 'at a time not known';
  const age = now - seconds;
  if (Math.abs(age) < 1) return 'just now';
  return age < 0 ? `in ${formatDuration(-age, units)}` : `${formatDuration(age, units)} ago`;
}

/** Nobody asked, or nobody could tell. */
export function unknown({ document }: Page, collector: CollectorName, why: string): string {
  return document.collectors?.[collector] === null
    ? `not asked for (the collector ${collector} did not run)`
    : `not known: ${why}`;
}

export function plural(number: number, one: string, many = `${one}s`): string {
  return `${number} ${number === 1 ? one : many}`;
}
