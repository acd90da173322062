import { isAtLeast, lockHolders } from '../document/members.ts';
import type { Node, PatroniConfig, StatusDocument } from '../document/schema.ts';
import { setting } from '../document/state.ts';
import { MEMBER_CLOCKS_MAY_DIFFER } from '../document/switches.ts';
import { ownWords } from '../document/witnesses.ts';
import { formatDuration } from '../text/units.ts';
import { pointInTime } from '../text/words.ts';
import { type Check, conclude, type Remark, type Situation } from './check.ts';
import { isSkipped, notKnown } from './facts.ts';

/** Seconds. From 3.2 on Patroni treats a smaller ttl as this, whatever /config shows (measured with 4.1.4). */
const LEAST_TTL = 20;

/** Does Patroni reach its DCS (etcd, Consul, ZooKeeper, Kubernetes)? */
export const dcs: Check = (situation) => {
  const { document } = situation;
  const { node, cluster_status: cluster } = document;
  if (document.collectors == null || isSkipped(document, 'patroni')) return undefined;
  const answered = cluster.members.length > 0 || document.collectors.patroni?.ok === true;
  if (!node)
    // a hung PostgreSQL blocks /patroni, but not /cluster (measured)
    return answered
      ? conclude([
          { status: 'ok', text: 'Patroni reaches its DCS: it answered /cluster, which always reads the DCS' },
          ...cutOff(document),
        ])
      : notKnown(document, 'patroni', 'DCS');
  const unseen = unseenFor(node, document);
  const measured =
    unseen === undefined ? {} : { value: Math.max(0, unseen), unit: 'seconds', critical: ttlOf(document) };
  return conclude([judge(node, situation, answered, unseen), ...cutOff(document)], measured);
};

/**
 * The DCS has been unreachable for so long that the leader lock has expired, and no member can take it. Failsafe mode and a pause do not
 * need the lock.
 */
export function isLockLost(document: StatusDocument): boolean {
  const { node, patroni_config: config } = document;
  if (!node?.cluster_unanswered || node.paused || node.failsafe_mode_is_active || config?.failsafe_mode) return false;
  return (unseenFor(node, document) ?? 0) > ttlOf(document);
}

/** Seconds since the last contact with the DCS, less than 0 = in the future; undefined if Patroni reports none: it says 0 if there was none since its start. */
function unseenFor({ dcs_last_seen: seen }: Node, { current_timestamp: now }: StatusDocument): number | undefined {
  return seen ? now - seen : undefined;
}

/** Seconds after which the leader lock expires. */
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
      text: `Patroni cannot reach its DCS${seen}: failsafe mode keeps the leader up for as long as it reaches every member`,
    };
  if (node.cluster_unanswered) {
    const config = document.patroni_config ?? memory?.patroni_config;
    const away = `Patroni cannot reach its DCS${seen}: it does not answer /cluster, which reads the DCS`;
    const { status, fate } = fateOfLeader(node, config, unseen);
    return { status, text: `${away}; ${fate}` };
  }
  if (unseen !== undefined && unseen < -MEMBER_CLOCKS_MAY_DIFFER / 1000)
    return answered
      ? { status: 'ok', text: `Patroni reaches its DCS: it answered /cluster, which reads the DCS${seen}` }
      : {
          status: 'unknown',
          text: `DCS not known: /cluster failed, and the time that Patroni reports is implausible${seen}`,
        };
  const clocks = unseen !== undefined && unseen > ttl ? clocksDiffer(unseen, ttl, document) : undefined;
  if (clocks !== undefined) return { status: 'warning', text: clocks };
  if (unseen !== undefined && unseen > ttl)
    return {
      status: 'critical',
      text: answered
        ? `Patroni's HA loop has not reached the DCS for longer than the ttl of ${ttl} s${seen}, though /cluster, which reads the DCS, was answered: either the loop hangs, or the clocks of both hosts differ`
        : `Patroni has not reached its DCS for longer than the ttl of ${ttl} s${seen}`,
    };
  if (unseen === undefined && !answered)
    return {
      status: 'unknown',
      text: 'DCS not known: /cluster failed, and Patroni does not report when it last reached the DCS',
    };
  return {
    status: 'ok',
    text: `Patroni reaches its DCS${seen}${answered ? '' : ', though /cluster failed'}`,
  };
}

/**
 * The holder of the leader lock has reached the DCS within the ttl, or it would have lost the lock: if that is longer ago by the clock of
 * this host, the clocks differ, and another member is late only as far as it is behind the leader. Undefined where that explains nothing.
 */
function clocksDiffer(unseen: number, ttl: number, document: StatusDocument): string | undefined {
  const [holder] = lockHolders(document);
  const leader = holder && ownWords(holder, document);
  const leaderUnseen = leader && unseenFor(leader, document);
  if (holder === undefined || leaderUnseen === undefined || leaderUnseen <= ttl || unseen - leaderUnseen > ttl)
    return undefined;
  return `Patroni reaches its DCS, but the clocks of this host and of ${holder.name} differ by ${formatDuration(leaderUnseen - ttl)} or more: it holds the leader lock, for which it must reach the DCS every ${ttl} s, and says that it did so ${formatDuration(leaderUnseen)} ago; check the clocks of both hosts`;
}

/**
 * Without the DCS Patroni demotes the leader when its own loop has failed to reach the DCS: within loop_wait + retry_timeout of the last
 * contact (measured with 4.1.5: 20 s with the defaults), not after the ttl. Failsafe mode and a pause prevent it.
 */
function fateOfLeader(
  { paused }: Node,
  config: PatroniConfig | null | undefined,
  unseen: number | undefined,
): { status: Remark['status']; fate: string } {
  if (paused) return { status: 'critical', fate: 'Patroni is paused, so the leader stays up' };
  if (config?.failsafe_mode === true)
    return {
      status: 'warning',
      fate: 'failsafe mode is on, so the leader stays up for as long as it reaches every member',
    };
  const wait = { patroni_config: config };
  const seconds = setting(wait, 'loop_wait').value + setting(wait, 'retry_timeout').value;
  const [defaults, unless] = config == null ? [', by default', ' unless failsafe mode is on'] : ['', ''];
  const span = `${seconds} s of the last contact (loop_wait + retry_timeout${defaults})`;
  return {
    status: 'critical',
    fate:
      unseen !== undefined && unseen > seconds
        ? `Patroni has demoted the leader within ${span}${unless}`
        : `Patroni demotes the leader within ${span}${unless}`,
  };
}

/** Relative to the time at which the document was collected, so that the age of a document that is read back does not count. */
function lastSeen(unseen: number | undefined, { current_timestamp: now }: StatusDocument): string {
  if (unseen === undefined) return '';
  if (unseen < -MEMBER_CLOCKS_MAY_DIFFER / 1000)
    return ` (last contact at ${pointInTime((now - unseen) * 1000)}, ${formatDuration(-unseen)} after ${pointInTime(now * 1000)}, the time of this document: check the clocks of both hosts)`;
  return ` (last contact ${formatDuration(Math.max(0, unseen))} before this document)`;
}

/** Other members that were asked and that do not reach the DCS. */
function cutOff(document: StatusDocument): Remark[] {
  return (document.other_nodes ?? []).flatMap((other): Remark[] => {
    const unseen = unseenFor(other, document);
    const stale = unseen !== undefined && unseen > ttlOf(document);
    const name = other.name ?? 'another member that was asked';
    if (!other.cluster_unanswered && !stale) return [];
    return [
      {
        status: 'warning',
        text: `${name} does not reach the DCS${lastSeen(unseen, document)}, so it can neither take over nor follow a new leader`,
      },
    ];
  });
}
