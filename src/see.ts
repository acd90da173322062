import { errorOf, statusOf, type Cluster, type Judged, type Standing } from './document/cluster.ts';
import { fitDocument } from './document/fit.ts';
import type { Memory } from './document/memory.ts';
import { forgetObjects } from './document/per-object.ts';
import { withoutSecrets } from './document/redact.ts';
import type { Piece, Writer } from './formats/format.ts';
import { judge } from './health/index.ts';
import type { Thresholds } from './health/thresholds.ts';
import type { See } from './sources/source.ts';
import type { Redact } from './text/redact.ts';
import { withWal } from './wal/read.ts';

/** What a run needs of a cluster, one of perhaps thousands, once it is judged. */
export interface Seen extends Omit<Standing, 'reason'> {
  /** What failed in this run. */
  failures: readonly string[];
  piece: Piece;
}

export interface Judging {
  /** The cluster is collected by this run: its document is made to fit a ConfigMap, and its failures are those of this run. */
  live: boolean;
  thresholds: Thresholds;
  /** The time that the user gave (--now), epoch milliseconds. */
  now: number | undefined;
  clock: () => number;
  redact: Redact;
  writer: Writer;
}

/** Judges each cluster when it is read. */
export function seeing({ live, thresholds, now: given, clock, redact, writer }: Judging): See<Seen> {
  return (found, memory) => {
    const cluster = withoutSecrets(found, redact);
    // a live document is judged as of its own time, so the duration of the run does not affect the verdict
    const collectedAt = live ? cluster.document?.current_timestamp : undefined;
    const now = given ?? (collectedAt === undefined ? clock() : collectedAt * 1000);
    const judged = judgedAt(cluster, live, thresholds, now, memory);
    const { name, origin, document } = judged;
    const seen = {
      name,
      origin,
      status: statusOf(judged),
      isRead: document !== null,
      failures: failuresOf(judged, live),
      piece: writer.take(judged, now),
    };
    forgetObjects();
    return seen;
  };
}

function judgedAt(cluster: Cluster, live: boolean, thresholds: Thresholds, now: number, memory?: Memory): Judged {
  if (cluster.document === null) return cluster;
  const read = withWal(cluster.document);
  const health = judge(read, thresholds, now, memory);
  // a saved document is not cut again
  if (!live) return { ...cluster, document: { ...cluster.document, health } };
  const fitted = fitDocument({ ...read, health });
  return { ...cluster, document: { ...fitted, health: fitted.health ?? health } };
}

/** The failures in a saved document belong to another run. */
function failuresOf({ origin, document, error }: Judged, live: boolean): string[] {
  if (document === null) return [errorOf(origin, error)];
  if (!live) return [];
  return Object.entries(document.collectors ?? {}).flatMap(([name, collector]) =>
    collector === null || collector.ok ? [] : [`${name}: ${collector.error ?? 'failed'}`],
  );
}
