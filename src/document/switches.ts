import { moment } from '../text/words.ts';
import type { Failover, StatusDocument } from './schema.ts';
import { isLeader } from './members.ts';
import { setting } from './state.ts';

/** Milliseconds by which a time that a member reported may be in the future: its clock differs, and timestamps are cut to seconds. */
export const MEMBER_CLOCKS_MAY_DIFFER = 60_000;

/** The last change of the leader, while it is so recent (up to the ttl) that replicas may not follow yet. */
export interface RecentSwitch {
  /** Seconds before the document was collected. */
  age: number;
  leader: string | null;
}

export function switchUnderWay(document: StatusDocument): RecentSwitch | undefined {
  const last = document.failovers?.at(-1);
  const time = moment(last?.time);
  if (last === undefined || time === undefined) return undefined;
  const age = document.current_timestamp - time / 1000;
  const young = age < setting(document, 'ttl').value && age >= -MEMBER_CLOCKS_MAY_DIFFER / 1000;
  return young ? { age: Math.max(0, age), leader: last.new_leader } : undefined;
}

/** A member that was leader: until when (epoch milliseconds), as far as that is known and plausible. */
export interface FormerLeader {
  name: string;
  until: number;
  /** It took over then; until when it led is not known. */
  tookOver?: true;
}

/**
 * The former leaders and the last one, each once with its last time, in the order in which they ended. The last leader in the history is
 * assumed to be the leader until now, unless another member holds the leader lock: then only the time when it took over is known, and it
 * may have got another name since.
 */
export function formerLeaders({
  failovers,
  current_timestamp: now,
  cluster_status: { members },
}: StatusDocument): FormerLeader[] {
  const rows: readonly Failover[] = failovers ?? [];
  const holder = members.find(isLeader);
  const last = new Map<string, FormerLeader>();
  rows.forEach(({ new_leader: name, time: began }, index) => {
    const next = rows[index + 1];
    const tookOver = next === undefined && holder !== undefined && holder.name !== name;
    const until = tookOver ? moment(began) : next === undefined ? now * 1000 : moment(next.time);
    if (name === null || until === undefined || until > now * 1000 + MEMBER_CLOCKS_MAY_DIFFER) return;
    last.delete(name);
    last.set(name, { name, until, ...(tookOver && { tookOver }) });
  });
  return [...last.values()];
}
