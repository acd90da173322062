import type { Member } from '../document/schema.ts';
import { isAtLeast, isLeader, leads } from '../document/members.ts';
import { CollectError } from '../errors.ts';
import type { Patroni } from '../patroni/client.ts';
import type { Answered } from '../patroni/members.ts';
import type { NodeReply } from '../patroni/replies.ts';
import { memberOf } from '../patroni/view.ts';
import { formatLsn } from '../wal/lsn.ts';

/** The end of the WAL that WAL-G checks. */
export interface Position {
  timeline: number;
  lsn: string;
}

/**
 * The leader's timeline and LSN: according to the leader itself, else to a replica that streams on the leader's timeline. A replica that
 * does not stream may be days behind, and WAL-G would not check anything after its LSN. Undefined if Patroni does not report one: then
 * WAL-G has to ask PostgreSQL.
 * @throws CollectError if the members that were asked are known not to follow the leader, so that asking their PostgreSQL would not help.
 */
export async function leaderPosition(patroni: Patroni): Promise<Position | undefined> {
  const answered = (await patroni.members()).filter((answer) => answer.reply !== undefined);
  // an undisputed leader is enough: waiting for the other requests takes half of the run if the DCS is down
  const [sure, ...others] = answered.filter(({ reply }) => isSure(reply));
  if (sure !== undefined && others.length === 0) return furthest([sure.reply]);
  const leader = await patroni.leader();
  if (leader?.reply?.xlog != null) return furthest([leader.reply]);
  const view = await patroni.node().catch(() => undefined);
  if (view === undefined) return undefined;
  const cluster = await patroni.cluster().catch(() => undefined);
  const holder = cluster?.members.find(isLeader);
  const viewLeads = holder === undefined ? leads(view.reply.role) : leader === undefined;
  if (viewLeads) return furthest([view.reply]);
  const up = answered.filter(({ reply }) => reply.xlog != null);
  const following = up.filter(({ reply }) => follows(reply, holder) !== false);
  // if no PostgreSQL answered, the one at PGHOST may
  if (up.length === 0 || following.length > 0) return furthest(following.map(({ reply }) => reply));
  throw new CollectError(unknownPosition(holder, leader?.error ?? null, up));
}

/** It is the leader and knows of no lost leader lock, or failsafe mode keeps it up. */
function isSure({ role, cluster_unlocked: unlocked, failsafe_mode_is_active: failsafe }: NodeReply): boolean {
  return leads(role) && (unlocked !== true || failsafe === true);
}

/** Whether it streams on the leader's timeline; undefined = its Patroni is older than 3.0.4 and does not report it. */
export function follows(reply: NodeReply, leader: Member | undefined): boolean | undefined {
  const { replication_state: state, timeline, patroni } = reply;
  if (timeline != null && leader?.timeline !== undefined && timeline !== leader.timeline) return false;
  if (state != null) return state === 'streaming';
  return patroni.version == null || isAtLeast(patroni.version, 3, 0, 4) ? false : undefined;
}

/** The member of the first URL, whose PostgreSQL WAL-G would ask, if it is known not to follow the leader. */
export async function leftBehind(patroni: Patroni): Promise<string | undefined> {
  const [first] = await patroni.members();
  if (first?.reply?.xlog == null || leads(first.reply.role)) return undefined;
  const cluster = await patroni.cluster().catch(() => undefined);
  const own = memberOf(first.url, first.reply, cluster);
  if (own !== undefined && isLeader(own)) return undefined;
  if (follows(first.reply, cluster?.members.find(isLeader)) !== false) return undefined;
  return own?.name ?? first.url.host;
}

function unknownPosition(leader: Member | undefined, error: string | null, asked: readonly Answered[]): string {
  const who = asked.map(({ url, reply }) => reply.patroni.name ?? url.host).join(' and ');
  const streams = asked.length === 1 ? 'does not stream' : 'do not stream';
  return leader === undefined
    ? `the leader's LSN is not known: Patroni reports no leader, and ${who} ${streams}`
    : `the leader's LSN is not known: ${error ?? `the PostgreSQL of ${leader.name} does not answer`}; ${who} ${streams} from it`;
}

/** The highest LSN of them; undefined if none reports one. */
function furthest(replies: readonly NodeReply[]): Position | undefined {
  let found: { timeline: number; position: bigint } | undefined;
  for (const { timeline, xlog } of replies) {
    const { location, received_location: received, replayed_location: replayed } = xlog ?? {};
    // a standby that reads WAL from the archive replays WAL that it never received
    for (const text of [location, received, replayed]) {
      const position = text == null ? 0n : BigInt(text);
      // if it were told LSN 0, WAL-G would find nothing missing
      if (timeline && position > (found?.position ?? 0n)) found = { timeline, position };
    }
  }
  return found && { timeline: found.timeline, lsn: formatLsn(String(found.position)) };
}
