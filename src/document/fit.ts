import type { Integrity, StatusDocument } from './schema.ts';

/** Zabbix on MySQL cuts a text at 65,535 bytes; a little is left for what a later producer may add. */
export const MOST_BYTES = 64_000;

/**
 * The document, made small enough for its consumers. What is cut first matters least, and each cut says how much it took: rows of
 * WAL that was found, then older backups and failovers, then the oldest rows of WAL that is missing, for the newest hurts most.
 */
export function fitDocument(document: StatusDocument, most = MOST_BYTES): StatusDocument {
  if (size(document) <= most) return document;
  const rows = withoutFound(document.walg_integrity?.integrity.details ?? []);
  // each row is weighed once: there may be megabytes of them
  const weights = rows.map((row) => size(row) + 1);
  const weight = weights.reduce((sum, one) => sum + one, 0);
  let smaller = document;
  let room = most - size(withRows(smaller, []));
  for (const shrink of [withFewerBackups, withFewerFailovers]) {
    if (weight <= room) break;
    smaller = shrink(smaller);
    room = most - size(withRows(smaller, []));
  }
  const oldest = weights.findLastIndex((one) => (room -= one) < 0) + 1;
  return withRows(smaller, rows.slice(oldest));
}

function size(value: unknown): number {
  return Buffer.byteLength(JSON.stringify(value));
}

type Row = NonNullable<Integrity['details']>[number];

/** Keeps the first and the last FOUND row: they say how far the archive reaches. */
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
