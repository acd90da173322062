import { newestBackup } from '../document/backups.ts';
import { clusterTimeline, isLeader } from '../document/members.ts';
import type { Memory } from '../document/memory.ts';
import type { StatusDocument } from '../document/schema.ts';
import { parseLsn } from '../wal/lsn.ts';
import { recentSwitch } from '../wal/history.ts';
import { parseSegment, segmentAt } from '../wal/rows.ts';
import { leaderPosition } from '../walg/position.ts';
import type { Earlier, Sources } from './collector.ts';

/** A verification of an earlier run, and when it was (epoch seconds). */
export interface VerifiedBefore {
  part: Pick<StatusDocument, 'walg_timeline' | 'walg_integrity'>;
  at: number;
}

/**
 * The verification that an earlier run saved, if it is still valid: it is recent enough, and neither the cluster, its leader, its timeline,
 * its newest backup nor the environment of WAL-G has changed. Undefined = verify now, also if one of these is not known.
 */
export async function verifiedEarlier(
  sources: Pick<Sources, 'patroni' | 'walg'>,
  { memory, maxAge, fingerprint, now }: Earlier,
): Promise<VerifiedBefore | undefined> {
  const { document } = memory;
  const { walg_integrity, walg_timeline } = document;
  const { ok, collected_at: at } = document.collectors?.walg_verify ?? {};
  if (ok !== true || at == null || now - at < 0 || now - at > maxAge || memory.walg_environment !== fingerprint)
    return undefined;
  if (walg_integrity === null || walg_timeline === null || !isSettled(document, at)) return undefined;
  return (await isUnchanged(memory, sources)) ? { part: { walg_timeline, walg_integrity }, at } : undefined;
}

/**
 * Whether the result stays valid while the cluster does not change: the document has all of it, WAL was found, there was no recent switch
 * of the timeline, and no WAL is doubtful. The archiver's backlog is determined in every run, but the newest backup must not depend on it.
 */
function isSettled(document: StatusDocument, at: number): boolean {
  const { wal, recovery, walg_integrity: verified } = document;
  if (wal == null || recovery == null || verified?.integrity.details_left_out !== undefined) return false;
  if (wal.newest_found === null || wal.doubtful.segments > 0 || wal.asked_again !== undefined) return false;
  if (recovery.not_restorable.some(({ reason }) => reason === 'wal_not_archived')) return false;
  const size = wal.segment_size / 1024 / 1024;
  const found = parseSegment(wal.newest_found, size)?.number ?? -1;
  const finish = parseLsn(newestBackup(document)?.finish_lsn ?? '');
  if (finish !== undefined && segmentAt(finish - 1n, size) > found) return false;
  return recentSwitch(document, size, at * 1000) === undefined;
}

async function isUnchanged(
  { document, cluster: kept }: Memory,
  { patroni, walg }: Pick<Sources, 'patroni' | 'walg'>,
): Promise<boolean> {
  const [position, cluster, view, listing] = await Promise.all([
    leaderPosition(patroni).catch(() => undefined),
    patroni.cluster().catch(() => undefined),
    patroni.node().catch(() => undefined),
    walg.backups().catch(() => undefined),
  ]);
  if (position === undefined || cluster === undefined || view === undefined || listing === undefined) return false;
  const leader = cluster.members.find(isLeader)?.name;
  const system = view.reply.database_system_identifier;
  return (
    listing.failures.length === 0 &&
    (kept?.system_identifier === undefined || system === undefined || String(system) === kept.system_identifier) &&
    position.timeline === clusterTimeline(document) &&
    leader !== undefined &&
    leader === document.cluster_status.members.find(isLeader)?.name &&
    listing.backups[0]?.backup_name === newestBackup(document)?.backup_name
  );
}
