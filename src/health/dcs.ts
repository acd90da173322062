import { isAtLeast } from '../document/members.ts';
import type { Node, PatroniConfig, StatusDocument } from '../document/schema.ts';
import { setting } from '../document/state.ts';
import { CLOCKS_DIFFER } from '../document/switches.ts';
import { formatDuration } from '../text/units.ts';
import { pointInTime } from '../text/words.ts';
import { type Check, conclude, type Remark, type Situation } from './check.ts';
import { isSkipped, notKnown } from './facts.ts';

/** From 3.2 on Patroni counts a smaller ttl as this, whatever /config shows (measured with 4.1.4). */
const LEAST_TTL = 20;

/** Does Patroni reach its DCS (etcd, Consul, ZooKeeper, Kubernetes)? */
export const dcs: Check = (situation) => {
  const { document } = situation;
  const { node, cluster_status: cluster } = document;
  if (document.collectors == null || isSkipped(document, 'patroni')) return undefined;
  const answered = cluster.members.length > 0 || document.collectors.patroni?.ok === true;
  if (!node)
    // a hung PostgreSQL keeps /patroni from answering, and /cluster not (measured)
    return answered
      ? conclude([
          { status: 'ok', text: 'Patroni reaches its DCS: /cluster, which always reads it, was answered' },
          ...cutOff(document),
        ])
      : notKnown(document, 'patroni', 'DCS');
  const unseen = unseenFor(node, document);
  const measured =
    unseen === undefined ? {} : { value: Math.max(0, unseen), unit: 'seconds', critical: ttlOf(document) };
  return conclude([judge(node, situation, answered, unseen), ...cutOff(document)], measured);
};

/** The DCS has been away for so long that the leader lock has run out, and no member can take it (failsafe mode and a pause do without). */
export function isLockLost(document: StatusDocument): boolean {
  const { node, patroni_config: config } = document;
  if (!node?.cluster_unanswered || node.paused || node.failsafe_mode_is_active || config?.failsafe_mode) return false;
  return (unseenFor(node, document) ?? 0) > ttlOf(document);
}

/** In seconds, less than 0 = in the future; undefined where Patroni does not say: 0 = not since it started. */
function unseenFor({ dcs_last_seen: seen }: Node, { current_timestamp: now }: StatusDocument): number | undefined {
  return seen ? now - seen : undefined;
}

/** Seconds that the leader lock lasts. */
function ttlOf(document: StatusDocument): number {
  const { value, assumed } = setting(document, 'ttl');
  const version = document.node?.patroni_version;
  return !assumed && version != null && isAtLeast(version, 3, 2) ? Math.max(value, LEAST_TTL) : value;
}

function judge(node: Node, { document, memory }: Situation, answered: boolean, unseen: number | undefined): Remark {
  const seen = lastSeen(unseen, document);
  const ttl = ttlOf(document);
  if (node.failsafe_mode_is_active)
    return {
      status: 'warning',
      text: `Patroni cannot reach its DCS${seen}: failsafe mode keeps the leader up, as long as it reaches every member`,
    };
  if (node.cluster_unanswered) {
    const config = document.patroni_config ?? memory?.patroni_config;
    const away = `Patroni cannot reach its DCS${seen}: /cluster, which reads it, is not answered`;
    const { status, fate } = fateOfLeader(node, config, unseen);
    return { status, text: `${away}; ${fate}` };
  }
  if (unseen !== undefined && unseen < -CLOCKS_DIFFER / 1000)
    return answered
      ? { status: 'ok', text: `Patroni reaches its DCS: /cluster, which reads it, was answered${seen}` }
      : {
          status: 'unknown',
          text: `DCS not known: /cluster failed, and the time that Patroni reports is implausible${seen}`,
        };
  if (unseen !== undefined && unseen > ttl)
    return {
      status: 'critical',
      text: answered
        ? `/cluster, which reads the DCS, was answered, but Patroni's loop did not reach it${seen}, longer ago than the ttl of ${ttl} s: the loop hangs, or the clocks of the two hosts differ`
        : `Patroni cannot reach its DCS${seen}, longer ago than the ttl of ${ttl} s`,
    };
  if (unseen === undefined && !answered)
    return { status: 'unknown', text: 'DCS not known: /cluster failed, and Patroni does not say when it last saw it' };
  const ago = unseen === undefined ? '' : `, last seen ${formatDuration(Math.max(0, unseen))} before`;
  return {
    status: 'ok',
    text: answered ? `Patroni reaches its DCS${ago}` : `Patroni reaches its DCS${seen}, though /cluster failed`,
  };
}

/**
 * Without the DCS a leader is demoted when its own loop has failed to reach it: within loop_wait + retry_timeout of the last contact
 * (measured with 4.1.5: 20 s with the defaults), not after the ttl. Failsafe mode and a pause prevent it.
 */
function fateOfLeader(
  { paused }: Node,
  config: PatroniConfig | null | undefined,
  unseen: number | undefined,
): { status: Remark['status']; fate: string } {
  if (paused) return { status: 'critical', fate: 'Patroni is paused, so the leader stays' };
  if (config?.failsafe_mode === true)
    return {
      status: 'warning',
      fate: 'failsafe mode is on, so the leader stays up as long as it reaches every member',
    };
  const wait = { patroni_config: config };
  const seconds = setting(wait, 'loop_wait').value + setting(wait, 'retry_timeout').value;
  const [defaults, unless] = config == null ? [', by default', ' unless failsafe mode is on'] : ['', ''];
  const span = `${seconds} s of the last contact (loop_wait + retry_timeout${defaults})`;
  return {
    status: 'critical',
    fate:
      unseen !== undefined && unseen > seconds
        ? `the leader has been demoted within ${span}${unless}`
        : `the leader is demoted within ${span}${unless}`,
  };
}

/** Of the moment at which the document was collected: one that is read back is not to blame the DCS for its own age. */
function lastSeen(unseen: number | undefined, { current_timestamp: now }: StatusDocument): string {
  if (unseen === undefined) return '';
  if (unseen < -CLOCKS_DIFFER / 1000)
    return ` (last seen at ${pointInTime((now - unseen) * 1000)}, which is ${formatDuration(-unseen)} in the future of ${pointInTime(now * 1000)}: check the clocks of both hosts)`;
  return ` (last seen ${formatDuration(Math.max(0, unseen))} before)`;
}

/** Members that were asked as well, and that do not reach the DCS while the others do. */
function cutOff(document: StatusDocument): Remark[] {
  return (document.other_nodes ?? []).flatMap((other): Remark[] => {
    const unseen = unseenFor(other, document);
    const stale = unseen !== undefined && unseen > ttlOf(document);
    const name = other.name ?? 'another member that was asked';
    if (!other.cluster_unanswered && !stale) return [];
    return [
      {
        status: 'warning',
        text: `${name} is cut off: it does not reach the DCS${lastSeen(unseen, document)}, so it can neither take over nor follow a new leader`,
      },
    ];
  });
}
