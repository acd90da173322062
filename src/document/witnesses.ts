import { isAtLeast, isLeader, isNamed, isNostream, leads, lockHolders, replicatesFrom } from './members.ts';
import type { Member, Node, StatusDocument } from './schema.ts';
import { isStandbyCluster } from './state.ts';
import { isTool } from './strangers.ts';

/** The answers of members for themselves, with the names that they go by. */
function answers({ node, leader, leader_api: api, other_nodes: others }: StatusDocument): [string | null, Node][] {
  return [
    ...(node ? [[node.name, node] as [string | null, Node]] : []),
    // before 3.2 a member does not say its name
    ...(leader ? [[leader.name ?? api?.member ?? null, leader] as [string | null, Node]] : []),
    ...(others ?? []).map((other): [string | null, Node] => [other.name, other]),
  ];
}

/** What a member says of itself; undefined where it was not asked, or does not say its name (before Patroni 3.2). */
export function ownWords({ name }: Pick<Member, 'name'>, document: StatusDocument): Node | undefined {
  return answers(document).find(([who]) => who === name)?.[1];
}

/** What the holder of the leader lock says of itself. */
export function leaderWords(document: StatusDocument): Node | undefined {
  const [holder] = lockHolders(document);
  return holder && ownWords(holder, document);
}

/** The timeline that the holder of the leader lock is on. */
export function leaderTimeline(document: StatusDocument): number | undefined {
  const [holder] = lockHolders(document);
  return holder && view(holder, document).timeline;
}

/** A member as its best witness sees it. */
export interface View {
  /** streaming, in archive recovery, running (it runs, and does not replicate as far as its Patroni can tell), stopped, … */
  state: string;
  timeline: number | undefined;
  /** own: its own /patroni; leader: the replication list of the member that it streams from; cluster: /cluster, up to loop_wait old. */
  witness: 'own' | 'leader' | 'cluster';
  /** It was called streaming, and this member, which it should stream from, does not list it. */
  unlistedBy?: string;
}

export function view(member: Member, document: StatusDocument): View {
  const own = ownWords(member, document);
  const seen = itself(member, own);
  if (isLeader(member) || (own !== undefined && own.state !== 'running')) return seen;
  const stream = streamOf(member, document);
  if (stream === undefined) return seen;
  if (stream.listed)
    return COPYING.test(seen.state)
      ? seen
      : { state: 'streaming', timeline: leaderTimeline(document) ?? seen.timeline, witness: 'leader' };
  // a version of Patroni that does not tell streaming apart says running
  const claimed = seen.state === 'streaming' || (seen.state === 'running' && !tellsReplication(document));
  return claimed ? { ...seen, state: 'running', unlistedBy: stream.from } : seen;
}

/** There is no PostgreSQL yet that could stream. */
const COPYING = /^creating replica|custom bootstrap/;

function itself(member: Member, own: Node | undefined): View {
  if (own === undefined) return { state: member.state, timeline: member.timeline, witness: 'cluster' };
  if (own.state !== 'running') return { state: own.state, timeline: undefined, witness: 'own' };
  // 2.0 does not know a standby's own timeline (recorded): then /cluster may
  return {
    state: own.replication_state ?? own.state,
    timeline: own.timeline ?? member.timeline,
    witness: 'own',
  };
}

/** Whether the member that it should stream from lists it; undefined where nothing can be concluded. */
function streamOf(member: Member, document: StatusDocument): { listed: boolean; from: string } | undefined {
  const { members } = document.cluster_status;
  const [holder] = lockHolders(document);
  const leader = holder && ownWords(holder, document);
  if (holder && leader && listsStreams(leader) && leads(leader.role) && lists(leader, member))
    return { listed: true, from: holder.name };
  // Patroni follows the leader where the member that it shall follow is not there
  const wanted = replicatesFrom(member);
  const source = members.find(({ name }) => name === wanted && name !== member.name) ?? holder;
  if (source === undefined || isNostream(member)) return undefined;
  const words = ownWords(source, document);
  if (words === undefined || !listsStreams(words) || (source === holder && !leads(words.role))) return undefined;
  if (lists(words, member)) return { listed: true, from: source.name };
  return isUnlisted(words, member, document) ? { listed: false, from: source.name } : undefined;
}

/** Nothing in this list can be the member. */
export function isUnlisted(source: Node, member: Member, document: StatusDocument): boolean {
  return (
    !lists(source, member) &&
    isMatchable(member, document.cluster_status.members) &&
    !source.replication.some((stream) => mayBe(stream, member, document))
  );
}

/** Patroni leaves the list out where nothing streams, and also where its SQL failed: then there is no position either. */
export function listsStreams({ state, lsn }: Node): boolean {
  return state === 'running' && lsn !== null;
}

type Stream = Node['replication'][number];

function lists({ replication }: Node, member: Member): boolean {
  return replication.some(({ application_name: name, state }) => state !== 'backup' && isNamed(name, member));
}

/** PostgreSQL replaces what is not ASCII in an application_name, and cuts it: two long names may become one. */
function isMatchable(member: Member, members: readonly Member[]): boolean {
  const alike = members.filter((other) => isNamed(other.name.slice(0, 63), member));
  return /^[\x20-\x7e]+$/.test(member.name) && alike.length === 1;
}

/** It goes by a name that says nothing (PostgreSQL's own default), or comes from the member's own address under another one. */
function mayBe({ application_name: name, client_addr: address }: Stream, member: Member, document: StatusDocument) {
  const { members, scope } = document.cluster_status;
  if (members.some((other) => isNamed(name, other))) return false;
  if (name === null || name === '' || name === 'walreceiver' || name === scope) return true;
  const alone = members.filter(({ host }) => host === member.host).length === 1;
  return !isTool(name) && address !== null && address === member.host && alone;
}

/** streams: from the leader or another member; archive: it reads WAL from the archive; no: neither, as far as Patroni can tell. */
export function replicationOf({ state, unlistedBy }: View, document: StatusDocument): 'streams' | 'archive' | 'no' {
  if (state === 'streaming') return 'streams';
  if (state === 'in archive recovery') return 'archive';
  return state === 'running' && unlistedBy === undefined && !tellsReplication(document) ? 'streams' : 'no';
}

/** From Patroni 3.0.4 on. Where the version is not known, `scope` in /cluster proves 3.2 or later; without either, both may be. */
export function tellsReplication({ node, leader, cluster_status: { scope } }: StatusDocument): boolean {
  const version = node?.patroni_version ?? leader?.patroni_version;
  return version == null ? scope !== undefined : isAtLeast(version, 3, 0, 4);
}

/** The archive is where this replica is meant to get its WAL from: by its tag, or because the standby cluster's leader does so too. */
export function livesOnArchive(member: Member, document: StatusDocument): boolean {
  if (isNostream(member)) return true;
  const [holder] = lockHolders(document);
  return isStandbyCluster(document) && holder !== undefined && view(holder, document).state === 'in archive recovery';
}
