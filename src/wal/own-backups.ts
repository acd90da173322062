import type { NewestBackup } from '../document/backups.ts';
import type { StatusDocument, Unrestorable } from '../document/schema.ts';
import { descendsFrom } from './history.ts';
import { parseLsn } from './lsn.ts';
import { parseSegment, segmentAt, segmentBytes } from './rows.ts';

/** A backup with what it takes to restore it. */
export interface Placed {
  backup: NewestBackup;
  /** The segments that it starts and ends in; undefined where its name tells none, and the end where it has no details. */
  start: number | undefined;
  end: number | undefined;
  timeline: number | undefined;
  /** Where it ends, as a byte number. */
  finish: bigint | undefined;
  /** Why it cannot be restored, whatever the WAL. */
  flaw: Flaw | undefined;
}

export type Flaw = Pick<Unrestorable, 'reason' | 'missing'>;

/**
 * The backups with what is wrong with them apart from the WAL: taken from another system, on a timeline that the cluster does not
 * descend from (a clone in the same prefix, a restore in place), or a delta without its base.
 * @param backups newest first.
 * @param complete the list is whole: what is not in it is not there.
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

/** It was taken from this cluster, in its past. */
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

/** `base_<segment>`, of a delta with `_D_` and the segment of its base; old versions add an offset to either. */
const NAME = /^base_([0-9A-F]{24})(?:_[0-9A-F]{8})?(?:_D_([0-9A-F]{24})(?:_[0-9A-F]{8})?)?$/i;

/** The whole backups that start in a segment, by the systems that they were taken from, and what a broken one there lacks. */
interface Starting {
  whole: Set<string>;
  lacks: string | undefined;
}

const NOT_TOLD = '';

/** The deltas whose chain of bases is not whole, each with the name of the base that is missing. */
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

/** A delta starts in a later segment than its base, on the same timeline or a later one, whatever the clocks of the hosts said. */
function basesFirst(backups: readonly NewestBackup[]) {
  const named = backups.flatMap((backup) => {
    const [, segment = '', base] = NAME.exec(backup.backup_name.toUpperCase()) ?? [];
    return segment === '' ? [] : [{ backup, segment, base }];
  });
  const order = ({ segment, base }: { segment: string; base?: string | undefined }) =>
    `${segment.slice(8)}${base === undefined ? 0 : 1}${segment}`;
  return named.toSorted((a, b) => (order(a) < order(b) ? -1 : Number(order(a) > order(b))));
}
