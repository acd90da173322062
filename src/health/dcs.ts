import type { Node, StatusDocument } from '../document/schema.ts';
import { formatDuration } from '../text/units.ts';
import type { Check, Finding } from './check.ts';
import { isSkipped, notKnown } from './facts.ts';
import { isAtLeast } from '../document/members.ts';

/** Patroni's default. */
const DEFAULT_TTL = 30;
/** From 3.2 on Patroni counts a smaller ttl as this, whatever /config shows (measured: reference, components.md). */
const LEAST_TTL = 20;

/** Does Patroni reach its DCS (etcd, Consul, ZooKeeper, Kubernetes)? */
export const dcs: Check = ({ document }) => {
  const { node, cluster_status: cluster } = document;
  if (document.collectors == null || isSkipped(document, 'patroni')) return undefined;
  const answered = cluster.members.length > 0 || document.collectors.patroni?.ok === true;
  if (!node)
    // a hung PostgreSQL keeps /patroni from answering, and /cluster not (measured)
    return answered
      ? { status: 'ok', reasons: ['Patroni reaches its DCS: /cluster, which always reads it, was answered'] }
      : notKnown(document, 'patroni', 'DCS');
  const ttl = ttlOf(document);
  const unseen = unseenFor(document);
  const measured = unseen === undefined ? {} : { value: unseen, unit: 'seconds', critical: ttl.seconds };
  return { ...judge(node, answered, ttl, unseen), ...measured };
};

/** The DCS has been away for so long that the leader lock has run out, and nobody can take it (failsafe mode and a pause do without). */
export function isLockLost(document: StatusDocument): boolean {
  const { node } = document;
  if (!node?.cluster_unanswered || node.paused || node.failsafe_mode_is_active) return false;
  return (unseenFor(document) ?? 0) > ttlOf(document).seconds;
}

/** In seconds; undefined where Patroni does not say: 0 = not since it started. */
function unseenFor({ node, current_timestamp: now }: StatusDocument): number | undefined {
  return node?.dcs_last_seen ? Math.max(0, now - node.dcs_last_seen) : undefined;
}

interface Ttl {
  seconds: number;
  assumed: boolean;
}

function ttlOf({ node, patroni_config: config }: StatusDocument): Ttl {
  const own = config?.ttl;
  if (own == null) return { seconds: DEFAULT_TTL, assumed: true };
  const version = node?.patroni_version;
  return { seconds: version != null && isAtLeast(version, 3, 2) ? Math.max(own, LEAST_TTL) : own, assumed: false };
}

function judge(node: Node, answered: boolean, ttl: Ttl, unseen: number | undefined): Finding {
  const seen = lastSeen(unseen);
  if (node.failsafe_mode_is_active)
    return {
      status: 'warning',
      reasons: [
        `Patroni cannot reach its DCS${seen}: failsafe mode is what keeps the leader up, as long as it reaches every member`,
      ],
    };
  if (node.cluster_unanswered)
    return {
      status: 'critical',
      reasons: [
        `/patroni answers, but /cluster, which reads the DCS, does not${seen}: Patroni cannot reach its DCS, ${fateOfLeader(node, ttl, unseen)}`,
      ],
    };
  if (unseen !== undefined && unseen > ttl.seconds)
    return {
      status: 'critical',
      reasons: [
        answered
          ? `/cluster, which reads the DCS, was answered, but Patroni's loop did not reach it${seen}, longer ago than ${within(ttl)}: the loop hangs, or the clocks of the two hosts differ`
          : `Patroni cannot reach its DCS${seen}, longer ago than ${within(ttl)}`,
      ],
    };
  if (unseen === undefined && !answered)
    return {
      status: 'unknown',
      reasons: ['DCS not known: /cluster failed, and Patroni does not say when it last saw it'],
    };
  return {
    status: 'ok',
    reasons: [
      answered
        ? `Patroni reaches its DCS${unseen === undefined ? '' : `, last seen ${formatDuration(unseen)} before`}`
        : `Patroni reaches its DCS${seen}, though /cluster failed`,
    ],
  };
}

function fateOfLeader({ paused }: Node, ttl: Ttl, unseen: number | undefined): string {
  if (paused) return 'but is paused, so the leader stays';
  return unseen !== undefined && unseen > ttl.seconds
    ? `and has demoted the leader by now, after ${within(ttl)}, unless it is paused`
    : `and demotes a leader after ${within(ttl)} unless it is paused`;
}

/** Of the moment at which the document was collected: one that is read back is not to blame the DCS for its own age. */
function lastSeen(unseen: number | undefined): string {
  if (unseen === undefined) return '';
  return ` (last seen ${formatDuration(unseen)} before)`;
}

function within({ seconds, assumed }: Ttl): string {
  return `the ttl of ${seconds} s${assumed ? ' (assumed: the configuration is not known)' : ''}`;
}
