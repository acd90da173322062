import type { Member, Node, StatusDocument } from '../document/schema.ts';
import type { Check, Finding } from './check.ts';
import { isLockLost } from './dcs.ts';
import { isSkipped, notKnown } from './facts.ts';
import { leads, lockHolders, view } from '../document/members.ts';
import { isInState, list } from '../text/words.ts';

/** Does exactly one member lead, and does its PostgreSQL run? */
export const leader: Check = ({ document }) => {
  if (isSkipped(document, 'patroni')) return undefined;
  const { node, cluster_status: cluster } = document;
  if (cluster.members.length === 0)
    return node ? judgeByItself(node, document) : notKnown(document, 'patroni', 'leader');
  const [holder, ...others] = lockHolders(document);
  if (holder === undefined) return judgeUnheld(document);
  if (others.length > 0)
    return critical(`${1 + others.length} members lead: ${list([holder, ...others].map(({ name }) => name))}`);
  return judgeHolder(holder, document);
};

/** Nobody gave a member list: the asked node knows of itself alone. */
function judgeByItself(node: Node, document: StatusDocument): Finding {
  if (!leads(node.role)) {
    const what = `the node that was asked does not lead (${node.role}, ${node.state}), and who does is`;
    const finding = notKnown(document, 'patroni', what);
    return isLockLost(document)
      ? {
          ...finding,
          reasons: [...finding.reasons, 'most likely nobody does: nobody can hold the lock without the DCS'],
        }
      : finding;
  }
  if (node.state !== 'running') return critical(`${named(node)} is ${node.role}, but ${stateOf(node.state)}`);
  return {
    status: 'ok',
    reasons: [
      `${named(node)} leads (${node.role}, running) by its own word; there is no member list to hold against it`,
    ],
  };
}

/** There is a member list, and no leader in it. */
function judgeUnheld({ node, cluster_status: cluster }: StatusDocument): Finding {
  const claims = node !== null && node !== undefined && leads(node.role);
  if (claims && node.state === 'running' && !node.cluster_unlocked)
    return {
      status: 'ok',
      reasons: [
        `${named(node)} leads (${node.role}, running) by its own word; /cluster, which may lag behind, lists no leader`,
      ],
    };
  const itself = claims ? ` (${named(node)} says that it is ${node.role} and ${stateOf(node.state)})` : '';
  const cause =
    node?.paused || cluster['pause'] === true
      ? 'Patroni is paused and will not promote another'
      : 'for seconds this is normal in a switchover or failover, for longer no member can be promoted';
  return critical(`no member of ${cluster.members.length} holds the leader lock${itself}: ${cause}`);
}

function judgeHolder(holder: Member, document: StatusDocument): Finding {
  const { node } = document;
  const { state, timeline, own } = view(holder, node);
  if (node && own) {
    if (node.state !== 'running')
      return critical(
        `${holder.name} holds the leader lock, but ${stateOf(node.state)} by its own account (${node.role})`,
      );
    if (!leads(node.role) && !(holder.role === 'standby_leader' && node.role === 'replica'))
      return critical(
        `${holder.name} holds the leader lock, but is ${node.role} by its own account: for seconds this is normal in a switchover, failover or restart`,
      );
  } else if (node?.state === 'running' && leads(node.role) && isAnother(node, timeline))
    return critical(
      `two members lead: ${named(node)} is ${node.role} and runs by its own account, and ${holder.name} holds the leader lock: for seconds this is normal in a switchover, for longer both may take writes`,
    );
  if (!own && !RUNNING.includes(state)) return critical(`${holder.name} holds the leader lock, but ${stateOf(state)}`);
  if (!own && timeline === undefined)
    return critical(
      `${holder.name} holds the leader lock and is listed as ${state}, but without a timeline: its PostgreSQL is gone, or has just started`,
    );
  const where = timeline === undefined ? '' : ` on timeline ${timeline}`;
  return {
    status: 'ok',
    reasons: [
      `${holder.name} is ${holder.role === 'leader' ? 'leader' : 'standby leader'} and runs${where}${own ? ', by its own word' : ''}`,
    ],
  };
}

/** Before 3.2 it does not say its name: a former leader is on an older timeline, and the new one on a newer than /cluster knows yet. */
function isAnother(node: Node, timeline: number | undefined): boolean {
  return node.name !== null || (node.timeline ?? Infinity) < (timeline ?? 0);
}

/** A standby leader also says how it replicates (from Patroni 3.0.4 on). */
const RUNNING = ['running', 'streaming', 'in archive recovery'];

function stateOf(state: string): string {
  if (state === 'unknown') return 'its PostgreSQL does not answer';
  return `its PostgreSQL ${isInState(state)}`;
}

function named(node: Node): string {
  return node.name ?? 'the node that was asked';
}

function critical(message: string): Finding {
  return { status: 'critical', reasons: [message] };
}
