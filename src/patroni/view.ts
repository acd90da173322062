import type { Cluster, Member } from '../document/schema.ts';
import { isLeader, leads } from '../document/members.ts';
import { withoutSlash } from './base-url.ts';
import type { Answered } from './members.ts';
import type { NodeReply } from './replies.ts';

/** The member of `/cluster` that answered: by its name, or before Patroni 3.2, which reports none, by its URL or its role. */
export function memberOf(url: URL, reply: NodeReply, cluster: Cluster | undefined): Member | undefined {
  const members = cluster?.members ?? [];
  const { name } = reply.patroni;
  if (name != null) return members.find((member) => member.name === name);
  return members.find((member) => isApiOf(url, member)) ?? leaderLike(reply, members);
}

/** Only on the same timeline, because after a failover the old leader may still report that role. */
function leaderLike(reply: NodeReply, members: readonly Member[]): Member | undefined {
  const leader = leads(reply.role) ? members.find(isLeader) : undefined;
  return leader?.timeline === undefined || reply.timeline == null || leader.timeline === reply.timeline
    ? leader
    : undefined;
}

/** Whether the base URL is that of the member's api_url, which ends in /patroni. */
export function isApiOf(base: URL, { api_url: api }: Member): boolean {
  if (!api || !URL.canParse(api)) return false;
  return new URL(api).href.replace(/\/patroni\/?$/, '') === withoutSlash(base);
}

/** Sorted by `dcs_last_seen`, newest first. Before Patroni 2.1.2, which does not report it, the order of the URLs. */
export function freshestFirst<Each extends Answered>(answers: readonly Each[]): Each[] {
  return answers.toSorted((one, other) => lastSeen(other.reply) - lastSeen(one.reply));
}

function lastSeen({ dcs_last_seen: seen }: NodeReply): number {
  return seen ?? 0;
}

/**
 * The member that represents the cluster: the holder of the leader lock according to `/cluster`, or without `/cluster` the one with the
 * role of a leader; else the one that has heard from the DCS most recently; else the one on the highest timeline; else the first.
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
