import type { StatusDocument } from '../../src/document/schema.ts';
import { collect, judged } from '../stand-ins/documents.ts';

/** The input of the format tests: documents made from recorded replies, and verdicts written by hand. */
export interface Shown {
  document: StatusDocument;
  /** The time that ages count from. */
  now: string;
}

const passed = (...names: string[]) => names.map((name) => ({ name, status: 'ok' as const, message: 'all is well' }));

/** Adds a third member, with the tags that affect the output. */
function withThirdMember(document: StatusDocument, member: Record<string, unknown>): StatusDocument {
  const [, replica] = document.cluster_status.members;
  if (replica === undefined) throw new Error('no replica was recorded');
  const third = { ...replica, name: 'node3', ...member };
  return {
    ...document,
    cluster_status: { ...document.cluster_status, members: [...document.cluster_status.members, third] },
  };
}

function poison(value: unknown): unknown {
  if (typeof value === 'string') return `${value}\u001b[2J\r\n'|"\\\u202e=1`;
  if (Array.isArray(value)) return value.map(poison);
  if (typeof value !== 'object' || value === null) return value;
  // an enumeration: the schema rejects any other value
  const isChoice = (key: string) => key === 'archive_command' || key === 'outcome';
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, isChoice(key) ? part : poison(part)]));
}

/** The example of the contract: a document of the earlier shell script. */
export const olderDocument = {
  cluster_status: {
    members: [
      {
        name: 'acid-postgres-0',
        role: 'replica',
        state: 'streaming',
        api_url: 'http://1.2.3.4:8008/patroni',
        host: '1.2.3.4',
        port: 5432,
        timeline: 10,
        lag: 0,
      },
    ],
    scope: 'acid-postgres',
  },
  patroni_archive_enabled: true,
  patroni_archive_command_set: false,
  walg_last_backup: {
    backup_name: 'base_0000000A00000007000000D1',
    time: '2025-02-17T18:22:45.192Z',
    wal_file_name: '0000000A00000007000000D1',
    storage_name: 'default',
  },
  walg_timeline: { timeline: { status: 'OK', details: { current_timeline_id: 10, highest_storage_timeline_id: 10 } } },
  walg_integrity: {
    integrity: {
      status: 'FAILURE',
      details: [
        {
          timeline_id: 1,
          start_segment: '000000010000000000000009',
          end_segment: '00000001000000000000003E',
          segments_count: 54,
          status: 'MISSING_LOST',
        },
      ],
    },
  },
  current_timestamp: 1739886583,
} as unknown as StatusDocument;

const at = '2026-11-21T09:00:00Z';
const now = '2026-11-21T09:00:12Z';

const makers = {
  async 'healthy-three-members'() {
    const document = await collect({ patroni: 'v4.1.4/s1_healthy.node1', walg: 'v3.0.9/healthy-many', at });
    const three = withThirdMember(document, {
      host: '10.0.0.3',
      lag: 1_572_864,
      tags: { nofailover: true, clonefrom: false, nosync: true },
    });
    return {
      document: judged(
        three,
        passed(
          'collection',
          'leader',
          'replicas',
          'lag',
          'maintenance',
          'dcs',
          'archiving',
          'backup',
          'backup_source',
          'wal_integrity',
          'wal_timeline',
          'failovers',
        ),
      ),
      now,
    };
  },

  async 'replica-down-lag-unknown'() {
    const document = await collect({ patroni: 'v4.1.4/s4_paused_replica_down.node1', walg: 'v3.0.9/healthy-many', at });
    return {
      document: judged(document, [
        ...passed('collection', 'leader', 'dcs', 'archiving'),
        {
          name: 'replicas',
          status: 'critical',
          message: 'no replica that may take over is fit: node2 is stopped',
          value: 0,
          unit: 'members',
        },
        { name: 'lag', status: 'unknown', message: 'how far node2 is behind is not known' },
        {
          name: 'maintenance',
          status: 'warning',
          message: 'Patroni is paused: no replica takes over if the leader fails',
        },
        {
          name: 'backup',
          status: 'ok',
          message: 'the newest backup is 1 h 49 min old',
          value: 6540,
          unit: 'seconds',
          critical: 691_200,
        },
        ...passed('backup_source', 'wal_integrity', 'wal_timeline', 'failovers'),
      ]),
      now,
    };
  },

  async 'postgres-of-the-leader-gone'() {
    const document = await collect({
      patroni: 'v4.1.4/s5_paused_leader_down_t0.node1',
      walg: 'v3.0.9/archiver-behind-20',
      at,
    });
    return {
      document: judged(document, [
        {
          name: 'leader',
          status: 'critical',
          message: 'node1 holds the leader lock, and its PostgreSQL does not answer',
        },
        { name: 'replicas', status: 'critical', message: 'no replica could take over: node2 is stopped' },
      ]),
      now,
    };
  },

  async 'switchover-and-restart-planned'() {
    const document = await collect({
      patroni: 'v4.1.4/s2_sync_pending_sched.node1',
      walg: 'v3.0.9/healthy-1-backup',
      at: '2026-11-20T21:05:00Z',
    });
    return {
      document: judged(document, [
        { name: 'maintenance', status: 'ok', message: 'a switchover from node1 to node2 is scheduled' },
        ...passed('leader', 'replicas'),
      ]),
      now: '2026-11-20T21:05:00Z',
    };
  },

  /** Rows of three recorded timelines, with gaps added by hand: before and after the newest backup, and at the end. */
  async 'lost-wal-three-timelines'() {
    const document = await collect({
      patroni: 'v4.1.4/s10_after_failover.node2',
      walg: 'v3.0.9/healthy-three-timelines',
      at,
    });
    const row = (timeline_id: number, from: string, to: string, status: string) => {
      const name = (segment: string) =>
        `${timeline_id.toString(16).padStart(8, '0')}00000000${segment.padStart(8, '0')}`.toUpperCase();
      return {
        timeline_id,
        start_segment: name(from),
        end_segment: name(to),
        segments_count: Number.parseInt(to, 16) - Number.parseInt(from, 16) + 1,
        status,
      };
    };
    const details = [
      row(1, '2', '4', 'FOUND'),
      row(1, '5', '6', 'MISSING_LOST'),
      row(1, '7', '44', 'FOUND'),
      row(2, '45', '62', 'FOUND'),
      row(3, '63', '6E', 'FOUND'),
      row(3, '6F', '6F', 'MISSING_LOST'),
      row(3, '70', '7B', 'FOUND'),
      row(3, '7C', '7F', 'MISSING_UPLOADING'),
    ];
    return {
      document: judged({ ...document, walg_integrity: { integrity: { status: 'FAILURE', details } } }, [
        ...passed(
          'collection',
          'leader',
          'replicas',
          'lag',
          'maintenance',
          'dcs',
          'archiving',
          'backup',
          'backup_source',
          'wal_timeline',
          'failovers',
        ),
        {
          name: 'wal_integrity',
          status: 'critical',
          message:
            '1 segment is lost on timeline 3 (00000003000000000000006F), after the newest full backup began: from there to now nothing can be restored; 2 segments are lost on timeline 1 (000000010000000000000005 to 000000010000000000000006): points in time before the newest backup cannot be restored through them',
          value: 3,
          unit: 'segments',
        },
      ]),
      now,
    };
  },

  async 'no-backups'() {
    const document = await collect({ patroni: 'v4.1.4/s1_healthy.node1', walg: 'v3.0.9/empty-store', at });
    return {
      document: judged(document, [
        ...passed('collection', 'leader', 'replicas', 'lag', 'maintenance', 'dcs'),
        {
          name: 'backup',
          status: 'critical',
          message:
            'there is no backup, and no WAL: an empty storage usually means another bucket, prefix or endpoint than the one that is written to',
        },
      ]),
      now,
    };
  },

  async 'patroni-not-reachable'() {
    const document = await collect({ walg: 'v3.0.9/healthy-many', at });
    return {
      document: judged(document, [
        {
          name: 'collection',
          status: 'unknown',
          message: 'patroni could not be collected: nobody listens at http://127.0.0.1:1',
        },
        {
          name: 'leader',
          status: 'unknown',
          message: 'whether there is a leader is not known, for Patroni gave no list of members',
        },
        ...passed('backup', 'wal_integrity', 'wal_timeline'),
      ]),
      now,
    };
  },

  async 'nothing-reachable'() {
    const document = await collect({ at });
    return {
      document: judged(document, [{ name: 'collection', status: 'unknown', message: 'nothing could be collected' }]),
      now,
    };
  },

  'older-producer': () =>
    Promise.resolve({
      document: judged(olderDocument, [
        {
          name: 'collection',
          status: 'critical',
          message: 'the document is 1 h 2 min old: whoever made it has stopped',
          value: 3720,
          unit: 'seconds',
          critical: 300,
        },
        ...passed('backup'),
      ]),
      now: '2025-02-18T14:51:43Z',
    }),

  async 'many-backups'() {
    const document = await collect({
      patroni: 'v3.0.4/s1_healthy.node1',
      walg: 'v3.0.9/many-155-backups',
      skip: 'walg_verify',
      at,
    });
    return { document: judged(document, passed('leader', 'replicas', 'backup')), now };
  },

  /** Names that Patroni accepts, and that would break a format without escaping. */
  async 'hostile-names'() {
    const document = await collect({ patroni: 'v4.1.4/s1_healthy.node1', walg: 'v3.0.9/healthy-1-backup', at });
    const hostile = withThirdMember(document, {
      name: "dänge\"r\\ous|\u001b[31m\n\u202ename='x'",
      state: 'start failed',
      lag: 'unknown',
    });
    const wide = withThirdMember(hostile, {
      name: '東京データベース-0',
      role: 'sync_standby',
      tags: { failover_priority: 2, datacenter: '東京' },
    });
    return {
      document: judged({ ...wide, cluster_status: { ...wide.cluster_status, scope: 'demo' } }, [
        {
          name: 'replicas',
          status: 'warning',
          message: "dänge\"r\\ous|\u001b[31m\n\u202ename='x' is in state start failed",
        },
      ]),
      now,
    };
  },

  /** A forged document: every text in it ends with characters that a terminal, a shell or a parser would interpret. */
  async 'hostile-document'() {
    const document = await collect({
      patroni: 'v4.1.4/s10_after_failover.node2',
      walg: 'v3.0.9/hole-before-newest-backup',
      at,
    });
    const checks = [{ name: 'leader', status: 'critical' as const, message: 'no leader' }];
    const { health, ...others } = judged(document, checks);
    return {
      document: { ...(poison(others) as StatusDocument), health: { status: health?.status ?? 'ok', checks } },
      now,
    };
  },
} satisfies Record<string, () => Promise<Shown>>;

export type SituationName = keyof typeof makers;

/** Documents by name; each is made once. */
export const situations = Object.fromEntries(
  Object.entries(makers).map(([name, make]) => {
    let shown: Promise<Shown> | undefined;
    return [name, () => (shown ??= make())];
  }),
) as Record<SituationName, () => Promise<Shown>>;
