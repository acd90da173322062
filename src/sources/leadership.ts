import { isLeader, leads } from '../document/members.ts';
import type { Patroni } from '../patroni/client.ts';
import { memberOf } from '../patroni/view.ts';

/** Whether this node is the one that publishes, and why not. */
export type Leadership =
  | { publishing: 'allowed' }
  /** It is left to the leader. The member that steps back, where it says its name (from Patroni 3.2 on), and its cluster. */
  | { publishing: 'refused'; why: string; member: string | undefined; scope: string | undefined }
  /** Nobody can tell: then the document goes stale, and its consumer's alarm rings. */
  | { publishing: 'unknown'; why: string };

interface Publishing {
  /** Publishing was asked for. */
  publishes: boolean;
  publishFrom: 'leader' | 'any';
}

/**
 * Whether this node publishes (contract: the leader alone), where publishing was asked for. The first --patroni-url is this node. Whoever
 * holds the leader lock leads, also while its PostgreSQL is still in recovery after a failover and calls itself a replica: an endless
 * recovery is what must be seen. `/cluster` is asked for that only where the node's own role does not lead.
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
