import { isFit } from '../../document/fitness.ts';
import { isLeader, isPhantom, lockHolders } from '../../document/members.ts';
import type { StatusDocument } from '../../document/schema.ts';
import { epochSeconds } from '../../text/times.ts';
import { gauge, writeLabels, type Family } from './exposition.ts';

/** A cluster has a few members; this bounds the number of series. */
const MOST_MEMBERS = 100;
const DAY = 86_400;

/** The cluster according to Patroni. A missing list of members is not a list of 0 members. */
export function patroniFamilies(document: StatusDocument, now: number): Family[] {
  return [
    ...clusterFamilies(document),
    ...memberFamilies(document),
    ...nodeFamilies(document),
    ...failoverFamilies(document, now),
  ];
}

function clusterFamilies(document: StatusDocument): Family[] {
  const { cluster_status: cluster, node, patroni_config: config } = document;
  const known = cluster.members.length > 0;
  const standby =
    lockHolders(document)[0]?.role === 'standby_leader' || node?.role === 'standby_leader' || config?.standby_cluster;
  return [
    gauge(
      'postgres_status_patroni_members',
      'How many members Patroni lists.',
      known ? cluster.members.filter((member) => !isPhantom(member)).length : null,
    ),
    gauge(
      'postgres_status_patroni_members_healthy',
      'How many members run, replicate if they are replicas, and are on the timeline of the leader.',
      known ? cluster.members.filter((member) => isFit(member, document)).length : null,
    ),
    gauge(
      'postgres_status_patroni_has_leader',
      'Whether a member is leader or standby leader.',
      known ? lockHolders(document).length > 0 : null,
    ),
    gauge(
      'postgres_status_patroni_is_standby_cluster',
      'Whether the cluster follows another one.',
      known || node || config ? (standby ?? false) : null,
    ),
    gauge(
      'postgres_status_patroni_paused',
      'Whether Patroni is in maintenance mode.',
      known || node ? cluster['pause'] === true || node?.paused === true : null,
    ),
    gauge(
      'postgres_status_patroni_scheduled_switchover',
      'Whether a switchover is scheduled.',
      known ? cluster['scheduled_switchover'] != null : null,
    ),
    gauge(
      'postgres_status_archive_mode_enabled',
      "Whether archive_mode is on or always in Patroni's dynamic configuration.",
      document.patroni_archive_enabled,
    ),
    gauge(
      'postgres_status_archive_command_set',
      "Whether archive_command is in Patroni's dynamic configuration; Spilo keeps it elsewhere.",
      document.patroni_archive_command_set,
    ),
  ];
}

function memberFamilies(document: StatusDocument): Family[] {
  const members = document.cluster_status.members
    .slice(0, MOST_MEMBERS)
    .map((member) => ({ member, labels: writeLabels({ member: member.name }) }));
  const replicas = members.filter(({ member }) => !isLeader(member));
  const bytes = (lag: unknown) => (typeof lag === 'number' ? lag : null);
  return [
    gauge(
      'postgres_status_patroni_member_info',
      'A member with its role and state. Always 1.',
      members.map(({ member: { name, role, state } }) => ({ labels: { member: name, role, state }, value: 1 })),
    ),
    gauge(
      'postgres_status_patroni_member_healthy',
      'Whether the member runs, replicates if it is a replica, and is on the timeline of the leader.',
      members.map(({ labels, member }) => ({ labels, value: isFit(member, document) })),
    ),
    gauge(
      'postgres_status_patroni_member_timeline',
      'The timeline of the member.',
      members.map(({ labels, member }) => ({ labels, value: member.timeline })),
    ),
    gauge(
      'postgres_status_patroni_member_lag_known',
      'Whether it is known how far the replica is behind.',
      replicas.map(({ labels, member }) => ({ labels, value: typeof member.lag === 'number' })),
    ),
    gauge(
      'postgres_status_patroni_member_lag_bytes',
      'How far the replica is behind the leader.',
      replicas.map(({ labels, member }) => ({ labels, value: bytes(member.lag) })),
    ),
    gauge(
      'postgres_status_patroni_member_receive_lag_bytes',
      'How far the replica is behind in receiving WAL.',
      replicas.map(({ labels, member }) => ({ labels, value: bytes(member['receive_lag']) })),
    ),
    gauge(
      'postgres_status_patroni_member_replay_lag_bytes',
      'How far the replica is behind in replaying WAL.',
      replicas.map(({ labels, member }) => ({ labels, value: bytes(member['replay_lag']) })),
    ),
    gauge(
      'postgres_status_patroni_member_pending_restart',
      'Whether PostgreSQL must be restarted for a setting to take effect.',
      members.map(({ labels, member }) => ({ labels, value: member['pending_restart'] === true })),
    ),
  ];
}

function nodeFamilies({ node }: StatusDocument): Family[] {
  if (!node) return [];
  const { name, role, state, patroni_version: patroni, server_version: server, system_identifier: system } = node;
  const labels = {
    member: name ?? '',
    role,
    state,
    patroni_version: patroni ?? '',
    server_version: server ?? '',
    system_identifier: system ?? '',
  };
  return [
    gauge('postgres_status_patroni_node_info', 'The member that was asked, according to itself. Always 1.', [
      { labels, value: 1 },
    ]),
    gauge(
      'postgres_status_patroni_cluster_unlocked',
      'Whether the leader lock is free, according to the member that was asked.',
      node.cluster_unlocked,
    ),
    gauge(
      'postgres_status_patroni_failsafe_mode_active',
      'Whether failsafe mode keeps the leader up.',
      node.failsafe_mode_is_active,
    ),
    gauge(
      'postgres_status_patroni_dcs_last_seen_timestamp_seconds',
      'When the member that was asked last heard from the DCS, in seconds since the epoch.',
      node.dcs_last_seen,
    ),
    gauge(
      'postgres_status_patroni_postmaster_start_timestamp_seconds',
      'When PostgreSQL started on the member that was asked, in seconds since the epoch.',
      epochSeconds(node.postmaster_start_time),
    ),
  ];
}

function failoverFamilies({ failovers }: StatusDocument, now: number): Family[] {
  if (!failovers) return [];
  const times = failovers.flatMap(({ time }) => epochSeconds(time) ?? []);
  const within = (seconds: number) => times.filter((time) => time > now - seconds).length;
  return [
    gauge(
      'postgres_status_patroni_last_failover_timestamp_seconds',
      'When the leader last changed, by switchover or failover, in seconds since the epoch.',
      times.length === 0 ? null : Math.max(...times),
    ),
    gauge(
      'postgres_status_patroni_failovers_recent',
      'How often the leader changed within the window, by switchover or failover.',
      times.length === failovers.length
        ? [
            { labels: { window: '24h' }, value: within(DAY) },
            { labels: { window: '7d' }, value: within(7 * DAY) },
          ]
        : [],
    ),
  ];
}
