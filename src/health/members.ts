import { isPhantom } from '../document/members.ts';
import { formerLeaders } from '../document/switches.ts';
import { formatDuration } from '../text/units.ts';
import { count, list, pointInTime, some } from '../text/words.ts';
import { type Check, finding, type Situation } from './check.ts';
import { isSkipped, notKnown } from './facts.ts';

const HOUR = 3600;
/** Seconds. A leader of this time that is not listed now is reported; an older one was probably removed on purpose. */
const RECENTLY = 72 * HOUR;
/** Seconds. An older saved list does not count: the cluster may have become smaller on purpose. */
const REMEMBERED = 7 * 24 * HOUR;

/** Are all members listed? A member that dies disappears from /cluster after the ttl (except on Kubernetes). */
export const members: Check = (situation) => {
  const { document, thresholds } = situation;
  if (isSkipped(document, 'patroni')) return undefined;
  if (document.cluster_status.members.length === 0) return notKnown(document, 'patroni', 'members');
  const listed = document.cluster_status.members.filter((member) => !isPhantom(member)).map(({ name }) => name);
  const measured = { value: listed.length, unit: 'members' };
  const least = thresholds.membersMin;
  const gone = missing(situation, listed);
  if (least !== undefined)
    return listed.length < least
      ? {
          ...finding(
            'warning',
            `${count(listed.length, 'member')} listed, fewer than ${least} (--members-min): ${some(listed, 8)}${gone.length === 0 ? '' : `; ${gone.join('; ')}`}`,
          ),
          ...measured,
        }
      : {
          ...finding('ok', `${count(listed.length, 'member')} listed, at least ${least} (--members-min)`),
          ...measured,
        };
  if (gone.length > 0)
    return {
      ...finding(
        'warning',
        `${gone.join('; ')}: either it is down, or only its Patroni is, and its PostgreSQL may still accept writes; if it was removed on purpose, give --members-min ${listed.length}`,
      ),
      ...measured,
    };
  const [only] = listed;
  const text =
    listed.length === 1 && only !== undefined
      ? `${only} is the only member listed; treated as a single-node cluster`
      : `${count(listed.length, 'member')} listed: ${some(listed, 8)}`;
  return { ...finding('ok', text), ...measured };
};

/** The members that were there and are not listed now, a sentence each. */
function missing({ document, memory }: Situation, listed: readonly string[]): string[] {
  const now = document.current_timestamp;
  const recent = formerLeaders(document).filter(({ until }) => until > (now - RECENTLY) * 1000);
  if (recent.length === 0 && memory === undefined) return [];
  const here = new Set(listed);
  const former = recent.filter(({ name }) => !here.has(name));
  const leaders = former.map(({ name, until, tookOver }) => {
    const when = `${pointInTime(until)} (${formatDuration(Math.max(0, now - until / 1000))} ago)`;
    return `${name}, ${tookOver ? `which took over at ${when} according to Patroni's history` : `the leader until ${when}`}, is not listed`;
  });
  const remembered = most(memory);
  if (remembered === undefined || remembered.time > now || now - remembered.time > REMEMBERED) return leaders;
  if (remembered.names.length <= listed.length) return leaders;
  const led = new Set(former.map(({ name }) => name));
  const others = remembered.names.filter((name) => !here.has(name) && !led.has(name));
  if (others.length === 0) return leaders;
  return [
    ...leaders,
    `${list(others)} ${others.length === 1 ? 'is' : 'are'} no longer listed (${remembered.names.length} members were listed ${formatDuration(now - remembered.time)} ago)`,
  ];
}

/** The members that earlier runs saw: the largest saved list, else those of the last document. */
function most(memory: Situation['memory']): { names: readonly string[]; time: number } | undefined {
  if (memory?.members !== undefined) return memory.members;
  const last = memory?.document;
  if (last === undefined || last.cluster_status.members.length === 0) return undefined;
  return {
    names: last.cluster_status.members.filter((member) => !isPhantom(member)).map(({ name }) => name),
    time: last.current_timestamp,
  };
}
