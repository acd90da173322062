import type { Node } from '../document/schema.ts';
import { formatLsn } from '../wal/lsn.ts';
import type { NodeReply } from './replies.ts';

/** A member's own status for the document. `name` is used if the reply has none (before Patroni 3.2). */
export function describeNode(reply: NodeReply, name: string | undefined): Node {
  const { xlog } = reply;
  const position = xlog?.location ?? xlog?.received_location ?? xlog?.replayed_location;
  return {
    name: reply.patroni.name ?? name ?? null,
    role: reply.role,
    state: reply.state,
    timeline: reply.timeline ?? null,
    lsn: lsn(position),
    replication_state: reply.replication_state ?? null,
    system_identifier: reply.database_system_identifier ?? null,
    server_version: reply.server_version ?? null,
    patroni_version: reply.patroni.version ?? null,
    scope: reply.patroni.scope ?? null,
    ...standby(xlog),
    postmaster_start_time: reply.postmaster_start_time ?? null,
    paused: reply.pause ?? false,
    cluster_unlocked: reply.cluster_unlocked ?? false,
    failsafe_mode_is_active: reply.failsafe_mode_is_active ?? false,
    dcs_last_seen: reply.dcs_last_seen ?? null,
    pending_restart: reply.pending_restart ?? false,
    ...(reply.pending_restart_reason != null && { pending_restart_reason: reply.pending_restart_reason }),
    replication: (reply.replication ?? []).map((standby) => ({
      application_name: standby.application_name ?? null,
      client_addr: standby.client_addr ?? null,
      state: standby.state ?? null,
      sync_state: standby.sync_state ?? null,
    })),
  };
}

/** The keys that only a standby has: the `xlog` of a leader has only `location` (README.md, "/patroni"). */
function standby(
  xlog: NodeReply['xlog'],
): Pick<Node, 'received_lsn' | 'replayed_lsn' | 'replayed_timestamp' | 'replay_paused'> {
  if (xlog == null || !('replayed_location' in xlog)) return {};
  return {
    received_lsn: lsn(xlog.received_location),
    replayed_lsn: lsn(xlog.replayed_location),
    replayed_timestamp: xlog.replayed_timestamp ?? null,
    replay_paused: xlog.paused ?? false,
  };
}

function lsn(position: number | string | null | undefined): string | null {
  return position == null ? null : formatLsn(position);
}
