import { isPhantom } from '../document/members.ts';
import type { Memory } from '../document/memory.ts';
import type { StatusDocument } from '../document/schema.ts';
import { isNobodyPromotable } from './promotion.ts';

/** Seconds: how long the largest member list is kept, and how long between two runs a condition is assumed to have lasted. */
const KEPT = { members: 7 * 86_400, condition: 3600 };

/** What the checks of the next run need from this one, in addition to the document. */
export function remember(
  document: StatusDocument,
  memory: Memory | undefined,
): Pick<Memory, 'members' | 'no_candidate_since' | 'patroni_config'> {
  const now = document.current_timestamp;
  const members = mostMembers(document, memory);
  const config = document.patroni_config ?? memory?.patroni_config;
  const last = memory?.document.current_timestamp;
  const goesOn = last !== undefined && last <= now && now - last <= KEPT.condition;
  return {
    ...(members !== undefined && { members }),
    ...(config !== undefined && { patroni_config: config }),
    ...(isNobodyPromotable(document) && {
      no_candidate_since: (goesOn ? memory?.no_candidate_since : undefined) ?? now,
    }),
  };
}

function mostMembers({ cluster_status, current_timestamp: now }: StatusDocument, memory: Memory | undefined) {
  const names = cluster_status.members.filter((member) => !isPhantom(member)).map(({ name }) => name);
  const before = memory?.members;
  const young = before !== undefined && before.time <= now && now - before.time <= KEPT.members;
  if (young && before.names.length > names.length) return before;
  return names.length === 0 ? undefined : { names, time: now };
}
