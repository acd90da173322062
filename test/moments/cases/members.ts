import { bad, critical, either, ok, told, unknown, warning } from '../claims.ts';
import type { Body } from '../moment.ts';
import type { Case } from './case.ts';
import {
  backup,
  type Cluster,
  configBody,
  DAY,
  healthy,
  LEADER_AT,
  member,
  moment,
  NOW,
  replicaBody,
  row,
  segment,
  sender,
  type Storage,
  unknownLag,
  verifySays,
} from './healthy.ts';

/** The healthy cluster with changes to its members in /cluster. */
function listing(changes: Readonly<Record<string, Body>>, more: Partial<Cluster> = {}): Cluster {
  const cluster = { ...healthy(), ...more };
  const members = cluster.cluster.members.map((one) => ({ ...one, ...changes[one.name] }));
  return { ...cluster, cluster: { ...cluster.cluster, members } };
}

function withLeader(cluster: Cluster, more: Body): Cluster {
  return { ...cluster, nodes: { ...cluster.nodes, 'pg-a': { ...cluster.nodes['pg-a'], ...more } } };
}

/** Only these are left in /cluster, and in the leader's list. */
function only(cluster: Cluster, ...names: readonly string[]): Cluster {
  const members = cluster.cluster.members.filter(({ name }) => names.includes(name));
  const replication = [sender('pg-b', '10.9.0.12'), sender('pg-c', '10.9.0.13')].filter(({ application_name: name }) =>
    names.includes(String(name)),
  );
  return withLeader({ ...cluster, cluster: { ...cluster.cluster, members } }, { replication });
}

const strict = { synchronous_mode: true, synchronous_mode_strict: true };
const synchronous = (more: Body): Cluster => ({ ...healthy(), config: configBody({}, more) });
const any = either(['ok', 'warning', 'critical', 'unknown']);

const stuck = {
  received_location: 7_012_407_968,
  replayed_location: 7_012_407_968,
  replayed_timestamp: '2026-09-12 13:45:09+00:00',
  paused: false,
};
const behind = LEADER_AT - 7_012_407_968;

/** pg-c is stuck on timeline 2 since the last failover; the archiver of the leader is 40 segments behind. */
function stuckReplica(): Cluster {
  const cluster = listing({
    'pg-c': {
      ...unknownLag,
      state: 'in archive recovery',
      timeline: 2,
      lag: behind,
      replay_lag: behind,
      lsn: '1/A1F8DAA0',
      replay_lsn: '1/A1F8DAA0',
    },
  });
  const node = replicaBody('pg-c', { replication_state: 'in archive recovery', timeline: 2, xlog: stuck });
  return withLeader(
    { ...cluster, nodes: { ...cluster.nodes, 'pg-c': node } },
    { replication: [sender('pg-b', '10.9.0.12')] },
  );
}

const fortyBehind: Storage = {
  backups: [backup(segment(1, 0x90), 6 * DAY, { timeline: 2 }), backup(segment(1, 0xe0), 3 * DAY)],
  more: {
    verify: verifySays(
      [
        row(2, segment(1, 0x90), segment(1, 0xa0)),
        row(3, segment(1, 0xa1), segment(1, 0xef)),
        row(3, segment(1, 0xf0), segment(2, 0x07), 'MISSING_LOST'),
        row(3, segment(2, 0x08), segment(2, 0x17), 'MISSING_UPLOADING'),
      ],
      'FAILURE',
    ),
    verifyOn: {
      2: verifySays([row(2, segment(1, 0x90), segment(1, 0xa0))], 'OK', {
        status: 'FAILURE',
        current_timeline_id: 2,
        highest_storage_timeline_id: 3,
      }),
    },
  },
};

/** The leader of a standby cluster streams from its source; it archives nothing and has no backups. */
function standbyCluster(more: Body = {}): Case['moment'] {
  const leader = replicaBody('pg-a', {
    role: 'standby_leader',
    replication: [sender('pg-b', '10.9.0.12'), sender('pg-c', '10.9.0.13')],
    xlog: { received_location: LEADER_AT, replayed_location: LEADER_AT, replayed_timestamp: null, paused: false },
    ...more,
  });
  const cluster = listing(
    { 'pg-a': { role: 'standby_leader', state: leader['replication_state'] } },
    { config: configBody({}, { standby_cluster: { host: '10.8.0.1', port: 5432 } }), history: [] },
  );
  return moment(
    { ...cluster, nodes: { ...cluster.nodes, 'pg-a': leader } },
    {
      storage: {
        backups: [],
        integrity: 'WARNING',
        rows: [row(3, 1, segment(2, 7), 'MISSING_LOST'), row(3, segment(2, 8), segment(2, 0x17), 'MISSING_UPLOADING')],
        timeline: { status: 'WARNING', highest_storage_timeline_id: 0 },
      },
    },
  );
}

/** After a failover the new leader hangs in recovery: it holds the lock and takes no writes. */
function leaderInRecovery(listed: Body): Cluster {
  const node = replicaBody('pg-a', {
    replication_state: 'in archive recovery',
    xlog: { received_location: LEADER_AT, replayed_location: LEADER_AT, replayed_timestamp: null, paused: false },
  });
  const cluster = only(listing({ 'pg-a': listed }), 'pg-a');
  return { ...cluster, nodes: { ...cluster.nodes, 'pg-a': node } };
}

const strangers = [
  sender('Debezium Streaming', '10.9.4.7', { usename: 'cdc' }),
  sender('orders_sub', '10.9.5.7', { usename: 'reporting' }),
  sender('barman_receive_wal', '10.9.6.7', { usename: 'barman' }),
];
const lagging = (bytes: number): Body => ({ lag: bytes, receive_lag: bytes, replay_lag: bytes });
const MIB_784 = lagging(822_083_584);

/** The host of the leader has crashed: the replicas have lost their streams, and /cluster does not show it yet. */
function leaderDied(): Case['moment'] {
  const cluster = healthy();
  const lost = { replication_state: 'in archive recovery' };
  const nodes = { ...cluster.nodes, 'pg-b': replicaBody('pg-b', lost), 'pg-c': replicaBody('pg-c', lost) };
  const { members, ...rest } = moment({ ...cluster, nodes }, { asked: ['pg-b'] });
  const { 'pg-a': _, ...living } = members;
  return { ...rest, members: living };
}
const unknownWal = { collection: unknown(), wal_integrity: unknown(), wal_timeline: unknown() };

export const memberCases: readonly Case[] = [
  {
    name: 'the leader has died, asked pg-b',
    moment: leaderDied(),
    claims: { verdict: critical(/pg-a/), leader: critical(/pg-a/, /pg-b/), replicas: warning(/pg-b/), ...unknownWal },
  },
  {
    name: 'the leader has died, and must not be asked',
    moment: leaderDied(),
    args: ['--leader-api', 'never'],
    claims: { verdict: unknown(), leader: unknown(/pg-a/, /pg-b/), replicas: warning(/pg-b/), ...unknownWal },
  },
  {
    name: '04 strict synchronous mode, two replicas, nobody is synchronous',
    moment: moment(synchronous(strict)),
    claims: { verdict: critical(/synchronous/), synchronous: critical(/commit/) },
  },
  {
    name: '04 strict synchronous mode, and the leader is alone',
    moment: moment(only(synchronous(strict), 'pg-a')),
    claims: {
      verdict: critical(/synchronous/),
      synchronous: critical(/commit/),
      replicas: any,
      members: any,
    },
  },
  {
    name: '04 synchronous mode, nobody is synchronous: commits go on',
    moment: moment(synchronous({ synchronous_mode: true })),
    claims: { verdict: warning(/synchronous/), synchronous: warning() },
  },
  {
    name: '04 strict synchronous mode, well',
    moment: moment(
      withLeader(listing({ 'pg-b': { role: 'sync_standby' } }, { config: configBody({}, strict) }), {
        replication: [
          sender('pg-b', '10.9.0.12', { sync_state: 'sync', sync_priority: 1 }),
          sender('pg-c', '10.9.0.13'),
        ],
      }),
    ),
    claims: { verdict: ok() },
  },
  {
    name: '04 quorum of two, one of them is there',
    moment: moment(
      withLeader(
        listing(
          { 'pg-b': { role: 'quorum_standby' } },
          { config: configBody({}, { synchronous_mode: 'quorum', synchronous_node_count: 2 }) },
        ),
        {
          replication: [
            sender('pg-b', '10.9.0.12', { sync_state: 'quorum', sync_priority: 1 }),
            sender('pg-c', '10.9.0.13'),
          ],
        },
      ),
    ),
    claims: { verdict: warning(/synchronous/), synchronous: warning() },
  },
  {
    name: '05 the first URL has lost its DCS, the second is the healthy leader',
    moment: moment(
      {
        ...healthy(),
        nodes: {
          ...healthy().nodes,
          'pg-c': replicaBody('pg-c', { cluster_unlocked: true, dcs_last_seen: NOW / 1000 - 200 }),
        },
      },
      { asked: ['pg-c', 'pg-a'], cut: ['pg-c'] },
    ),
    claims: {
      verdict: warning(/pg-c/),
      leader: ok(/pg-a/),
      archiving: ok(),
      collection: either(['ok', 'warning']),
      dcs: either(['ok', 'warning']),
      replicas: either(['ok', 'warning']),
      lag: ok(),
      failovers: ok(),
      rest: either(['ok', 'warning']),
    },
  },
  ...([['pg-c', 'pg-a'], ['pg-c']] as const).map((asked): Case => ({
    name: `06 a replica is stuck on the old timeline, asked ${asked.join(' and ')}`,
    moment: moment(stuckReplica(), { asked, storage: fortyBehind }),
    claims: {
      verdict: bad(),
      replicas: warning(/pg-c/),
      lag: any,
      wal_integrity: bad(),
      wal_timeline: ok(),
      recovery: any,
    },
  })),
  ...([['pg-c', 'pg-a'], ['pg-c']] as const).map((asked): Case => ({
    // after the connection is cut, the leader lists the replica until wal_sender_timeout
    name: `06 the same, and the leader lists it still, asked ${asked.join(' and ')}`,
    moment: moment(
      withLeader(stuckReplica(), { replication: [sender('pg-b', '10.9.0.12'), sender('pg-c', '10.9.0.13')] }),
      { asked },
    ),
    claims: { verdict: bad(/pg-c/), replicas: warning(/pg-c/, /timeline 2/), lag: any },
  })),
  {
    name: '11 CDC, a subscriber and Barman stream',
    moment: moment(
      withLeader(healthy(), { replication: [sender('pg-b', '10.9.0.12'), sender('pg-c', '10.9.0.13'), ...strangers] }),
    ),
    claims: {
      verdict: ok(),
      replicas: ok(/Debezium Streaming/, /orders_sub/, /barman_receive_wal/),
    },
  },
  {
    name: '13 a member has vanished, three are expected',
    moment: moment(only(healthy(), 'pg-a', 'pg-b')),
    args: ['--members-min', '3'],
    claims: { verdict: warning(), members: warning(/2/, /3/) },
  },
  {
    name: '13 a former leader of yesterday has vanished',
    moment: moment(
      only(
        {
          ...healthy(),
          history: [
            ...healthy().history,
            [2, 7_012_407_968, 'no recovery target specified', '2026-11-24T13:45:10.500000+00:00', 'pg-c'],
          ],
        },
        'pg-a',
        'pg-b',
      ),
    ),
    claims: { verdict: warning(/pg-c/), members: warning(/pg-c/, /--members-min/) },
  },
  {
    // the same host, and no new timeline
    name: '13 the leader goes by another name since three weeks',
    moment: moment({
      ...healthy(),
      history: [...healthy().history.slice(0, 1), [2, 7_012_407_968, 'x', '2026-11-04T13:45:10+00:00', 'db-1']],
    }),
    claims: { verdict: ok() },
  },
  {
    name: '17 every replica is further behind than Patroni allows',
    moment: moment(listing({ 'pg-b': MIB_784, 'pg-c': MIB_784 })),
    claims: { verdict: warning(), replicas: warning(/maximum_lag_on_failover/), lag: warning() },
  },
  {
    name: '17 the same, with a limit of the operator for the lag',
    moment: moment(listing({ 'pg-b': MIB_784, 'pg-c': MIB_784 })),
    args: ['--lag-max', '1GiB'],
    claims: { verdict: warning(), replicas: warning(/maximum_lag_on_failover/), lag: ok() },
  },
  {
    name: '17 one of them is near enough',
    moment: moment(listing({ 'pg-c': MIB_784 })),
    claims: { verdict: warning(), lag: warning(/pg-c/) },
  },
  {
    name: '18 pg-c receives everything and replays nothing',
    moment: moment(listing({ 'pg-c': { replay_lag: 42_949_672_960, replay_lsn: '0/0' } })),
    claims: { verdict: warning(), lag: warning(/pg-c/, /40 GiB/) },
  },
  {
    // it replays only from the archive, so it is always up to a segment behind
    name: '19 a member for disaster recovery',
    moment: moment(
      (() => {
        const cluster = healthy();
        const far = member('dr-1', {
          role: 'replica',
          state: 'in archive recovery',
          ...unknownLag,
          lag: 13_631_488,
          replay_lag: 13_631_488,
          tags: { nostream: true, nofailover: true, noloadbalance: true },
        });
        return { ...cluster, cluster: { ...cluster.cluster, members: [...cluster.cluster.members, far] } };
      })(),
    ),
    claims: { verdict: ok(), lag: ok() },
  },
  {
    name: '20 the leader hangs in recovery',
    moment: moment(leaderInRecovery({ role: 'leader', state: 'running' })),
    claims: {
      verdict: critical(/pg-a|leader/),
      leader: critical(/recovery/),
      replicas: any,
      members: any,
      archiving: any,
    },
  },
  {
    // as a later Patroni would list it (Patroni pull request 3697)
    name: '20 the same, promoted and in archive recovery',
    moment: moment(leaderInRecovery({ role: 'promoted', state: 'in archive recovery' })),
    claims: {
      verdict: critical(),
      leader: critical(/pg-a/),
      replicas: any,
      lag: any,
      members: any,
      archiving: any,
    },
  },
  {
    name: '28 a replica cannot start',
    moment: moment(
      withLeader(listing({ 'pg-c': { ...unknownLag, state: 'start failed', timeline: undefined } }), {
        replication: [sender('pg-b', '10.9.0.12')],
      }),
    ),
    claims: { verdict: warning(), replicas: warning(/pg-c/), lag: ok() },
  },
  {
    name: '29 a standby cluster, well',
    moment: standbyCluster(),
    claims: {
      verdict: ok(),
      backup: ok(),
      wal_integrity: ok(),
      wal_timeline: ok(),
      backup_source: either(['ok', 'unknown']),
    },
  },
  {
    name: '29 a standby cluster that was cut off three days ago',
    moment: standbyCluster({
      replication_state: 'in archive recovery',
      xlog: {
        received_location: LEADER_AT,
        replayed_location: LEADER_AT,
        replayed_timestamp: '2026-11-22 20:00:00.1+00:00',
        paused: false,
      },
    }),
    claims: { verdict: bad(), anywhere: told(/3 d\b/), rest: any },
  },
  {
    // Patroni 2.1, /cluster has lost the addresses of two members
    name: '32 both replicas are left on an old timeline',
    moment: moment(
      (() => {
        const left = {
          role: 'replica',
          state: 'running',
          api_url: 'http://:8008/patroni',
          timeline: 15,
          lag: 230_193_504,
        };
        const cluster = healthy();
        const { replication: _, ...node } = cluster.nodes['pg-a'];
        const leader = { ...node, role: 'master', timeline: 19, patroni: { version: '2.1.0', scope: 'main' } };
        const members = [
          { name: 'pg-b', ...left },
          { name: 'pg-a', role: 'leader', state: 'running', api_url: 'http://:8008/patroni', timeline: 19 },
          { name: 'pg-c', ...left },
        ];
        return { ...cluster, nodes: { ...cluster.nodes, 'pg-a': leader }, cluster: { members } };
      })(),
      {
        storage: {
          backups: [backup(segment(2, 1), DAY, { timeline: 19 })],
          rows: [row(19, segment(2, 1), segment(2, 0x17))],
          timeline: { current_timeline_id: 19, highest_storage_timeline_id: 19 },
        },
      },
    ),
    claims: { verdict: critical(), replicas: critical(/pg-b/, /pg-c/, /15/), lag: any },
  },
];
