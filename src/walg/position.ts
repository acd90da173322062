import { formatLsn } from '../wal/lsn.ts';
import type { Patroni } from '../patroni/client.ts';

/** From where WAL-G looks back. */
export interface Position {
  timeline: number;
  lsn: string;
}

/** Where the WAL of the member that was asked is; undefined where Patroni does not say. */
export async function reportedPosition(patroni: Patroni): Promise<Position | undefined> {
  const node = await patroni.node().catch(() => undefined);
  const { location, received_location: received, replayed_location: replayed } = node?.xlog ?? {};
  // from the archive a standby replays what it never received
  const furthest = [location, received, replayed].reduce<bigint>(
    (most, position) => (position != null && BigInt(position) > most ? BigInt(position) : most),
    0n,
  );
  // looking back from 0, WAL-G would find nothing missing
  if (!node?.timeline || furthest === 0n) return undefined;
  return { timeline: node.timeline, lsn: formatLsn(String(furthest)) };
}
