import type { CollectorRun } from '../document/schema.ts';
import { formatDuration } from '../text/units.ts';
import { list, pointInTime } from '../text/words.ts';
import { type Check, conclude, type Remark } from './check.ts';

/** A consumer's alarm rings after five minutes without a new document (contract). */
const STALE = 300;

/** Did every collector bring what it was after, and is the document of now? */
export const collection: Check = ({ document, now }) => {
  const age = Math.round(now / 1000) - document.current_timestamp;
  const runs = Object.entries(document.collectors ?? {});
  const skipped = runs.filter(([, run]) => run === null).map(([name]) => name);
  const remarks: Remark[] = [];
  if (age > STALE)
    remarks.push({
      status: 'critical',
      text: `the document is ${formatDuration(age)} old, collected at ${pointInTime(document.current_timestamp * 1000)}: what should renew it does not run, or cannot publish`,
    });
  if (age < -STALE)
    remarks.push({
      status: 'unknown',
      text: `the document's age is not known: its timestamp (${pointInTime(document.current_timestamp * 1000)}) is ${formatDuration(-age)} in the future of ${pointInTime(now)}: check the clocks of both hosts`,
    });
  for (const text of failures(runs)) remarks.push({ status: 'unknown', text });
  for (const { url, error } of document.unanswered_urls ?? [])
    remarks.push({ status: 'warning', text: `${url} did not answer, another --patroni-url did: ${error}` });
  if (remarks.length === 0) remarks.push({ status: 'ok', text: success(runs) });
  if (skipped.length > 0) remarks.push({ status: 'ok', text: `${list(skipped)} not asked` });
  return conclude(remarks, { value: Math.max(0, age), unit: 'seconds', critical: STALE });
};

/** What several failed of is said once: without a wal-g both of its collectors say the same. */
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
  return `${run.partial ? `${how} in part` : how}: ${run.error ?? 'no reason given'}`;
}

function success(runs: readonly [string, CollectorRun | null][]): string {
  if (runs.length === 0) return 'collected, though the document does not say how each collector fared';
  const asked = runs.flatMap(([name, run]) => (run === null ? [] : [name]));
  return `${list(asked)} brought everything`;
}
