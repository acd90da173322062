import type { StatusDocument } from '../../src/document/schema.ts';
import { collectRecorded, type Recording } from '../health/situation.ts';

/** When the recorded storage was healthy. */
const RECORDED = Date.parse('2026-11-21T07:00:00Z');
const HEALTHY = { patroni: 'v4.1.4/s1_healthy.node1', walg: 'v3.0.9/healthy-many' };
const DAY = 86_400_000;
/** Seconds. */
const YEAR = 365 * 86_400;
const MIB = 1024 * 1024;

/** A recorded situation, as if it had been collected just now. */
async function recorded(name: string, situation: Partial<Recording> = {}): Promise<StatusDocument> {
  const document = await collectRecorded({ ...HEALTHY, at: RECORDED, ...situation });
  const { node, cluster_status: cluster } = document;
  const scope = `postgres-${name}`;
  return collectedNow({
    ...document,
    cluster_status: { ...cluster, scope },
    ...(node && { node: { ...node, scope } }),
  });
}

/** The same facts, collected now: all points in time are moved, so that ages stay as they were. */
export function collectedNow(document: StatusDocument): StatusDocument {
  const seconds = Math.floor(Date.now() / 1000) - document.current_timestamp;
  return JSON.parse(JSON.stringify(document), (_, value: unknown) => {
    if (typeof value === 'string' && /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/.test(value))
      return new Date(Date.parse(value) + seconds * 1000).toISOString();
    const isTime = typeof value === 'number' && Math.abs(value - document.current_timestamp) < YEAR;
    return isTime ? value + seconds : value;
  }) as StatusDocument;
}

/** A cluster that gets into trouble: what its ConfigMap holds then, and the problems that Zabbix must have, with their severities. */
export interface Trouble {
  cluster: string;
  then: (healthy: StatusDocument) => unknown;
  rings: readonly string[];
  /** What the operational data of one of them must be. */
  reason?: string;
  /** The problems of the template of before. */
  rangBefore?: readonly string[];
}

export const healthy = (cluster: string): Promise<StatusDocument> => recorded(cluster);

function withMembers(
  document: StatusDocument,
  change: (members: StatusDocument['cluster_status']['members']) => StatusDocument['cluster_status']['members'],
): StatusDocument {
  const { cluster_status: cluster } = document;
  return { ...document, cluster_status: { ...cluster, members: change(cluster.members) } };
}

function withLag(document: StatusDocument, lag: number): StatusDocument {
  return withMembers(document, (members) =>
    members.map((member) => (member.role === 'replica' ? { ...member, lag } : member)),
  );
}

/** One for each row that the template of before leaves silent, and for those that it has alarms for. */
export const troubles: readonly Trouble[] = [
  { cluster: 'healthy', then: () => healthy('healthy'), rings: [] },
  {
    cluster: 'no-backup',
    then: () => recorded('no-backup', { walg: 'v3.0.9/empty-store' }),
    rings: ['2 wal integrity warning', '2 wal timeline warning', '4 backup critical'],
  },
  {
    cluster: 'not-restorable',
    then: () => recorded('not-restorable', { system: '7710362530892479391' }),
    rings: ['4 backup critical', '4 backup source critical'],
  },
  {
    cluster: 'backup-old',
    then: () => recorded('backup-old', { at: RECORDED + 9 * DAY }),
    rings: ['4 backup critical'],
    rangBefore: ['5 last backup week old'],
  },
  {
    cluster: 'storage-gone',
    then: () => recorded('storage-gone', { walg: 'v3.0.9/s3-access-denied' }),
    rings: ['3 not everything can be judged'],
  },
  {
    cluster: 'wal-lost',
    then: () => recorded('wal-lost', { walg: 'v3.0.9/hole-after-newest-backup' }),
    rings: ['4 wal integrity critical'],
    rangBefore: ['5 integrity bad'],
  },
  {
    cluster: 'lagging',
    then: (document) => withLag(document, 5 * MIB),
    rings: ['2 lag warning', '2 replicas warning'],
    rangBefore: ['2 replication lag of node2'],
  },
  {
    cluster: 'replica-stopped',
    then: () => recorded('replica-stopped', { patroni: 'v4.1.4/s4_paused_replica_down.node1' }),
    rings: ['2 maintenance warning', '4 replicas critical'],
  },
  {
    cluster: 'member-vanished',
    then: (document) => withMembers(document, (members) => members.slice(0, 1)),
    rings: ['2 a member has vanished'],
  },
  {
    cluster: 'patroni-down',
    then: () => recorded('patroni-down', { patroni: undefined }),
    rings: ['3 not everything can be judged'],
  },
  {
    cluster: 'lagging-a-little',
    then: (document) => withLag(document, 8192),
    // the limit of the template's macro, which a context lowers for this cluster
    rings: ['2 a replica lags behind'],
  },
  { cluster: 'overwritten', then: () => null, rings: ['3 its status document cannot be read'] },
  {
    cluster: 'publisher-stopped',
    then: (document) => ({ ...document, current_timestamp: document.current_timestamp - 600 }),
    rings: ['4 its status is stale'],
    rangBefore: ['5 status not updated'],
  },
];
