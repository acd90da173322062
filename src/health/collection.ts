import type { CollectorRun } from '../document/schema.ts';
import { formatDuration } from '../text/units.ts';
import { list, pointInTime } from '../text/words.ts';
import { type Check, conclude, type Remark } from './check.ts';

/** Seconds. Consumers raise an alarm after five minutes without a new document (contract). */
const STALE = 300;

/** Did every collector succeed completely, and is the document recent? */
export const collection: Check = ({ document, now }) => {
  const age = Math.round(now / 1000) - document.current_timestamp;
  const runs = Object.entries(document.collectors ?? {});
  const skipped = runs.filter(([, run]) => run === null).map(([name]) => name);
  const remarks: Remark[] = [];
  if (age > STALE)
    remarks.push({
      status: 'critical',
      text: `the document is ${formatDuration(age)} old (collected at ${pointInTime(document.current_timestamp * 1000)}): the job that renews it does not run, or cannot publish`,
    });
  if (age < -STALE)
    remarks.push({
      status: 'unknown',
      text: `the document's timestamp, ${pointInTime(document.current_timestamp * 1000)}, is ${formatDuration(-age)} in the future (here it is ${pointInTime(now)}): check the clocks of both hosts`,
    });
  for (const text of failures(runs)) remarks.push({ status: 'unknown', text });
  for (const { url, error } of document.unanswered_urls ?? [])
    remarks.push({ status: 'warning', text: `${url} did not answer, but another --patroni-url did: ${error}` });
  if (remarks.length === 0) remarks.push({ status: 'ok', text: success(runs) });
  if (skipped.length > 0)
    remarks.push({ status: 'ok', text: `${list(skipped)} ${skipped.length === 1 ? 'was' : 'were'} skipped` });
  return conclude(remarks, { value: Math.max(0, age), unit: 'seconds', critical: STALE });
};

/** An error that several collectors report is shown once: without a wal-g both of its collectors report the same. */
function failures(runs: readonly [string, CollectorRun | null][]): string[] {
  const names = new Map<string, string[]>();
  for (const [name, run] of runs) {
    if (run === null || run.ok) continue;
    const how = describe(run);
    names.set(how, [...(names.get(how) ?? []), name]);
  }
  return [...names].map(([how, failed]) => `${list(failed)} ${how}`);
}

function describe(run: CollectorRun): string {
  const how = run.timed_out ? 'ran out of time' : 'failed';
  return `${run.partial ? `${how}, with a partial result` : how}: ${run.error ?? 'no reason given'}`;
}

function success(runs: readonly [string, CollectorRun | null][]): string {
  if (runs.length === 0) return 'collected; the document does not report the result of each collector';
  const asked = runs.flatMap(([name, run]) => (run === null ? [] : [name]));
  return `${list(asked)} succeeded`;
}
