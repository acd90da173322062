import type { StatusDocument } from '../document/schema.ts';
import type { Rendering } from './index.ts';
import { backupFamilies } from './prometheus/backups.ts';
import { expose } from './prometheus/exposition.ts';
import { patroniFamilies } from './prometheus/patroni.ts';
import { runFamilies } from './prometheus/run.ts';
import { walFamilies } from './prometheus/wal.ts';
import { walgExporterFamilies } from './prometheus/walg-exporter.ts';

/**
 * Prometheus text exposition, for node_exporter's textfile collector or anything that serves a file. What is not known has no
 * series; `postgres_status_up` is there always, so that "nothing known" and "no file" can be told apart.
 */
export function formatPrometheus(document: StatusDocument, { now, walgCompat, scope: fallback }: Rendering): string {
  const scope = document.node?.scope ?? document.cluster_status.scope ?? fallback ?? '';
  const seconds = now / 1000;
  return expose(scope, [
    ...runFamilies(document),
    ...patroniFamilies(document, seconds),
    ...backupFamilies(document, seconds),
    ...walFamilies(document),
    ...(walgCompat ? walgExporterFamilies(document, seconds) : []),
  ]);
}
