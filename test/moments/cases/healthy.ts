import { bigNumbers } from '../from-document.ts';
import {
  type Body,
  type ClusterBody,
  type ClusterMember,
  type Moment,
  type NodeBody,
  type Replies,
} from '../moment.ts';
import { said, type Said, WALG_309 } from '../moment.ts';

export const NOW = Date.parse('2026-11-25T20:00:00Z');
export const HOUR = 3600;
export const DAY = 24 * HOUR;
const SYSTEM = '7507672962298572862';
/** 2/18000000: the position of the leader, whose last archived segment is ..17. */
export const LEADER_AT = 8_992_587_776;
const SEGMENT = 16 * 1024 * 1024;

/** ISO 8601, so many seconds from now. */
export function isoAt(seconds: number): string {
  return new Date(NOW + seconds * 1000).toISOString();
}

export type Name = 'pg-a' | 'pg-b' | 'pg-c';

/** Three members of Patroni 4.1.4: pg-a leads on timeline 3, both others stream; seven daily backups, no WAL is missing. */
export interface Cluster {
  nodes: Record<Name, NodeBody>;
  cluster: ClusterBody;
  config: Body;
  history: unknown[];
}

export function healthy(): Cluster {
  return {
    nodes: { 'pg-a': leaderBody(), 'pg-b': replicaBody('pg-b'), 'pg-c': replicaBody('pg-c') },
    cluster: {
      members: [
        member('pg-a', { role: 'leader', state: 'running' }),
        member('pg-b', { role: 'replica', state: 'streaming', ...noLag }),
        member('pg-c', { role: 'replica', state: 'streaming', ...noLag }),
      ],
      scope: 'main',
    },
    config: configBody(),
    history: [
      [1, 4_412_407_968, 'no recovery target specified', '2026-08-01T03:11:02.100000+00:00', 'pg-b'],
      [2, 7_012_407_968, 'no recovery target specified', '2026-09-12T13:45:10.500000+00:00', 'pg-a'],
    ],
  };
}

const noLag = {
  lag: 0,
  receive_lag: 0,
  receive_lsn: '2/18000000',
  replay_lag: 0,
  replay_lsn: '2/18000000',
  lsn: '2/18000000',
};
/** The positions of a member without any, in /cluster. */
export const unknownLag = {
  lag: 'unknown',
  receive_lag: 'unknown',
  replay_lag: 'unknown',
  lsn: 'unknown',
  receive_lsn: 'unknown',
  replay_lsn: 'unknown',
};

export function member(name: string, more: Body): ClusterMember {
  const host = `10.9.0.1${'abcdef'.indexOf(name.at(-1) ?? '') + 1}`;
  return { name, api_url: `http://${host}:8008/patroni`, host, port: 5432, timeline: 3, ...more };
}

function leaderBody(): NodeBody {
  return {
    ...nodeBody('pg-a'),
    role: 'primary',
    xlog: { location: LEADER_AT },
    replication: [sender('pg-b', '10.9.0.12'), sender('pg-c', '10.9.0.13')],
  };
}

export function replicaBody(name: Name, more: Body = {}): NodeBody {
  return {
    ...nodeBody(name),
    role: 'replica',
    replication_state: 'streaming',
    xlog: { received_location: LEADER_AT, replayed_location: LEADER_AT, replayed_timestamp: isoAt(-1), paused: false },
    ...more,
  };
}

function nodeBody(name: Name): NodeBody {
  return {
    role: '',
    state: 'running',
    postmaster_start_time: isoAt(-DAY),
    server_version: 160_010,
    timeline: 3,
    dcs_last_seen: NOW / 1000 - 3,
    database_system_identifier: SYSTEM,
    patroni: { version: '4.1.4', scope: 'main', name },
  };
}

export function sender(name: string, address: string, more: Body = {}): Body {
  return {
    usename: 'standby',
    application_name: name,
    client_addr: address,
    state: 'streaming',
    sync_state: 'async',
    sync_priority: 0,
    ...more,
  };
}

export function configBody(parameters: Body = {}, more: Body = {}): Body {
  return {
    ttl: 30,
    loop_wait: 10,
    retry_timeout: 10,
    maximum_lag_on_failover: 1_048_576,
    ...more,
    postgresql: {
      use_pg_rewind: true,
      use_slots: true,
      parameters: {
        archive_mode: 'on',
        archive_command: 'envdir /etc/wal-g.d/env wal-g wal-push %p',
        archive_timeout: 60,
        ...parameters,
      },
    },
  };
}

/** The healthy members and storage, with these changes. */
export function moment(
  cluster: Cluster,
  {
    asked = ['pg-a'],
    storage = {},
    cut = [],
  }: { asked?: readonly Name[]; storage?: Storage; cut?: readonly Name[] } = {},
): Moment {
  const members: Record<string, Replies> = {};
  for (const [name, patroni] of Object.entries(cluster.nodes)) {
    const { cluster: list, config, history } = cluster;
    members[name] = cut.some((one) => one === name) ? { patroni } : { patroni, cluster: list, config, history };
  }
  return { at: NOW, asked, members, walg: walgSays(storage) };
}

export interface Storage {
  backups?: readonly Body[];
  /** Rows of wal-verify, and its status. */
  rows?: readonly Row[];
  integrity?: 'OK' | 'WARNING' | 'FAILURE';
  timeline?: Body;
  more?: Partial<Moment['walg']>;
}

const DAILY = [0xb0, 0xc0, 0xd0, 0xe0, 0xf0].map((low) => segment(1, low)).concat(segment(2, 5), segment(2, 0x10));

function walgSays(storage: Storage): Moment['walg'] {
  const backups = storage.backups ?? DAILY.map((number, index) => backup(number, (6 - index) * DAY + 8 * HOUR));
  const rows = storage.rows ?? [row(3, segment(1, 0xb0), segment(2, 0x17))];
  return {
    version: WALG_309,
    backups: said(bigNumbers(backups)),
    verify: verifySays(rows, storage.integrity, storage.timeline),
    show: showSays(rows),
    arrivals: {},
    ...storage.more,
  };
}

export function verifySays(rows: readonly Row[], status = 'OK', timeline: Body = {}): Said {
  const details = { current_timeline_id: 3, highest_storage_timeline_id: 3, ...timeline };
  const { status: word = 'OK', ...numbers } = details as Body;
  return said(JSON.stringify({ integrity: { status, details: rows }, timeline: { status: word, details: numbers } }));
}

/** The output of wal-show: a timeline extends from its first found segment to its last. */
function showSays(rows: readonly Row[]): Said {
  const timelines = [...new Set(rows.map(({ timeline_id: timeline }) => timeline))];
  const shown = timelines.flatMap((id) => {
    const found = rows.filter((one) => one.timeline_id === id && one.status === 'FOUND');
    const [first, last] = [found[0], found.at(-1)];
    if (first === undefined || last === undefined) return [];
    const between = rows.filter((one) => one.timeline_id === id).slice(rows.indexOf(first), rows.indexOf(last) + 1);
    const holes = between.filter(({ status }) => status !== 'FOUND');
    return {
      id,
      parent_id: 0,
      switch_point_lsn: 0,
      start_segment: first.start_segment,
      end_segment: last.end_segment,
      segments_count: found.reduce((sum, one) => sum + one.segments_count, 0),
      missing_segments: holes.flatMap((hole) => namesIn(hole)),
      backups: [],
      segment_range_size: 0,
      status: holes.length === 0 ? 'OK' : 'LOST_SEGMENTS',
    };
  });
  return said(JSON.stringify(shown));
}

export interface Row {
  timeline_id: number;
  start_segment: string;
  end_segment: string;
  segments_count: number;
  status: 'FOUND' | 'MISSING_LOST' | 'MISSING_UPLOADING';
}

/** Segments are counted from the first. */
export function row(timeline: number, first: number, last: number, status: Row['status'] = 'FOUND'): Row {
  return {
    timeline_id: timeline,
    start_segment: segmentName(timeline, first),
    end_segment: segmentName(timeline, last),
    segments_count: last - first + 1,
    status,
  };
}

function namesIn({ timeline_id: timeline, start_segment: start, segments_count: count }: Row): string[] {
  const first = Number.parseInt(start.slice(8, 16), 16) * 256 + Number.parseInt(start.slice(16), 16);
  return Array.from({ length: count }, (_, index) => segmentName(timeline, first + index)).reverse();
}

export function segment(high: number, low: number): number {
  return high * 256 + low;
}

export function segmentName(timeline: number, number: number): string {
  return [timeline, Math.floor(number / 256), number % 256].map(hex8).join('');
}

function hex8(number: number): string {
  return number.toString(16).toUpperCase().padStart(8, '0');
}

interface BackupChanges extends Body {
  /** The segment of the base. */
  base?: number;
  timeline?: number;
}

/** A backup that ended so many seconds ago, after ten minutes. */
export function backup(number: number, ago: number, { base, timeline = 3, ...more }: BackupChanges = {}): Body {
  const name = segmentName(timeline, number);
  return {
    backup_name: `base_${name}${base === undefined ? '' : `_D_${segmentName(timeline, base)}`}`,
    time: isoAt(-ago),
    wal_file_name: name,
    storage_name: 'default',
    start_time: isoAt(-ago - 600),
    finish_time: isoAt(-ago),
    date_fmt: '%Y-%m-%dT%H:%M:%S.%fZ',
    hostname: 'pg-b',
    data_dir: '/var/lib/postgresql/16/main',
    pg_version: 160_010,
    start_lsn: number * SEGMENT + 40,
    finish_lsn: number * SEGMENT + 4136,
    is_permanent: false,
    system_identifier: SYSTEM,
    uncompressed_size: base === undefined ? 52_604_967_632 : 1_604_967_632,
    compressed_size: base === undefined ? 18_858_502_390 : 458_502_390,
    ...more,
  };
}
