import {
  isAtLeast,
  isLeader,
  isMembers,
  isNostream,
  leads,
  lockHolders,
  memberNamed,
  replicatesFrom,
  streamName,
} from './members.ts';
import { firstBy, perObject, perPart, tally } from './per-object.ts';
import type { Cluster, Member, Node, StatusDocument } from './schema.ts';
import { isStandbyCluster } from './state.ts';
import { isTool } from './strangers.ts';

/** The answers of members to /patroni, by member name. */
const answers = perObject(({ node, leader, leader_api: api, other_nodes: others }: StatusDocument) => {
  const all = [
    ...(node ? [[node.name, node] as [string | null, Node]] : []),
    // before Patroni 3.2 /patroni has no name
    ...(leader ? [[leader.name ?? api?.member ?? null, leader] as [string | null, Node]] : []),
    ...(others ?? []).map((other): [string | null, Node] => [other.name, other]),
  ];
  return new Map(firstBy(all, ([who]) => who).values());
});

/** A member's own /patroni; undefined if it was not asked, or if its answer has no name (before Patroni 3.2). */
export function ownWords({ name }: Pick<Member, 'name'>, document: StatusDocument): Node | undefined {
  return answers(document).get(name);
}

/** The own /patroni of the member that holds the leader lock. */
export function leaderWords(document: StatusDocument): Node | undefined {
  const [holder] = lockHolders(document);
  return holder && ownWords(holder, document);
}

/** The timeline of the member that holds the leader lock. */
export const leaderTimeline = perObject((document: StatusDocument): number | undefined => {
  const [holder] = lockHolders(document);
  return holder && view(holder, document).timeline;
});

/** The state of a member according to the most reliable source. */
export interface View {
  /** streaming, in archive recovery, running (it runs, but does not replicate as far as Patroni can determine), stopped, … */
  state: string;
  timeline: number | undefined;
  /** own: its own /patroni; leader: the replication list of the member that it streams from; cluster: /cluster, up to loop_wait old. */
  witness: 'own' | 'leader' | 'cluster';
  /** It is reported as streaming, but this member, from which it should stream, does not list it. */
  unlistedBy?: string;
}

export function view(member: Member, document: StatusDocument): View {
  return views(document)(member);
}

/** Of the members that were looked at: several checks ask for the same ones. */
const views = perObject((document: StatusDocument) => perPart((member: Member) => look(member, document)));

function look(member: Member, document: StatusDocument): View {
  const own = ownWords(member, document);
  const seen = itself(member, own);
  if (isLeader(member) || (own !== undefined && own.state !== 'running')) return seen;
  const stream = streamOf(member, document);
  if (stream === undefined) return seen;
  if (stream.listed) {
    if (COPYING.test(seen.state) || deniesStreaming(own, document)) return seen;
    return { state: 'streaming', timeline: leaderTimeline(document) ?? seen.timeline, witness: 'leader' };
  }
  // versions of Patroni that do not report streaming say running
  const claimed = seen.state === 'streaming' || (seen.state === 'running' && !tellsReplication(document));
  return claimed ? { ...seen, state: 'running', unlistedBy: stream.from } : seen;
}

/** The member knows better: the leader lists a stream that is cut off for up to its wal_sender_timeout, a minute by default. */
function deniesStreaming(own: Node | undefined, document: StatusDocument): boolean {
  if (own === undefined) return false;
  const timeline = leaderTimeline(document);
  const isElsewhere = own.timeline !== null && timeline !== undefined && own.timeline !== timeline;
  return isElsewhere || own.replication_state === 'in archive recovery';
}

/** States in which there is no PostgreSQL yet that could stream. */
const COPYING = /^creating replica|custom bootstrap/;

function itself(member: Member, own: Node | undefined): View {
  if (own === undefined) return { state: member.state, timeline: member.timeline, witness: 'cluster' };
  if (own.state !== 'running') return { state: own.state, timeline: undefined, witness: 'own' };
  // Patroni 2.0 does not report the timeline of a standby in /patroni (recorded), but may in /cluster
  return {
    state: own.replication_state ?? own.state,
    timeline: own.timeline ?? member.timeline,
    witness: 'own',
  };
}

/** Whether the member from which it should stream lists it; undefined if that cannot be determined. */
function streamOf(member: Member, document: StatusDocument): { listed: boolean; from: string } | undefined {
  const [holder] = lockHolders(document);
  const leader = holder && ownWords(holder, document);
  if (holder && leader && listsStreams(leader) && leads(leader.role) && lists(leader, member))
    return { listed: true, from: holder.name };
  // a replica follows the leader if the member of its replicatefrom tag is not there
  const wanted = replicatesFrom(member);
  const named = wanted === undefined || wanted === member.name ? undefined : memberNamed(wanted, document);
  const source = named ?? holder;
  if (source === undefined || isNostream(member)) return undefined;
  const words = ownWords(source, document);
  if (words === undefined || !listsStreams(words) || (source === holder && !leads(words.role))) return undefined;
  if (lists(words, member)) return { listed: true, from: source.name };
  return isUnlisted(words, member, document) ? { listed: false, from: source.name } : undefined;
}

/** No stream in this list can be that of the member. */
export function isUnlisted(source: Node, member: Member, document: StatusDocument): boolean {
  return (
    !lists(source, member) && isMatchable(member, document.cluster_status) && !mayBeAmong(source, member, document)
  );
}

/** Patroni omits the list if nothing streams, and also if its SQL failed: then there is no LSN either. */
export function listsStreams({ state, lsn }: Node): boolean {
  return state === 'running' && lsn !== null;
}

type Stream = Node['replication'][number];

/** The member's stream in this list; a base backup does not count. */
export function listedStream(source: Node, member: Member): Stream | undefined {
  return streams(source).get(streamName(member));
}

const streams = perObject(({ replication }: Node) =>
  firstBy(
    replication.filter(({ state }) => state !== 'backup'),
    ({ application_name: name }) => name?.toLowerCase(),
  ),
);

function lists(source: Node, member: Member): boolean {
  return listedStream(source, member) !== undefined;
}

/** PostgreSQL replaces non-ASCII characters in an application_name and cuts it, so two long names may become equal. */
function isMatchable(member: Member, cluster: Cluster): boolean {
  return /^[\x20-\x7e]+$/.test(member.name) && alike(cluster).get(streamName(member)) === 1;
}

const alike = perObject(({ members }: Cluster) => tally(members.map(streamName)));

/** It may stream under PostgreSQL's default application_name, or under another name from its own address. */
function mayBeAmong(source: Node, { host }: Member, document: StatusDocument): boolean {
  const { anonymous, addresses } = nobodys(document)(source);
  if (anonymous) return true;
  return host !== undefined && addresses.has(host) && hosts(document.cluster_status).get(host) === 1;
}

const hosts = perObject(({ members }: Cluster) => tally(members.map(({ host }) => host)));

/** The streams in a list that have no member's name: whether one has no meaningful name, and the addresses of the others. */
const nobodys = perObject((document: StatusDocument) =>
  perPart(({ replication }: Node) => {
    const { scope } = document.cluster_status;
    const unknown = replication.filter(({ application_name: name }) => !isMembers(name, document));
    const saysNothing = ({ application_name: name }: Stream) =>
      name === null || name === '' || name === 'walreceiver' || name === scope;
    return {
      anonymous: unknown.some(saysNothing),
      addresses: new Set(
        unknown
          .filter(({ application_name: name }) => name !== null && !isTool(name))
          .map(({ client_addr: address }) => address),
      ),
    };
  }),
);

/** streams: from the leader or another member; archive: it reads WAL from the archive; no: neither, as far as Patroni can tell. */
export function replicationOf({ state, unlistedBy }: View, document: StatusDocument): 'streams' | 'archive' | 'no' {
  if (state === 'streaming') return 'streams';
  if (state === 'in archive recovery') return 'archive';
  return state === 'running' && unlistedBy === undefined && !tellsReplication(document) ? 'streams' : 'no';
}

/**
 * Whether Patroni reports the replication state: from 3.0.4 on. If the version is not known, `scope` in /cluster proves 3.2 or later;
 * without it, assume that it does not.
 */
export const tellsReplication = perObject(({ node, leader, cluster_status: { scope } }: StatusDocument): boolean => {
  const version = node?.patroni_version ?? leader?.patroni_version;
  return version == null ? scope !== undefined : isAtLeast(version, 3, 0, 4);
});

/** It is configured to read WAL from the archive: by its tag, or because the leader of the standby cluster does so too. */
export function livesOnArchive(member: Member, document: StatusDocument): boolean {
  if (isNostream(member)) return true;
  const [holder] = lockHolders(document);
  return isStandbyCluster(document) && holder !== undefined && view(holder, document).state === 'in archive recovery';
}
