import type { Judged } from '../document/cluster.ts';
import { clusterLines, clusterMeasures } from './nagios/cluster.ts';
import { clustersLines, clustersMeasures } from './nagios/clusters.ts';
import { performanceData } from './nagios/performance-data.ts';

/**
 * The output of a monitoring plugin: a summary line, one line for each check or cluster, and the performance data, which begin at the
 * only `|`.
 */
export function formatNagios(clusters: readonly Judged[]): string {
  const [only, ...others] = clusters;
  const one = others.length === 0 && only?.document ? only : undefined;
  const lines = one ? clusterLines(one.name, one.document) : clustersLines(clusters);
  const data = performanceData(one ? clusterMeasures(one.document) : clustersMeasures(clusters));
  return `${lines.join('\n')}${data === '' ? '' : ` | ${data}`}\n`;
}
