import type { Member, Node, StatusDocument } from './schema.ts';

/** The member that holds the leader lock, of a cluster of its own or of one that follows another. */
export function leaderOf(document: StatusDocument): Member | undefined {
  return document.cluster_status.members.find(isLeader);
}

export function isLeader(member: Member): boolean {
  return member.role === 'leader' || member.role === 'standby_leader';
}

/**
 * Whether the member does its work: it runs, a replica replicates, and all are on the leader's timeline. Where it was asked, its own
 * word counts before what /cluster says, which lags by up to the ttl.
 */
export function isFit(member: Member, document: StatusDocument): boolean {
  const { state, timeline } = inItsOwnWords(member, document.node);
  // /cluster shows a running leader without a timeline when its PostgreSQL is gone (reference: patroni.md, 1.3)
  if (timeline === undefined) return false;
  const leader = leaderOf(document);
  const expected = leader && inItsOwnWords(leader, document.node).timeline;
  if (expected !== undefined && timeline !== expected) return false;
  if (member.role === 'leader') return state === 'running';
  return (
    state === 'streaming' || state === 'in archive recovery' || (state === 'running' && !tellsReplication(document))
  );
}

function inItsOwnWords({ name, state, timeline }: Member, node: Node | null | undefined) {
  if (node?.name !== name) return { state, timeline };
  if (node.state !== 'running') return { state: node.state, timeline: undefined };
  return { state: node.replication_state ?? node.state, timeline: node.timeline ?? timeline };
}

/** From 3.0.4 on Patroni calls a replica that replicates `streaming`; `scope` in /cluster came with 3.2. */
function tellsReplication({ node, cluster_status: cluster }: StatusDocument): boolean {
  if (cluster.scope !== undefined) return true;
  const [major = 0, minor = 0, patch = 0] = (node?.patroni_version ?? '0')
    .split('.')
    .map((part) => Number.parseInt(part, 10));
  return major > 3 || (major === 3 && (minor > 0 || patch >= 4));
}
