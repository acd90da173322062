import { leaderSilence } from '../document/contact.ts';
import { replicasOf } from '../document/fitness.ts';
import { isBarred, isCandidate, isNostream, isPhantom, lockHolders } from '../document/members.ts';
import type { Member, StatusDocument } from '../document/schema.ts';
import { switchUnderWay } from '../document/switches.ts';
import { leaderTimeline, leaderWords, livesOnArchive, replicationOf, view, type View } from '../document/witnesses.ts';
import { formatDuration } from '../text/units.ts';
import { isInState, list } from '../text/words.ts';
import { type Check, conclude, type Remark } from './check.ts';
import { isSkipped, notKnown } from './facts.ts';
import { tooFarBehind } from './promotion.ts';
import { strangers } from './strangers.ts';

/** Does every replica follow the leader, and could one take over? */
export const replicas: Check = (situation) => {
  const { document } = situation;
  if (isSkipped(document, 'patroni')) return undefined;
  if (document.cluster_status.members.length === 0) return notKnown(document, 'patroni', 'replicas');
  const standbys = replicasOf(document);
  const troubles = standbys.flatMap((member) => troubleOf(member, document) ?? []);
  const troubled = new Set(troubles.map(({ member }) => member));
  const fit = standbys.filter((member) => !troubled.has(member));
  const strange = strangers(situation);
  const remarks = [
    ...judge(troubles, standbys, document),
    ...tooFarBehind(situation, fit),
    ...strange.filter(({ status }) => status !== 'ok'),
  ];
  if (remarks.length === 0) remarks.push({ status: 'ok', text: allWell(standbys, document) });
  remarks.push(...strange.filter(({ status }) => status === 'ok'));
  return conclude(remarks, { value: fit.length, unit: 'members' });
};

/** What is wrong with a replica. */
interface Trouble {
  member: Member;
  /**
   * phantom: not a Patroni member; down: its PostgreSQL cannot be promoted; behind: it cannot be promoted, because it is on an old timeline;
   * adrift: it runs, but does not stream.
   */
  kind: 'phantom' | 'down' | 'behind' | 'adrift';
  text: string;
}

function troubleOf(member: Member, document: StatusDocument): Trouble | undefined {
  const { name } = member;
  const seen = view(member, document);
  const source = seen.witness === 'own' ? ' according to its own /patroni' : '';
  const trouble = (kind: Trouble['kind'], text: string): Trouble => ({ member, kind, text: `${name}${text}` });
  if (isPhantom(member) && seen.witness === 'cluster')
    return trouble(
      'phantom',
      " has neither a state nor an API: it is either starting, or a pod with the cluster's labels that is not a member",
    );
  if (seen.unlistedBy !== undefined)
    return trouble(
      'adrift',
      ` does not stream: ${seen.unlistedBy}, from which it should stream, does not list it${onOldTimeline(seen, document)}`,
    );
  const replication = replicationOf(seen, document);
  if (replication === 'no') {
    if (seen.state === 'running') return trouble('adrift', ` runs, but does not replicate${source}`);
    return seen.state === 'unknown'
      ? trouble('down', `'s PostgreSQL does not answer${source}`)
      : trouble('down', ` ${isInState(seen.state)}${source}`);
  }
  const expected = leaderTimeline(document);
  if (expected !== undefined && seen.timeline !== expected)
    return seen.timeline === undefined
      ? trouble('adrift', ` is ${seen.state}, but its timeline is not known`)
      : trouble('behind', ` is on timeline ${seen.timeline} and the leader on ${expected}`);
  if (replication === 'archive' && !livesOnArchive(member, document))
    return trouble('adrift', ` does not stream: it reads WAL from the archive (in archive recovery)`);
  return undefined;
}

function onOldTimeline({ timeline }: View, document: StatusDocument): string {
  const expected = leaderTimeline(document);
  return timeline === undefined || expected === undefined || timeline === expected
    ? ''
    : `, and it is on timeline ${timeline}, the leader on ${expected}`;
}

function judge(troubles: readonly Trouble[], standbys: readonly Member[], document: StatusDocument): Remark[] {
  if (troubles.length === 0) return [];
  const candidates = whoCounts(standbys);
  const counted = new Set(candidates);
  const serious = troubles.filter(({ member }) => counted.has(member));
  const young = switchUnderWay(document);
  const lost = leaderSilence(document)?.streams === false;
  if (young !== undefined && !lost && serious.length > 0) {
    const since = `the leader changed${young.leader === null ? '' : ` to ${young.leader}`} ${formatDuration(young.age)} ago`;
    return [
      warning(`${since}, and its replicas need some seconds to follow: ${told(serious)}`),
      ...others(troubles, serious),
    ];
  }
  const isAdrift = serious.some(({ kind }) => kind === 'adrift');
  const allFail = candidates.length > 0 && serious.length === candidates.length;
  if (!allFail || !(isAdrift || candidates.some(isCandidate))) return troubles.map(({ text }) => warning(text));
  const barred = standbys.filter((member) => !isCandidate(member) && !isPhantom(member)).map(({ name }) => name);
  const exceptions = barred.length === 0 ? '' : ` (${list(barred)} may not: nofailover)`;
  const [holder] = lockHolders(document);
  const none = isAdrift
    ? `no replica streams${holder === undefined ? '' : ` from ${holder.name}`}: ${told(serious)}${advice(serious, document)}`
    : `no replica could take over${exceptions}: ${told(serious)}${rewind(serious)}`;
  return [{ status: 'critical', text: none }, ...others(troubles, serious)];
}

/** Those that Patroni may promote; if there is none, those that keep a copy that is up to date at least. */
function whoCounts(standbys: readonly Member[]): Member[] {
  const candidates = standbys.filter(isCandidate);
  return candidates.length > 0 ? candidates : standbys.filter((member) => !isNostream(member) && !isPhantom(member));
}

function told(troubles: readonly Trouble[]): string {
  return list(troubles.map(({ text }) => text));
}

function others(troubles: readonly Trouble[], told: readonly Trouble[]): Remark[] {
  const already = new Set(told);
  return troubles.filter((trouble) => !already.has(trouble)).map(({ text }) => warning(text));
}

function warning(text: string): Remark {
  return { status: 'warning', text };
}

/** The leader runs and no replica streams from it: it probably refuses their connections. */
function advice(serious: readonly Trouble[], document: StatusDocument): string {
  const lives = leaderWords(document)?.state === 'running' && serious.every(({ kind }) => kind === 'adrift');
  return lives
    ? ': check that the replication user may log in (pg_hba.conf, password) and that max_wal_senders is not reached'
    : '';
}

function rewind(serious: readonly Trouble[]): string {
  return serious.some(({ kind }) => kind === 'behind') ? ': it needs pg_rewind or a new copy (patronictl reinit)' : '';
}

function allWell(standbys: readonly Member[], document: StatusDocument): string {
  if (standbys.length === 0) return alone(document);
  const [leader] = lockHolders(document);
  const archived = standbys.filter((member) => replicationOf(view(member, document), document) === 'archive');
  const reading = new Set(archived);
  const following = standbys.filter((member) => !reading.has(member));
  const notes = [
    ...(following.length === 0 ? [] : [follow(following, leader)]),
    ...(archived.length === 0
      ? []
      : [
          `${list(archived.map(({ name }) => name))} read${archived.length === 1 ? 's' : ''} WAL from the archive, as configured`,
        ]),
  ];
  const barred = standbys.filter(isBarred).map(({ name }) => name);
  return [...notes, ...(barred.length === 0 ? [] : [`${list(barred)} may not take over (nofailover)`])].join('; ');
}

function follow(standbys: readonly Member[], leader: Member | undefined): string {
  const one = standbys.length === 1;
  const doing = leader === undefined ? `replicate${one ? 's' : ''}` : `follow${one ? 's' : ''} ${leader.name}`;
  return `${list(standbys.map(({ name }) => name))} ${doing}`;
}

function alone({ cluster_status: { members } }: StatusDocument): string {
  const names = list(members.map(({ name }) => name));
  if (members.length > 1) return `no replica is listed: ${names} are ${members.length === 2 ? 'both' : 'all'} leader`;
  return `no replica is listed: ${names} is the only member`;
}
