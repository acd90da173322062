import { onceEach } from '../document/backups.ts';
import type { Memory } from '../document/memory.ts';
import type { Backup, Recovery, StatusDocument, Wal } from '../document/schema.ts';
import { verifiedBefore } from '../document/verified.ts';
import { recoveryTarget } from '../text/recovery-target.ts';
import { moment } from '../text/words.ts';
import { readStorage, type Known } from '../wal/read.ts';
import { arrivalsOf } from '../walg/arrivals.ts';
import type { Walg } from '../walg/client.ts';
import type { Sources } from './collector.ts';
import { isListingDue } from './listing-due.ts';
import type { ListedStorage } from './walg-listing.ts';

/**
 * Adds the state of the WAL in the storage and what can be restored, derived from the whole results of the collectors before the document
 * is cut, and from additional calls of WAL-G. A failure of these calls does not make the run partial.
 */
export async function readRecovery(
  document: StatusDocument,
  { walg }: Pick<Sources, 'walg'>,
  memory?: Memory,
): Promise<StatusDocument> {
  const { walg_backups, walg_verify } = document.collectors ?? {};
  if (walg_backups === null && walg_verify === null) return document;
  // the result of the collector: WAL-G is not called again
  const listing = document.walg_last_backup === null ? undefined : await walg.backups().catch(() => undefined);
  const known: Known = {
    backups: listing && onceEach(listing.backups),
    ...(listing !== undefined && { complete: listing.failures.length === 0 }),
    positions: memory?.positions,
  };
  const { stored, rows, history } = await listed(document, walg, listing?.backups, memory);
  const { wal, recovery, arrived }: Found =
    rows === undefined
      ? await readNow(document, known, walg, memory)
      : readStorage({ ...document, failovers: document.failovers ?? history }, { ...known, rows });
  const described = recovery && {
    ...recovery,
    ...(rows !== undefined && { from_storage_alone: true }),
    ...(stored !== undefined && { stored }),
  };
  return {
    ...document,
    ...(wal !== null && { wal }),
    recovery: described && (await withArrivals(walg, described, wal, { before: arrivalsIn(memory), arrived })),
  };
}

/** The WAL in the storage: listed now if that is due, else as an earlier run found it. */
async function listed(
  document: StatusDocument,
  walg: Walg,
  backups: readonly Backup[] | undefined,
  memory: Memory | undefined,
): Promise<ListedStorage> {
  const before = memory?.document.recovery?.stored;
  if (!isListingDue(document, backups, memory)) return { stored: before };
  const { listStorage } = await import('./walg-listing.ts');
  return listStorage(document, walg, backups ?? [], before);
}

/** The state of the storage, and the arrival times (epoch milliseconds) of segments that were looked up for it. */
interface Found {
  wal: Wal | null;
  recovery: Recovery | null;
  arrived?: ReadonlyMap<string, number>;
}

/** The result of the verification; if it is of an earlier run, with the current backlog of the archiver. */
async function readNow(document: StatusDocument, known: Known, walg: Walg, memory: Memory | undefined): Promise<Found> {
  const read = await readSettled(document, known, walg);
  const { wal, recovery } = read;
  if (memory === undefined || wal === null || recovery === null || verifiedBefore(document) === undefined) return read;
  const { readBacklog } = await import('./walg-backlog.ts');
  return readBacklog({ wal, recovery }, document, walg, memory);
}

/** If some WAL is doubtful, asks WAL-G to check its timelines again. */
async function readSettled(document: StatusDocument, known: Known, walg: Walg) {
  const first = readStorage(document, known);
  if (first.wal === null || first.wal.doubtful.segments === 0) return first;
  const { askAboutDoubts } = await import('../walg/eras.ts');
  const settled = await askAboutDoubts(walg, document, first.wal);
  return settled.rows.length === 0 ? first : readStorage(document, { ...known, settled });
}

/** `wal-g st stat` takes 42 ms for each on S3 (measured). */
const MOST_ARRIVALS = 5;

/** Adds when the last segment of each of the newest windows, and the newest segment of all, arrived. */
async function withArrivals(
  walg: Walg,
  recovery: Recovery,
  wal: Wal | null,
  { before, arrived: now }: { before: ReadonlyMap<string, number>; arrived?: Found['arrived'] },
): Promise<Recovery> {
  const newest = wal?.newest_found ?? undefined;
  const windows = recovery.windows?.slice(-MOST_ARRIVALS) ?? [];
  const last = windows.toReversed().flatMap(({ last_segment: name }) => name ?? []);
  const wanted = [...new Set([...(newest === undefined ? [] : [newest]), ...last])].slice(0, MOST_ARRIVALS);
  // between two verifications only the segments that were just looked up are new
  const asked =
    now ??
    (await arrivalsOf(
      walg,
      wanted.filter((name) => !before.has(name)),
    ));
  const arrivals = new Map([...before, ...asked]);
  if (arrivals.size === 0) return recovery;
  const arrived = newest === undefined ? undefined : arrivals.get(newest);
  return {
    ...recovery,
    windows:
      recovery.windows?.map((window) => {
        const time = arrivals.get(window.last_segment ?? '');
        // the time is wrong if the clock of the storage is behind, or the storage was copied
        return time === undefined || time < (moment(window.to ?? window.from) ?? -Infinity)
          ? window
          : { ...window, to_at_most: recoveryTarget(time, 'up') };
      }) ?? null,
    ...(arrived !== undefined && { newest_wal_arrived_at: recoveryTarget(arrived, 'up') }),
  };
}

/** The arrival times that an earlier run found, epoch milliseconds by segment name: they do not change. */
function arrivalsIn(memory: Memory | undefined): Map<string, number> {
  const { wal, recovery } = memory?.document ?? {};
  const told = [
    [wal?.newest_found, recovery?.newest_wal_arrived_at],
    ...(recovery?.windows ?? []).map((window) => [window.last_segment, window.to_at_most]),
  ];
  const arrivals = new Map<string, number>();
  for (const [name, text] of told) {
    const time = moment(text);
    if (name != null && time !== undefined) arrivals.set(name, time);
  }
  return arrivals;
}
