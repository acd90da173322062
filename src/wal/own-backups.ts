import type { NewestBackup } from '../document/backups.ts';
import type { StatusDocument, Unrestorable } from '../document/schema.ts';
import { descendsFrom } from './history.ts';
import { parseLsn } from './lsn.ts';
import { parseSegment, segmentAt, segmentBytes } from './rows.ts';

/** A backup with what is needed to restore it. */
export interface Placed {
  backup: NewestBackup;
  /** The segments in which it starts and ends; undefined if its name has none, the end also if it has no details. */
  start: number | undefined;
  end: number | undefined;
  timeline: number | undefined;
  /** The LSN at which it ends, as a number. */
  finish: bigint | undefined;
  /** Why it cannot be restored, apart from missing WAL. */
  flaw: Flaw | undefined;
}

export type Flaw = Pick<Unrestorable, 'reason' | 'missing'>;

/**
 * The backups and why they cannot be restored, apart from missing WAL: taken from another cluster, on a timeline that is not in the history
 * of the cluster (a clone in the same prefix, a restore in place), or a delta without its base.
 * @param backups newest first.
 * @param complete the list is complete: a backup that is not in it does not exist.
 * @param size of a segment, in MB
 */
export function placeBackups(
  document: StatusDocument,
  backups: readonly NewestBackup[],
  complete: boolean,
  size: number,
): Placed[] {
  const broken = complete ? brokenChains(backups) : new Map<NewestBackup, string>();
  const system = document.leader?.system_identifier ?? document.node?.system_identifier ?? undefined;
  const bytes = segmentBytes(size);
  return backups.map((backup) => {
    const segment = parseSegment(backup.wal_file_name ?? '', size);
    const finish = backup.finish_lsn == null ? undefined : parseLsn(backup.finish_lsn);
    const end = finish === undefined ? undefined : segmentAt(finish - 1n, size);
    const place = { backup, start: segment?.number, end, timeline: segment?.timeline, finish };
    return { ...place, flaw: flawOf(document, place, system, broken.get(backup), bytes) };
  });
}

/** Whether it was taken from this cluster, on a timeline of its history. */
export function isOwn({ flaw }: Pick<Placed, 'flaw'>): boolean {
  return flaw?.reason !== 'other_system' && flaw?.reason !== 'other_timeline';
}

function flawOf(
  document: StatusDocument,
  { backup, start, timeline, finish }: Omit<Placed, 'flaw'>,
  system: string | undefined,
  missingBase: string | undefined,
  bytes: bigint,
): Flaw | undefined {
  if (system !== undefined && backup.system_identifier != null && backup.system_identifier !== system)
    return { reason: 'other_system', missing: backup.system_identifier };
  if (timeline !== undefined) {
    const position = finish ?? (start === undefined ? undefined : BigInt(start) * bytes);
    if (descendsFrom(document, timeline, position) === false)
      return { reason: 'other_timeline', missing: String(timeline) };
  }
  return missingBase === undefined ? undefined : { reason: 'base_missing', missing: missingBase };
}

/** `base_<segment>`, for a delta followed by `_D_` and the segment of its base; old versions add an offset to both. */
const NAME = /^base_([0-9A-F]{24})(?:_[0-9A-F]{8})?(?:_D_([0-9A-F]{24})(?:_[0-9A-F]{8})?)?$/i;

/** The complete backups that start in a segment, by system identifier, and what an incomplete one lacks. */
interface Starting {
  whole: Set<string>;
  lacks: string | undefined;
}

const NOT_TOLD = '';

/** The deltas with an incomplete chain of bases, each with the name of the missing base. */
function brokenChains(backups: readonly NewestBackup[]): Map<NewestBackup, string> {
  const broken = new Map<NewestBackup, string>();
  const starting = new Map<string, Starting>();
  for (const { backup, segment, base } of basesFirst(backups)) {
    const system = backup.system_identifier ?? NOT_TOLD;
    const lacks = base === undefined ? undefined : missingBase(base, system, starting.get(base));
    if (lacks !== undefined) broken.set(backup, lacks);
    const there = starting.get(segment) ?? { whole: new Set(), lacks: undefined };
    if (lacks === undefined) there.whole.add(system);
    else there.lacks = lacks;
    starting.set(segment, there);
  }
  return broken;
}

function missingBase(base: string, system: string, there: Starting | undefined): string | undefined {
  const { whole = new Set<string>(), lacks } = there ?? {};
  if (whole.has(system) || whole.has(NOT_TOLD) || (system === NOT_TOLD && whole.size > 0)) return undefined;
  return lacks ?? `base_${base}`;
}

/**
 * Sorted so that each base comes before its deltas: a delta starts in a later segment, on the same or a later timeline. Clocks may be
 * wrong.
 */
function basesFirst(backups: readonly NewestBackup[]) {
  const named = backups.flatMap((backup) => {
    const [, segment = '', base] = NAME.exec(backup.backup_name.toUpperCase()) ?? [];
    return segment === '' ? [] : [{ backup, segment, base }];
  });
  const order = ({ segment, base }: { segment: string; base?: string | undefined }) =>
    `${segment.slice(8)}${base === undefined ? 0 : 1}${segment}`;
  return named.toSorted((a, b) => (order(a) < order(b) ? -1 : Number(order(a) > order(b))));
}
