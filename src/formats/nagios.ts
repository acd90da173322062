import { standingOf, type Standing } from '../document/cluster.ts';
import type { Format } from './format.ts';
import { clusterLines, clusterMeasures } from './nagios/cluster.ts';
import { clustersLines, clustersMeasures } from './nagios/clusters.ts';
import { performanceData, type Measure } from './nagios/performance-data.ts';

/**
 * The output of a monitoring plugin: a summary line, one line for each check or cluster, and the performance data, which begin at the
 * only `|`.
 */
export const nagios: Format<Standing> = {
  one({ name, document }) {
    return output(clusterLines(name, document), clusterMeasures(document));
  },
  row: standingOf,
  several(clusters) {
    return output(clustersLines(clusters), clustersMeasures(clusters));
  },
};

function output(lines: readonly string[], measures: readonly Measure[]): string {
  const data = performanceData(measures);
  return `${lines.join('\n')}${data === '' ? '' : ` | ${data}`}\n`;
}
