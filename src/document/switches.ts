import { moment } from '../text/words.ts';
import type { Failover, StatusDocument } from './schema.ts';
import { setting } from './state.ts';

/** Milliseconds that a time may be later than "now": two hosts' clocks, and timestamps that are cut to seconds. Later is not believed. */
export const CLOCKS_DIFFER = 60_000;

/** The last change of the leader while it is so young (up to the ttl) that replicas may still be about to follow. */
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
  const young = age < setting(document, 'ttl').value && age >= -CLOCKS_DIFFER / 1000;
  return young ? { age: Math.max(0, age), leader: last.new_leader } : undefined;
}

/** A member that led once: until when, as far as that is known and can be believed (epoch milliseconds). */
export interface FormerLeader {
  name: string;
  until: number;
}

/** Who led so far, in the order in which they ended; each once, with its last time. The last of the history is taken to lead on. */
export function formerLeaders({ failovers, current_timestamp: now }: StatusDocument): FormerLeader[] {
  const rows: readonly Failover[] = failovers ?? [];
  const last = new Map<string, number>();
  rows.forEach(({ new_leader: name }, index) => {
    const next = rows[index + 1];
    const until = next === undefined ? now * 1000 : moment(next.time);
    if (name === null || until === undefined || until > now * 1000 + CLOCKS_DIFFER) return;
    last.delete(name);
    last.set(name, until);
  });
  return [...last].map(([name, until]) => ({ name, until }));
}
