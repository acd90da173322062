import { countByStatus, inNumbers, isUnlisted, worstStatus, type Standing } from '../../document/cluster.ts';
import { FROM_WORST_TO_BEST, worstFirst } from '../../document/status.ts';
import { count } from '../../text/words.ts';
import { cut, detailLine, MOST_IN_WORDS, summarize, summaryLine } from './line.ts';
import type { Measure } from './performance-data.ts';

/** Nagios keeps 8 KiB of all lines, and the performance data comes last. */
const MOST_DETAILS = 7_000;

/** The number of clusters in each state, and the worst by name; then one line for each cluster, worst first, as far as they fit. */
export function clustersLines(clusters: readonly Standing[]): string[] {
  const sorted = worstFirst(clusters, ({ status }) => status);
  const bad = sorted.filter(({ status }) => status !== 'ok');
  const reasons = bad.map(({ name, reason }) => ({ name, reason: cut(`${name}: ${reason}`, MOST_IN_WORDS) }));
  const summary = [
    clusters.length === 0 ? 'no cluster was found' : inNumbers(clusters),
    ...(bad.length === 0 ? [] : [summarize(reasons)]),
  ];
  const lines: string[] = [];
  let room = MOST_DETAILS;
  for (const { name, status, reason } of sorted) {
    const line = detailLine(`[${status.toUpperCase()}] ${name}: ${reason}`);
    room -= Buffer.byteLength(line) + 1;
    if (room < 0) break;
    lines.push(line);
  }
  const more = sorted.length - lines.length;
  return [
    summaryLine(`POSTGRES ${worstStatus(clusters).toUpperCase()} - ${summary.join('; ')}`),
    ...lines,
    ...(more === 0 ? [] : [`... and ${count(more, 'more cluster')}`]),
  ];
}

/** The same numbers as in the words: a context that could not be read is not a cluster. */
export function clustersMeasures(all: readonly Standing[]): Measure[] {
  const clusters = all.filter((one) => !isUnlisted(one));
  const counts = countByStatus(clusters);
  return [
    { label: 'clusters', value: clusters.length, unit: '' },
    ...FROM_WORST_TO_BEST.map((status): Measure => ({ label: `clusters_${status}`, value: counts[status], unit: '' })),
    { label: 'unlisted', value: all.length - clusters.length, unit: '' },
  ];
}
