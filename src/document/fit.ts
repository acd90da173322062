import { isLeader } from './members.ts';
import { ownWords } from './witnesses.ts';
import type { Integrity, Member, StatusDocument } from './schema.ts';
import { shorten, type LeftOut, type Limits } from './shorten.ts';

/** Zabbix on MySQL cuts a text at 65,535 bytes; the rest is reserved for keys of later versions. */
export const MOST_BYTES = 64_000;

/** Limits of what is passed through from Patroni (tags), and of the messages and reasons of the checks. */
const PASSED_THROUGH: Limits = { characters: 256, elements: 10_000, keys: 32, levels: 8 };
const JUDGED: Limits = { characters: 1000, elements: 12, keys: 32, levels: 8 };
/** If those cuts are not enough, everything is cut, in steps. */
const STEPS: readonly Limits[] = [
  { characters: 256, elements: 50, keys: 64, levels: 8 },
  { characters: 128, elements: 20, keys: 48, levels: 6 },
  { characters: 64, elements: 8, keys: 40, levels: 5 },
  { characters: 32, elements: 2, keys: 40, levels: 4 },
];

/**
 * The document, made small enough for its consumers. The least important parts are cut first, and what was left out is counted: long texts
 * and members of a list of hundreds, then rows of WAL that was found, then older backups and failovers, then the oldest rows of missing
 * WAL, because the newest matter most.
 */
export function fitDocument(document: StatusDocument, most = MOST_BYTES): StatusDocument {
  if (fits(document, most)) return document;
  const leftOut: LeftOut = new Map(Object.entries(document.left_out ?? {}));
  const counted = (smaller: StatusDocument) =>
    leftOut.size === 0 ? smaller : { ...smaller, left_out: Object.fromEntries([...leftOut].slice(0, MOST_COUNTS)) };
  let fitted = counted(fitRows(counted(withShortTexts(document, most, leftOut)), most));
  for (const limits of STEPS) {
    if (size(fitted) <= most) break;
    const { left_out: _counts, ...rest } = fitted;
    fitted = counted(shorten(rest, limits, '', leftOut) as StatusDocument);
  }
  return fitted;
}

/** The number of places in the document for which the loss is counted. */
const MOST_COUNTS = 40;

/** Texts of Patroni and of the verdict are cut to a readable length, and members to half of the allowed size. */
function withShortTexts(document: StatusDocument, most: number, leftOut: LeftOut): StatusDocument {
  const { cluster_status: cluster, node, health } = document;
  const { members, ...about } = cluster;
  const kept = withinBytes(importantFirst(members, document), most / 2, leftOut);
  const keptInOrder = members.flatMap((member) => kept.get(member) ?? []);
  return {
    ...document,
    cluster_status: {
      ...(shorten(about, PASSED_THROUGH, 'cluster_status', leftOut) as typeof about),
      members: keptInOrder,
    },
    ...(node && { node: shorten(node, { ...PASSED_THROUGH, elements: 50 }, 'node', leftOut) as typeof node }),
    ...(health && { health: shorten(health, JUDGED, 'health', leftOut) as typeof health }),
  };
}

/** The leader and the members that were asked come first. */
function importantFirst(members: readonly Member[], document: StatusDocument): Member[] {
  const [important, others] = [true, false].map((wanted) =>
    members.filter((member) => (isLeader(member) || ownWords(member, document) !== undefined) === wanted),
  );
  return [...(important ?? []), ...(others ?? [])];
}

function withinBytes(members: readonly Member[], most: number, leftOut: LeftOut): Map<Member, Member> {
  const kept = new Map<Member, Member>();
  let room = most;
  for (const member of members) {
    const short = shorten(member, PASSED_THROUGH, 'cluster_status.members', leftOut) as Member;
    room -= size(short) + 1;
    if (room < 0) break;
    kept.set(member, short);
  }
  const missing = members.length - kept.size;
  if (missing > 0) leftOut.set('cluster_status.members', missing);
  return kept;
}

/** Rows of wal-verify, backups and failovers. */
function fitRows(document: StatusDocument, most: number): StatusDocument {
  if (fits(document, most)) return document;
  const rows = withoutFound(document.walg_integrity?.integrity.details ?? []);
  let smaller = document;
  let room = most - size(withRows(smaller, []));
  let newest = rowsWithin(rows, room);
  for (const shrink of [withFewerBackups, withFewerFailovers]) {
    if (room >= 0 && newest.length === rows.length) break;
    smaller = shrink(smaller);
    room = most - size(withRows(smaller, []));
    newest = rowsWithin(rows, room);
  }
  return withRows(smaller, newest);
}

/** The newest rows, as many as there is room for (bytes): the others, of which there may be megabytes, are not even weighed. */
function rowsWithin(rows: readonly Row[], room: number): readonly Row[] {
  let left = room;
  return rows.slice(rows.findLastIndex((row) => (left -= size(row) + 1) < 0) + 1);
}

/** A row whose texts are empty has more characters. */
const SMALLEST_ROW = 80;

function fits(document: StatusDocument, most: number): boolean {
  const rows = document.walg_integrity?.integrity.details?.length ?? 0;
  return rows * SMALLEST_ROW <= most && size(document) <= most;
}

function size(value: unknown): number {
  return Buffer.byteLength(JSON.stringify(value));
}

type Row = NonNullable<Integrity['details']>[number];

/** Keeps the first and the last FOUND row: they show how far the archive reaches. */
function withoutFound(rows: readonly Row[]): Row[] {
  const found = rows.filter((row) => row.status === 'FOUND');
  return rows.filter((row) => row.status !== 'FOUND' || row === found.at(0) || row === found.at(-1));
}

function withFewerBackups(document: StatusDocument): StatusDocument {
  const backups = document.walg_backups;
  if (!backups) return document;
  const recent = backups.recent.slice(0, 8);
  const leftOut = backups.recent.length - recent.length;
  return leftOut === 0 ? document : { ...document, walg_backups: { ...backups, recent, recent_left_out: leftOut } };
}

function withFewerFailovers(document: StatusDocument): StatusDocument {
  return document.failovers ? { ...document, failovers: document.failovers.slice(-20) } : document;
}

function withRows(document: StatusDocument, kept: readonly Row[]): StatusDocument {
  const result = document.walg_integrity;
  const { details } = result?.integrity ?? {};
  if (!result || !details || details.length === kept.length) return document;
  const leftOut: Record<string, number> = { ...result.integrity.details_left_out };
  for (const { status } of details) leftOut[status] = (leftOut[status] ?? 0) + 1;
  for (const { status } of kept) leftOut[status] = (leftOut[status] ?? 0) - 1;
  const details_left_out = Object.fromEntries(Object.entries(leftOut).filter(([, count]) => count > 0));
  return {
    ...document,
    walg_integrity: { ...result, integrity: { ...result.integrity, details: [...kept], details_left_out } },
  };
}
