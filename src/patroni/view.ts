import type { Cluster, Member } from '../document/schema.ts';
import { isLeader, leads } from '../document/members.ts';
import { withoutSlash } from './base-url.ts';
import type { Answered } from './members.ts';
import type { NodeReply } from './replies.ts';

/** The member of `/cluster` that answered. Before 3.2 a member does not say its name: then its URL tells, or that it leads. */
export function memberOf(url: URL, reply: NodeReply, cluster: Cluster | undefined): Member | undefined {
  const members = cluster?.members ?? [];
  const { name } = reply.patroni;
  if (name != null) return members.find((member) => member.name === name);
  return members.find((member) => isApiOf(url, member)) ?? leaderLike(reply, members);
}

/** On the same timeline: after a failover the old leader may still call itself one. */
function leaderLike(reply: NodeReply, members: readonly Member[]): Member | undefined {
  const leader = leads(reply.role) ? members.find(isLeader) : undefined;
  return leader?.timeline === undefined || reply.timeline == null || leader.timeline === reply.timeline
    ? leader
    : undefined;
}

/** The base URL is that of the member's api_url, which ends in /patroni. */
export function isApiOf(base: URL, { api_url: api }: Member): boolean {
  if (!api || !URL.canParse(api)) return false;
  return new URL(api).href.replace(/\/patroni\/?$/, '') === withoutSlash(base);
}

/** The members that answered, the one that heard from the DCS last first; before 2.1.2 they do not say, and come in their order. */
export function freshestFirst<Each extends Answered>(answers: readonly Each[]): Each[] {
  return answers.toSorted((one, other) => lastSeen(other.reply) - lastSeen(one.reply));
}

function lastSeen({ dcs_last_seen: seen }: NodeReply): number {
  return seen ?? 0;
}

/**
 * Whose view of the cluster counts: that of the member that holds the leader lock by `/cluster`, or, where no `/cluster` was answered,
 * that calls itself leader; else the freshest; of those that are as fresh the one on the highest timeline; else the first.
 */
export function bestView(answers: readonly Answered[], cluster: Cluster | undefined): Answered | undefined {
  const holder = cluster?.members.find(isLeader);
  const isHolder = ({ url, reply }: Answered) =>
    cluster === undefined
      ? leads(reply.role)
      : holder !== undefined && memberOf(url, reply, cluster)?.name === holder.name;
  return answers.toSorted(
    (one, other) =>
      Number(isHolder(other)) - Number(isHolder(one)) ||
      lastSeen(other.reply) - lastSeen(one.reply) ||
      (other.reply.timeline ?? 0) - (one.reply.timeline ?? 0),
  )[0];
}
