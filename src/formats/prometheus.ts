import type { Judged, Origin } from '../document/cluster.ts';
import type { Format } from './format.ts';
import { backupFamilies } from './prometheus/backups.ts';
import { type ClusterMetrics, expose, type Family, type Labels, writeMetrics } from './prometheus/exposition.ts';
import { patroniFamilies } from './prometheus/patroni.ts';
import { recoveryFamilies } from './prometheus/recovery.ts';
import { runFamilies, unreadFamilies } from './prometheus/run.ts';
import { safeFamilies } from './prometheus/safe.ts';
import { walFamilies } from './prometheus/wal.ts';
import { walgExporterFamilies } from './prometheus/walg-exporter.ts';

/**
 * The Prometheus text format, for node_exporter's textfile collector or any web server. Unknown values have no series;
 * `postgres_status_up` is always there, to distinguish "nothing known" from "no file".
 */
export const prometheus: Format<ClusterMetrics> = {
  row(cluster, { now, walgCompat, publishes }) {
    return writeMetrics(labelsOf(cluster), familiesOf(cluster, now / 1000, walgCompat, publishes));
  },
  several: expose,
};

function labelsOf({ name, origin }: { name: string; origin: Origin }): Labels {
  if ('host' in origin || 'file' in origin) return { scope: name };
  const { context } = origin;
  return {
    scope: name,
    ...('configmap' in origin && { namespace: origin.namespace }),
    ...(context !== null && { context }),
  };
}

function familiesOf({ document }: Judged, now: number, walgCompat: boolean, publishes?: boolean): Family[] {
  if (document === null) return unreadFamilies();
  return [
    ...runFamilies(document, publishes),
    ...patroniFamilies(document, now),
    ...backupFamilies(document, now),
    ...walFamilies(document),
    ...recoveryFamilies(document),
    ...safeFamilies(document),
    ...(walgCompat ? walgExporterFamilies(document, now) : []),
  ];
}
