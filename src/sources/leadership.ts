import { isLeader, leads } from '../document/members.ts';
import type { Patroni } from '../patroni/client.ts';
import { memberOf } from '../patroni/view.ts';

/** Whether this node publishes, and if not, why. */
export type Leadership =
  | { publishing: 'allowed' }
  /** The leader publishes instead. `member`: the name of this node (from Patroni 3.2 on). */
  | { publishing: 'refused'; why: string; member: string | undefined; scope: string | undefined }
  /** Its role is not known: nothing is published, so that the document becomes stale and the consumer's alarm goes off. */
  | { publishing: 'unknown'; why: string };

interface Publishing {
  /** Publishing was asked for. */
  publishes: boolean;
  publishFrom: 'leader' | 'any';
}

/**
 * Determines whether this node publishes: only the leader does (contract). The first --patroni-url is this node. The holder of the leader
 * lock is the leader, even while its PostgreSQL is still in recovery after a failover and reports the role replica: a recovery that does
 * not end must be visible. `/cluster` is requested only if the node's own role is not that of a leader.
 */
export async function leadership({ publishes, publishFrom }: Publishing, patroni: Patroni): Promise<Leadership> {
  if (!publishes || publishFrom === 'any') return { publishing: 'allowed' };
  const [first] = await patroni.members();
  if (first?.reply === undefined) {
    const reason = first?.failure.message ?? 'no --patroni-url is given';
    return { publishing: 'unknown', why: `not published: cannot determine whether this node is the leader: ${reason}` };
  }
  const { url, reply } = first;
  if (leads(reply.role)) return { publishing: 'allowed' };
  const cluster = await patroni.cluster().catch(() => undefined);
  const own = memberOf(url, reply, cluster);
  if (own !== undefined && isLeader(own)) return { publishing: 'allowed' };
  const member = reply.patroni.name ?? own?.name;
  const why = `${member ?? 'this node'} has the role ${reply.role}: publishing is left to the leader`;
  return { publishing: 'refused', why, member, scope: reply.patroni.scope ?? undefined };
}
