import { clusterTimeline } from '../document/members.ts';
import type { Memory } from '../document/memory.ts';
import type { Backup, Failover, StatusDocument } from '../document/schema.ts';
import type { Stored } from '../document/stored.ts';
import type { IntegrityRow } from '../wal/rows.ts';
import { configuredSize, DEFAULT_SEGMENT_SIZE, segmentSize } from '../wal/segment-size.ts';
import { shownHistory, shownRows } from '../wal/shown.ts';
import { describeStored } from '../wal/stored.ts';
import type { Walg } from '../walg/client.ts';
import { showWal } from '../walg/show.ts';

/** Seconds between two listings of a storage about which there is no doubt: each lists the whole WAL folder. */
const EVERY = 3600;

export interface ListedStorage {
  /** What timelines there are; of an earlier run where that is not long ago. */
  stored?: Stored | undefined;
  /** The WAL up to the newest segment, where WAL-G's check is not known. */
  rows?: IntegrityRow[];
  /** How its timelines follow each other, according to their .history files. */
  history?: Failover[];
}

/**
 * Lists the WAL in the storage where WAL-G's own check could not be made, or finds a timeline that it does not expect; else once an hour,
 * with `--state`. If the storage does not answer, it is not asked again.
 * @param backups undefined where WAL-G could not list them.
 */
export async function listStorage(
  document: StatusDocument,
  walg: Walg,
  backups: readonly Backup[] | undefined,
  memory: Memory | undefined,
): Promise<ListedStorage> {
  const before = memory?.document.recovery?.stored;
  if (!isWanted(document, backups, memory, before)) return before === undefined ? {} : { stored: before };
  const known = segmentSize(backups ?? []);
  const size = known ?? configuredSize(walg.environment) ?? DEFAULT_SEGMENT_SIZE;
  const shown = await showWal(walg, known);
  if (shown === undefined) return before === undefined ? {} : { stored: before };
  const stored = describeStored(shown, document, size, before);
  if (document.walg_integrity !== null) return { stored };
  const timeline = clusterTimeline(document);
  return { stored, rows: shownRows(shown, timeline, size), history: shownHistory(shown, timeline, size) };
}

function isWanted(
  { walg_integrity, walg_timeline, collectors, current_timestamp: now }: StatusDocument,
  backups: readonly Backup[] | undefined,
  memory: Memory | undefined,
  before: Stored | undefined,
): boolean {
  const { walg_verify: verified, walg_backups: listed } = collectors ?? {};
  if (!verified || verified.timed_out || (listed && backups === undefined)) return false;
  if (walg_integrity === null || (walg_timeline !== null && walg_timeline.timeline.status !== 'OK')) return true;
  const age = before === undefined ? Infinity : now - before.listed_at;
  return memory !== undefined && (age >= EVERY || age < 0);
}
