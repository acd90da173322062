import type { Integrity, StatusDocument } from './schema.ts';

/** Zabbix on MySQL cuts a text at 65,535 bytes; a little is left for what a later producer may add. */
export const MOST_BYTES = 64_000;

/**
 * The document, made small enough for its consumers. What is cut first matters least, and each cut says how much it took: rows of
 * WAL that was found, then older backups and failovers, then the oldest rows of WAL that is missing.
 */
export function fitDocument(document: StatusDocument, most = MOST_BYTES): StatusDocument {
  let fitted = document;
  for (const shrink of [withoutFoundRows, withFewerBackups, withFewerFailovers]) {
    if (size(fitted) <= most) return fitted;
    fitted = shrink(fitted);
  }
  return withNewestMissingRows(fitted, most);
}

function size(document: StatusDocument): number {
  return Buffer.byteLength(JSON.stringify(document));
}

type Row = NonNullable<Integrity['details']>[number];

/** Keeps the first and the last FOUND row: they say how far the archive reaches. */
function withoutFoundRows(document: StatusDocument): StatusDocument {
  const rows = document.walg_integrity?.integrity.details ?? [];
  const found = rows.filter((row) => row.status === 'FOUND');
  const kept = new Set([found.at(0), found.at(-1)]);
  return withRows(document, (row) => row.status !== 'FOUND' || kept.has(row));
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

/** As many of the newest rows as there is room for, found by halving: the newest missing WAL hurts most. */
function withNewestMissingRows(document: StatusDocument, most: number): StatusDocument {
  const rows = document.walg_integrity?.integrity.details ?? [];
  const keepNewest = (number: number) => {
    const kept = new Set(number === 0 ? [] : rows.slice(-number));
    return withRows(document, (row) => kept.has(row));
  };
  let [fits, tooMany] = [0, rows.length + 1];
  while (tooMany - fits > 1) {
    const middle = Math.floor((fits + tooMany) / 2);
    if (size(keepNewest(middle)) <= most) fits = middle;
    else tooMany = middle;
  }
  return fits === rows.length ? document : keepNewest(fits);
}

function withRows(document: StatusDocument, keep: (row: Row) => boolean): StatusDocument {
  const result = document.walg_integrity;
  if (!result?.integrity.details) return document;
  const leftOut: Record<string, number> = { ...result.integrity.details_left_out };
  const details = result.integrity.details.filter((row) => {
    if (keep(row)) return true;
    leftOut[row.status] = (leftOut[row.status] ?? 0) + 1;
    return false;
  });
  if (details.length === result.integrity.details.length) return document;
  return {
    ...document,
    walg_integrity: { ...result, integrity: { ...result.integrity, details, details_left_out: leftOut } },
  };
}
