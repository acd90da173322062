import type { Memory } from '../document/memory.ts';
import { leaderPosition } from '../document/positions.ts';
import type { Recovery, StatusDocument, Wal } from '../document/schema.ts';
import { withHead, withoutHead } from '../wal/head.ts';
import type { Walg } from '../walg/client.ts';
import { findHead } from '../walg/head.ts';

/** Replaces the archiver's backlog of an earlier verification by the current one; if that is not known, records since when. */
export async function readBacklog(
  read: { wal: Wal; recovery: Recovery },
  document: StatusDocument,
  walg: Walg,
  memory: Memory,
): Promise<{ wal: Wal; recovery: Recovery; arrived: Map<string, number> }> {
  const last = memory.document.wal;
  const position = leaderPosition(document);
  const known = last?.newest_found ?? read.wal.newest_found;
  const head = position === undefined || known === null ? undefined : await findHead(walg, read.wal, position, known);
  if (head === undefined) {
    const since = last?.backlog_not_known_since ?? memory.document.current_timestamp;
    return { ...withoutHead(read, since), arrived: new Map() };
  }
  const { name, arrived } = head.found;
  return {
    ...withHead(read, head, document, memory.positions),
    arrived: new Map(arrived === undefined ? [] : [[name, arrived]]),
  };
}
