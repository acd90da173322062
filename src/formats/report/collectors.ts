import type { CollectorRun } from '../../document/schema.ts';
import { verifiedBefore } from '../../document/verified.ts';
import { printable } from '../../text/printable.ts';
import { formatDuration } from '../../text/units.ts';
import { pointInTime } from '../../text/words.ts';
import { heading, type Page } from './page.ts';
import { pad, wrap } from './text.ts';
import { MARKS } from './verdict.ts';

/** The collectors with their durations, and their errors unless the verdict contains them. */
export function collectors(page: Page): string[] {
  const { collectors: runs, generator, health } = page.document;
  // this check contains the errors
  const isShown = health.checks.some(({ name }) => name === 'collection');
  if (runs === undefined) return [];
  const entries = Object.entries(runs).flatMap(([name, run]) => (run === null ? [] : [{ name, run }]));
  if (entries.length === 0) return [];
  const [names, times] = [entries.map(({ name }) => name), entries.map(({ run }) => took(run))].map((texts) =>
    Math.max(...texts.map((text) => text.length)),
  );
  return [
    ...heading(page, 'Collectors', generator === undefined ? '' : `${generator.name} ${generator.version}`),
    ...entries.flatMap(({ name, run }) => {
      const status = run.ok ? 'ok' : 'unknown';
      const label = `${name.padEnd(names ?? 0)}  ${pad(took(run), times ?? 0, 'right')}`;
      const verified = name === 'walg_verify' ? verifiedBefore(page.document) : undefined;
      const earlier = verified === undefined ? '' : `the result of ${pointInTime(verified * 1000)} (--verify-every)`;
      const error = run.ok ? earlier : `${fate(run)}${isShown ? '' : `: ${run.error ?? 'no reason given'}`}`;
      const lines = wrap(printable(error), page.columns - label.length - 6);
      return lines.map((line, index) =>
        (index === 0 ? `  ${page.paint(status, MARKS[status])} ${label}  ` : ' '.repeat(label.length + 6))
          .concat(line)
          .trimEnd(),
      );
    }),
  ];
}

function took({ duration_ms: milliseconds }: CollectorRun): string {
  return milliseconds < 1000 ? `${milliseconds} ms` : formatDuration(milliseconds / 1000);
}

function fate({ partial, timed_out: late }: CollectorRun): string {
  if (partial) return 'incomplete';
  return late ? 'ran out of time' : 'failed';
}
