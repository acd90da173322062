import { clusterTimeline } from '../document/members.ts';
import type { Backup, Failover, StatusDocument } from '../document/schema.ts';
import type { Stored } from '../document/stored.ts';
import type { IntegrityRow } from '../wal/rows.ts';
import { configuredSize, DEFAULT_SEGMENT_SIZE, segmentSize } from '../wal/segment-size.ts';
import { shownHistory, shownRows } from '../wal/shown.ts';
import { describeStored } from '../wal/stored.ts';
import type { Walg } from '../walg/client.ts';
import { showWal } from '../walg/show.ts';

export interface ListedStorage {
  /** The timelines in the storage; those of an earlier run if it could not be listed. */
  stored?: Stored | undefined;
  /** The WAL up to the newest segment, if the result of wal-verify is not known. */
  rows?: IntegrityRow[];
  /** The switches between its timelines, according to their .history files. */
  history?: Failover[];
}

/**
 * Lists the WAL in the storage. If it cannot be listed, the result of an earlier run is kept.
 * @param before that result
 */
export async function listStorage(
  document: StatusDocument,
  walg: Walg,
  backups: readonly Backup[],
  before: Stored | undefined,
): Promise<ListedStorage> {
  const known = segmentSize(backups);
  const size = known ?? configuredSize(walg.environment) ?? DEFAULT_SEGMENT_SIZE;
  const shown = await showWal(walg, known);
  if (shown === undefined) return { stored: before };
  const stored = describeStored(shown, document, size, before);
  if (document.walg_integrity !== null) return { stored };
  const timeline = clusterTimeline(document);
  return { stored, rows: shownRows(shown, timeline, size), history: shownHistory(shown, timeline, size) };
}
