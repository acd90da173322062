import { onceEach } from '../document/backups.ts';
import type { RememberedPosition } from '../document/memory.ts';
import type { StatusDocument } from '../document/schema.ts';
import { readStorage } from '../wal/read.ts';
import type { Sources } from './collector.ts';

/**
 * What the WAL in the storage is and what can be restored, read from all that the collectors learnt, before the document is cut.
 * Nothing here makes a run partial: it adds what it learns.
 */
export async function readRecovery(
  document: StatusDocument,
  { walg }: Pick<Sources, 'walg'>,
  positions?: readonly RememberedPosition[],
): Promise<StatusDocument> {
  const { walg_backups: listed, walg_verify: verified } = document.collectors ?? {};
  if (listed === null && verified === null) return document;
  // what the collector brought, at once
  const listing = document.walg_last_backup === null ? undefined : await walg.backups().catch(() => undefined);
  const { wal, recovery } = readStorage(document, {
    backups: listing && onceEach(listing.backups),
    ...(listing !== undefined && { complete: listing.failures.length === 0 }),
    positions,
  });
  return { ...document, ...(wal !== null && { wal }), recovery };
}
