import type { Member, Node, StatusDocument } from '../document/schema.ts';
import type { Check, Remark } from './check.ts';
import { conclude } from './check.ts';
import { isSkipped, notKnown } from './facts.ts';
import { isAsked, isBarred, isNamed, leads, lockHolders, replicates, view } from '../document/members.ts';
import { isInState, list } from '../text/words.ts';

/** Does every standby follow the leader, and could one take over? */
export const replicas: Check = ({ document }) => {
  if (isSkipped(document, 'patroni')) return undefined;
  if (document.cluster_status.members.length === 0) return notKnown(document, 'patroni', 'replicas');
  const standbys = replicasOf(document);
  const complaints = new Map(standbys.map((member) => [member, complain(member, document)]));
  const unfit = standbys.filter((member) => complaints.get(member) !== undefined);
  const candidates = standbys.filter((member) => !isBarred(member) && !isPhantom(member));
  const nobody = candidates.length > 0 && candidates.every((member) => unfit.includes(member));
  const told = nobody ? candidates : [];
  const remarks: Remark[] = nobody ? [{ status: 'critical', text: nobodyFit(candidates, complaints, standbys) }] : [];
  for (const member of unfit.filter((other) => !told.includes(other)))
    remarks.push({ status: 'warning', text: complaints.get(member) ?? '' });
  for (const stranger of strangers(document)) remarks.push({ status: 'warning', text: stranger });
  const idle = idleStandbyLeader(document);
  if (idle !== undefined) remarks.push({ status: 'warning', text: idle });
  const fit = standbys.filter((member) => !unfit.includes(member));
  if (remarks.length === 0)
    remarks.push({ status: 'ok', text: fit.length === 0 ? alone(document) : allWell(fit, lockHolders(document)) });
  return conclude(remarks, { value: fit.length, unit: 'members' });
};

/** The members that do not lead: not by /cluster's view, and not by their own word. */
export function replicasOf(document: StatusDocument): Member[] {
  const { node } = document;
  const holders = lockHolders(document);
  return document.cluster_status.members.filter(
    (member) =>
      !holders.includes(member) && !(node && isAsked(member, node) && leads(node.role) && node.state === 'running'),
  );
}

/** What is wrong with a standby; undefined where it is well. */
function complain(member: Member, document: StatusDocument): string | undefined {
  const seen = view(member, document.node);
  const byItself = seen.own ? ' by its own word' : '';
  if (isPhantom(member))
    return `${member.name} has neither a state nor an API: it is just starting, or a pod that carries the cluster's labels and is no member`;
  if (!replicates(member, seen, document)) {
    if (seen.state === 'running') return `${member.name} runs, but does not replicate${byItself}`;
    if (seen.state === 'unknown') return `${member.name}'s PostgreSQL does not answer${byItself}`;
    return `${member.name} ${isInState(seen.state)}${byItself}`;
  }
  const expected = leaderTimeline(document);
  if (expected === undefined || seen.timeline === expected) return undefined;
  if (seen.timeline === undefined) return `${member.name} is ${seen.state}, but its timeline is not known`;
  return `${member.name} is on timeline ${seen.timeline} and the leader on ${expected}: just after a switch it is about to follow, else it needs pg_rewind or a new copy`;
}

function leaderTimeline(document: StatusDocument): number | undefined {
  const [holder] = lockHolders(document);
  return holder === undefined ? undefined : view(holder, document.node).timeline;
}

/** On Kubernetes every pod with the cluster's labels is listed, whether Patroni runs in it or not (reference: patroni.md, 8). */
export function isPhantom(member: Member): boolean {
  return member.state === '' && member.api_url == null;
}

function nobodyFit(
  candidates: readonly Member[],
  complaints: ReadonlyMap<Member, string | undefined>,
  standbys: readonly Member[],
): string {
  const barred = standbys.filter(isBarred).map(({ name }) => name);
  const others = barred.length === 0 ? '' : ` (${list(barred)} may not: nofailover)`;
  return `no replica could take over${others}: ${list(candidates.map((member) => complaints.get(member) ?? ''))}`;
}

/** Clients that read WAL and are no standby. */
const TOOLS = /^(pg_receivewal|pg_receivexlog|pg_recvlogical|pg_basebackup|pg_\d+_sync_\d+_\d+)$/;

/** Who streams from the asked node without being a member; a base backup in progress (`backup`) is none. */
function strangers({ node, cluster_status: { members } }: StatusDocument): string[] {
  return (node?.replication ?? [])
    .filter(({ state }) => state !== 'backup')
    .filter(({ application_name: name }) => name === null || !TOOLS.test(name))
    .filter(({ application_name: name }) => !members.some((member) => isNamed(name, member)))
    .map(({ application_name: name, client_addr: address }) => {
      const who = `${name ?? 'a standby without a name'}${address === null ? '' : ` (${address})`}`;
      return `${who} streams from ${whom(node)}, but Patroni does not list it: its Patroni is down, or it is no member (another cluster's standby, a subscriber)`;
    });
}

function whom(node: Node | null | undefined): string {
  return node?.name ?? 'the node that was asked';
}

/** A standby leader is a standby too: of the cluster that it follows. */
function idleStandbyLeader(document: StatusDocument): string | undefined {
  const [holder] = lockHolders(document);
  if (holder?.role !== 'standby_leader') return undefined;
  const seen = view(holder, document.node);
  if (seen.state !== 'running' || replicates(holder, seen, document)) return undefined;
  return `${holder.name}, the standby leader, runs but does not replicate from the cluster that it follows`;
}

/** Where a member that dies vanishes from /cluster after the ttl, nothing but the history tells that there was one. */
function alone({ failovers, cluster_status: { members } }: StatusDocument): string {
  const names = list(members.map(({ name }) => name));
  if (members.length > 1) return `no replica is listed: ${names} ${members.length === 2 ? 'both' : 'all'} lead`;
  const former = (failovers ?? []).flatMap(({ new_leader: name }) => name ?? []);
  const gone = [...new Set(former)].filter((name) => !members.some((member) => member.name === name));
  const note =
    gone.length === 0 ? '' : `, though ${list(gone)} led before and ${gone.length === 1 ? 'is' : 'are'} gone`;
  return `${names} is the only member listed and taken for a single node${note}`;
}

function allWell(fit: readonly Member[], [leader]: readonly Member[]): string {
  const one = fit.length === 1;
  const doing = leader === undefined ? `replicate${one ? 's' : ''}` : `follow${one ? 's' : ''} ${leader.name}`;
  const barred = fit.filter(isBarred).map(({ name }) => name);
  const note = barred.length === 0 ? '' : `; ${list(barred)} may not take over (nofailover)`;
  return `${list(fit.map(({ name }) => name))} ${doing}${note}`;
}
