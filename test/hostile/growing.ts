import type { StatusDocument } from '../../src/document/schema.ts';

/** A part of a document that an attacker can make as long as its bound allows. */
export interface Growing {
  title: string;
  /** The bound, or a size at which a super-linear algorithm is noticed. */
  most: number;
  grow: (document: StatusDocument, size: number) => StatusDocument;
}

const times = <Item>(size: number, make: (index: number) => Item): Item[] =>
  Array.from({ length: size }, (_, index) => make(index));

function members(document: StatusDocument, size: number, change: (index: number) => Record<string, unknown>) {
  const all = times(size, (index) => ({
    name: `m${String(index)}`,
    role: index === 0 ? 'leader' : 'replica',
    state: index === 0 ? 'running' : 'streaming',
    host: `10.0.${String(index >> 8)}.${String(index % 256)}`,
    timeline: 3,
    lag: index,
    ...change(index),
  }));
  return { ...document, cluster_status: { ...document.cluster_status, members: all } };
}

const segment = (timeline: number, index: number) =>
  [timeline, index >> 8, index % 256]
    .map((part) => part.toString(16).padStart(8, '0'))
    .join('')
    .toUpperCase();

function rows(document: StatusDocument, size: number, timelineOf: (row: number) => number): StatusDocument {
  const details = times(size, (row) => ({
    timeline_id: timelineOf(row),
    start_segment: segment(timelineOf(row), 2 * row),
    end_segment: segment(timelineOf(row), 2 * row + 1),
    segments_count: 2,
    status: row % 2 === 0 ? 'FOUND' : 'MISSING_LOST',
  }));
  return { ...document, walg_integrity: { integrity: { status: 'FAILURE', details } } };
}

export const GROWING: readonly Growing[] = [
  { title: 'members', most: 10_000, grow: (document, size) => members(document, size, () => ({})) },
  {
    title: 'members in trouble, with tags',
    most: 10_000,
    grow: (document, size) =>
      members(document, size, (index) => ({
        state: index % 3 === 0 ? 'crashed' : 'running',
        timeline: index % 5,
        tags: { replicatefrom: `m${String(size - index)}`, note: 'a'.repeat(100), nofailover: index % 2 === 0 },
      })),
  },
  {
    title: 'members that the leader lists, and as many strangers',
    most: 10_000,
    grow: (document, size) => {
      const grown = members(document, size / 2, () => ({}));
      const stream = (name: string) => ({
        application_name: name,
        client_addr: '10.0.0.1',
        state: 'streaming',
        sync_state: 'async',
      });
      const replication = times(size, (index) => stream(index % 2 === 0 ? `m${String(index)}` : `x${String(index)}`));
      return { ...grown, ...(document.node && { node: { ...document.node, name: 'm0', replication } }) };
    },
  },
  {
    title: 'other nodes',
    most: 2_000,
    grow: (document, size) => {
      const { node } = document;
      if (!node) return document;
      const others = times(size, (index) => ({ ...node, name: `m${String(index)}`, role: 'replica' }));
      return { ...members(document, size, () => ({})), other_nodes: others };
    },
  },
  { title: 'rows of WAL on one timeline', most: 20_000, grow: (document, size) => rows(document, size, () => 3) },
  {
    title: 'rows of WAL on as many timelines',
    most: 20_000,
    grow: (document, size) => rows(document, size, (row) => row + 1),
  },
  {
    title: 'backups',
    most: 4_000,
    grow: (document, size) => {
      const { walg_backups: backups } = document;
      const [backup] = backups?.recent ?? [];
      if (!backups || backup === undefined) return document;
      const recent = times(size, (index) => ({
        ...backup,
        backup_name: `base_${segment(3, index)}${index % 2 === 0 ? '' : `_D_${segment(3, index % 4)}`}`,
        time: new Date(1.76e12 - index * 3_600_000).toISOString(),
        wal_file_name: segment(3, index),
      }));
      return { ...document, walg_backups: { ...backups, count: size, full: size, recent } };
    },
  },
  {
    title: 'failovers',
    most: 10_000,
    grow: (document, size) => ({
      ...document,
      failovers: times(size, (index) => ({
        timeline: index + 1,
        lsn: `${index.toString(16)}/3000000`,
        reason: 'no recovery target specified',
        time: new Date(1.76e12 + index * 60_000).toISOString(),
        new_leader: `m${String(index)}`,
      })),
    }),
  },
  {
    title: 'keys that nobody knows',
    most: 20_000,
    grow: (document, size) => ({
      ...document,
      cluster_status: {
        ...document.cluster_status,
        ...Object.fromEntries(times(size, (index) => [`https://u:p${String(index)}`, `a=${String(index)} "b"`])),
      },
    }),
  },
  {
    title: 'characters of one text',
    most: 1_000_000,
    grow: (document, size) => ({
      ...document,
      cluster_status: { ...document.cluster_status, note: 'a://b:c %41\\u0041 '.repeat(size / 20) },
    }),
  },
];
