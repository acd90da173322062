import * as z from 'zod/mini';
import type { Member, Node, StatusDocument } from './schema.ts';

/**
 * A member that says this of its own role leads: Patroni 4 says primary where older ones said master, and standby_leader leads a standby
 * cluster (contract).
 */
export function leads(role: string): boolean {
  return role === 'master' || role === 'primary' || role === 'standby_leader';
}

/** The members that hold the leader lock by /cluster's view: one, or none for seconds while it changes hands. */
export function lockHolders(document: StatusDocument): Member[] {
  return document.cluster_status.members.filter(isLeader);
}

/**
 * It leads a cluster of its own, or one that follows another. Patroni up to 4.1 shows the holder of the lock as leader also while its
 * PostgreSQL is not promoted yet; a later one may call it promoted (patroni/patroni, pull request 3697).
 */
export function isLeader({ role }: Member): boolean {
  return role === 'leader' || role === 'standby_leader' || role === 'promoted';
}

/** It is the member that was asked, which says its name from Patroni 3.2 on; before, a leader is known by its role. */
export function isAsked(member: Member, node: Node | null | undefined): boolean {
  return node?.name === member.name;
}

/** A member as it is: in its own words where it was asked, else as /cluster sees it. */
export interface View {
  state: string;
  timeline: number | undefined;
  /** The words are its own: /cluster lags by up to the ttl. */
  own: boolean;
}

export function view(member: Member, node: Node | null | undefined): View {
  if (!node || !isAsked(member, node)) return { state: member.state, timeline: member.timeline, own: false };
  if (node.state !== 'running') return { state: node.state, timeline: undefined, own: true };
  // 2.0 does not know a standby's own timeline (recorded): then /cluster may
  return { state: node.replication_state ?? node.state, timeline: node.timeline ?? member.timeline, own: true };
}

/** The states of a standby that replicates, and one that does not, told apart from Patroni 3.0.4 on. */
const REPLICATING = ['streaming', 'in archive recovery'];

/** The member replicates, as far as its version of Patroni can tell. */
export function replicates(member: Member, { state }: View, document: StatusDocument): boolean {
  if (REPLICATING.includes(state)) return true;
  // what streams from the node that was asked does so, though a member of an older version says just "running"
  return state === 'running' && (!tellsReplication(document) || streamsFromHere(member, document.node));
}

/** Whether the member does its work: it runs, a replica replicates, and all are on the leader's timeline. */
export function isFit(member: Member, document: StatusDocument): boolean {
  const seen = view(member, document.node);
  // /cluster shows a running leader without a timeline when its PostgreSQL is gone (src/patroni/README.md, "/cluster")
  if (seen.timeline === undefined) return false;
  const [leader] = lockHolders(document);
  const expected = leader && view(leader, document.node).timeline;
  if (expected !== undefined && seen.timeline !== expected) return false;
  return member.role === 'leader' ? seen.state === 'running' : replicates(member, seen, document);
}

/** Where the version is not known, `scope` in /cluster proves 3.2 or later; without either, both may be. */
function tellsReplication({ node, cluster_status: { scope } }: StatusDocument): boolean {
  return node?.patroni_version == null ? scope !== undefined : isAtLeast(node.patroni_version, 3, 0, 4);
}

function streamsFromHere(member: Member, node: Node | null | undefined): boolean {
  return (node?.replication ?? []).some(
    (standby) => standby.state === 'streaming' && isNamed(standby.application_name, member),
  );
}

/** PostgreSQL cuts an application_name to 63 bytes, and Patroni compares them without case. */
export function isNamed(applicationName: string | null, member: Member): boolean {
  return applicationName?.toLowerCase() === member.name.toLowerCase().slice(0, 63);
}

/** A version of Patroni, pre-releases included, is this one or a later one. */
export function isAtLeast(version: string, ...wanted: readonly number[]): boolean {
  const parts = version.split('.').map((part) => Number.parseInt(part, 10) || 0);
  const difference = wanted.map((number, index) => (parts[index] ?? 0) - number).find((step) => step !== 0);
  return (difference ?? 0) >= 0;
}

const tags = z.looseObject({ nofailover: z.optional(z.unknown()), failover_priority: z.optional(z.unknown()) });

/** Its tags forbid that it is promoted; an explicit `nofailover: false` counts before a priority of 0 (Patroni, tags.py). */
export function isBarred(member: Member): boolean {
  const { nofailover, failover_priority: priority } = z.safeParse(tags, member['tags']).data ?? {};
  if (nofailover != null) return /^(true|yes|on|1)$/i.test(JSON.stringify(nofailover).replaceAll('"', ''));
  return priority != null && Number(priority) <= 0;
}

/** The highest timeline that Patroni knows the cluster to be on; undefined where it does not say. */
export function clusterTimeline(document: StatusDocument): number | undefined {
  const known = [
    document.node?.timeline,
    ...lockHolders(document).map((leader) => leader.timeline),
    ...(document.failovers ?? []).map((ended) => ended.timeline + 1),
  ].filter((timeline) => timeline != null);
  return known.length === 0 ? undefined : Math.max(...known);
}
