import { asCollectError, joinErrors } from '../errors.ts';
import type { Cluster, Failover, Node, PatroniConfig, StatusDocument } from '../document/schema.ts';
import { formatLsn } from '../wal/lsn.ts';
import { ClosedError, NoAnswerError, together } from '../patroni/failures.ts';
import { leads } from '../document/members.ts';
import type { ConfigReply, HistoryRow, NodeReply } from '../patroni/replies.ts';
import type { Collector } from './collector.ts';

type PatroniPart = Pick<
  StatusDocument,
  'cluster_status' | 'patroni_archive_enabled' | 'patroni_archive_command_set' | 'node' | 'patroni_config' | 'failovers'
>;

/** As many switches as say how often it happens, and which timeline a WAL segment of the last backups belongs to. */
const MOST_FAILOVERS = 50;

/** The cluster as Patroni sees it: `/patroni`, `/config`, `/cluster` and `/history`, each of which may fail by itself. */
export const patroni: Collector<PatroniPart> = {
  unknown: {
    cluster_status: { members: [] },
    patroni_archive_enabled: null,
    patroni_archive_command_set: null,
    node: null,
    patroni_config: null,
    failovers: null,
  },

  async collect({ patroni }) {
    const [node, config, cluster, history] = await Promise.allSettled([
      patroni.node(),
      patroni.config(),
      patroni.cluster(),
      patroni.history(),
    ]);
    const failures = together(
      [node, config, cluster, history].flatMap((answer) =>
        answer.status === 'rejected' ? [asCollectError(answer.reason)] : [],
      ),
    );
    if ([node, config, cluster, history].every((answer) => answer.status === 'rejected')) throw joinErrors(failures);
    const members = answered(cluster);
    return {
      part: {
        cluster_status: members ?? { members: [] },
        ...archiving(answered(config)),
        node: describeNode(answered(node), cluster),
        patroni_config: describeConfig(answered(config)),
        failovers: answered(history)?.slice(-MOST_FAILOVERS).map(describeSwitch) ?? null,
      },
      failures,
    };
  },
};

function answered<Value>(answer: PromiseSettledResult<Value>): Value | undefined {
  return answer.status === 'fulfilled' ? answer.value : undefined;
}

/** As when the DCS is gone: Patroni holds the connection for its retry_timeout and closes it (reference: patroni.md, 2). */
function isUnanswered(answer: PromiseSettledResult<unknown>): boolean {
  return (
    answer.status === 'rejected' && (answer.reason instanceof ClosedError || answer.reason instanceof NoAnswerError)
  );
}

function describeNode(reply: NodeReply | undefined, cluster: PromiseSettledResult<Cluster>): Node | null {
  if (reply === undefined) return null;
  const position = reply.xlog?.location ?? reply.xlog?.received_location ?? reply.xlog?.replayed_location;
  return {
    name: reply.patroni.name ?? leaderName(reply, answered(cluster)) ?? null,
    role: reply.role,
    state: reply.state,
    timeline: reply.timeline ?? null,
    lsn: position == null ? null : formatLsn(position),
    replication_state: reply.replication_state ?? null,
    system_identifier: reply.database_system_identifier ?? null,
    server_version: reply.server_version ?? null,
    patroni_version: reply.patroni.version ?? null,
    scope: reply.patroni.scope ?? null,
    postmaster_start_time: reply.postmaster_start_time ?? null,
    paused: reply.pause ?? false,
    cluster_unlocked: reply.cluster_unlocked ?? false,
    failsafe_mode_is_active: reply.failsafe_mode_is_active ?? false,
    dcs_last_seen: reply.dcs_last_seen ?? null,
    ...(isUnanswered(cluster) && { cluster_unanswered: true }),
    pending_restart: reply.pending_restart ?? false,
    replication: (reply.replication ?? []).map((standby) => ({
      application_name: standby.application_name ?? null,
      client_addr: standby.client_addr ?? null,
      state: standby.state ?? null,
      sync_state: standby.sync_state ?? null,
    })),
  };
}

/**
 * Before 3.2 a member does not say its name. One that leads is the leader of `/cluster`, on the same timeline: after a failover the old
 * leader may still call itself one.
 */
function leaderName(reply: NodeReply, cluster: Cluster | undefined): string | undefined {
  if (!leads(reply.role)) return undefined;
  const leader = cluster?.members.find((member) => member.role === 'leader' || member.role === 'standby_leader');
  return leader?.timeline === undefined || reply.timeline == null || leader.timeline === reply.timeline
    ? leader?.name
    : undefined;
}

/** What PostgreSQL takes for on and always, whatever the case, and `true` and 1 as JSON has them (measured: reference, patroni.md 3). */
const ARCHIVING = ['on', 'true', 'yes', '1', 'always'];

function archiving(
  config: ConfigReply | undefined,
): Pick<PatroniPart, 'patroni_archive_enabled' | 'patroni_archive_command_set'> {
  if (config === undefined) return { patroni_archive_enabled: null, patroni_archive_command_set: null };
  return {
    patroni_archive_enabled: ARCHIVING.includes((parameter(config, 'archive_mode') ?? '').toLowerCase()),
    patroni_archive_command_set: parameter(config, 'archive_command') !== undefined,
  };
}

/** A PostgreSQL parameter of the dynamic configuration as text: names are of any case, and null takes a parameter away. */
function parameter(config: ConfigReply, name: string): string | undefined {
  const entries = Object.entries(config.postgresql?.parameters ?? {});
  const value = entries.find(([key, value]) => key.toLowerCase() === name && value !== null)?.[1];
  if (value === undefined) return undefined;
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function describeConfig(config: ConfigReply | undefined): PatroniConfig | null {
  if (config === undefined) return null;
  const number = (name: string) => (typeof config[name] === 'number' ? config[name] : null);
  const { synchronous_mode: synchronous, failsafe_mode: failsafe, standby_cluster: standby } = config;
  return {
    ttl: number('ttl'),
    loop_wait: number('loop_wait'),
    maximum_lag_on_failover: number('maximum_lag_on_failover'),
    synchronous_mode: typeof synchronous === 'boolean' || typeof synchronous === 'string' ? synchronous : null,
    failsafe_mode: typeof failsafe === 'boolean' ? failsafe : null,
    standby_cluster: typeof standby === 'object' && standby !== null && Object.keys(standby).length > 0,
    archive_mode: parameter(config, 'archive_mode') ?? null,
  };
}

function describeSwitch(row: HistoryRow): Failover {
  return { ...row, lsn: formatLsn(row.lsn) };
}
