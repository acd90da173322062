import type { Member, StatusDocument } from './schema.ts';

/** The member that holds the leader lock, of a cluster of its own or of one that follows another. */
export function leaderOf(document: StatusDocument): Member | undefined {
  return document.cluster_status.members.find(isLeader);
}

export function isLeader(member: Member): boolean {
  return member.role === 'leader' || member.role === 'standby_leader';
}

/** Whether the member does its work: it runs, a replica replicates, and all are on the leader's timeline. */
export function isFit(member: Member, document: StatusDocument): boolean {
  const { timeline } = leaderOf(document) ?? {};
  if (timeline !== undefined && member.timeline !== timeline) return false;
  if (member.role === 'leader') return member.state === 'running';
  if (member.state === 'streaming' || member.state === 'in archive recovery') return true;
  return member.state === 'running' && !tellsReplication(document);
}

/** From 3.0.4 on Patroni calls a replica that replicates `streaming`; `scope` in /cluster came with 3.2. */
function tellsReplication({ node, cluster_status: cluster }: StatusDocument): boolean {
  if (cluster.scope !== undefined) return true;
  const [major = 0, minor = 0, patch = 0] = (node?.patroni_version ?? '0')
    .split('.')
    .map((part) => Number.parseInt(part, 10));
  return major > 3 || (major === 3 && (minor > 0 || patch >= 4));
}
