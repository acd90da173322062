import { firstBy, perObject } from './per-object.ts';
import type { Cluster, Member, StatusDocument } from './schema.ts';

/**
 * Whether a member with this role in its own /patroni is the leader: primary from Patroni 4 on, master before, and standby_leader in a
 * standby cluster (contract).
 */
export function leads(role: string): boolean {
  return role === 'master' || role === 'primary' || role === 'standby_leader';
}

/** The members that hold the leader lock according to /cluster: one, or none for seconds during a switchover or failover. */
export function lockHolders({ cluster_status: cluster }: StatusDocument): readonly Member[] {
  return holdersOf(cluster);
}

const holdersOf = perObject(({ members }: Cluster) => members.filter(isLeader));

/**
 * It is the leader of a cluster or of a standby cluster. Patroni up to 4.1 lists the holder of the leader lock as leader even before its
 * PostgreSQL is promoted; later versions may list it as promoted (patroni/patroni, pull request 3697).
 */
export function isLeader({ role }: Member): boolean {
  return role === 'leader' || role === 'standby_leader' || role === 'promoted';
}

/** Bytes, of the replica that is furthest behind; undefined = of none is it known. */
export function largestLag(members: readonly Member[]): number | undefined {
  const lags = members.flatMap((member) => (isLeader(member) || typeof member.lag !== 'number' ? [] : [member.lag]));
  return lags.length === 0 ? undefined : lags.reduce((most, one) => Math.max(most, one));
}

/** On Kubernetes every pod with the cluster's labels is listed, whether Patroni runs in it or not. */
export function isPhantom(member: Member): boolean {
  return member.state === '' && member.api_url == null;
}

/** The member of that name. */
export function memberNamed(name: string | null, { cluster_status: cluster }: StatusDocument): Member | undefined {
  return byName(cluster).get(name);
}

const byName = perObject(({ members }: Cluster) => firstBy<string | null, Member>(members, ({ name }) => name));

/**
 * The application_name of a member's stream, in lower case: PostgreSQL cuts it to 63 bytes, and Patroni ignores case when it compares it.
 */
export function streamName({ name }: Pick<Member, 'name'>): string {
  return name.toLowerCase().slice(0, 63);
}

const streamNames = perObject(({ members }: Cluster) => new Set(members.map(streamName)));

/** Whether this application_name is that of a member. */
export function isMembers(applicationName: string | null, { cluster_status: cluster }: StatusDocument): boolean {
  return applicationName !== null && streamNames(cluster).has(applicationName.toLowerCase());
}

/** Whether a version of Patroni is at least the wanted one; a pre-release counts as its release. */
export function isAtLeast(version: string, ...wanted: readonly number[]): boolean {
  const parts = version.split('.');
  for (const [index, number] of wanted.entries()) {
    const part = Number.parseInt(parts[index] ?? '', 10) || 0;
    if (part !== number) return part > number;
  }
  return true;
}

type Tags = Partial<Record<'nofailover' | 'failover_priority' | 'nostream' | 'replicatefrom', unknown>>;

function tags({ tags: told }: Member): Tags {
  return typeof told === 'object' && told !== null && !Array.isArray(told) ? told : {};
}

function isOn(tag: unknown): boolean {
  return tag != null && /^(true|yes|on|1)$/i.test(JSON.stringify(tag).replaceAll('"', ''));
}

/** Its tags forbid its promotion; an explicit `nofailover: false` takes precedence over a priority of 0 (Patroni, tags.py). */
export function isBarred(member: Member): boolean {
  const { nofailover, failover_priority: priority } = tags(member);
  if (nofailover != null) return isOn(nofailover);
  return priority != null && Number(priority) <= 0;
}

/** It never streams, but reads WAL from the archive (tag nostream). */
export function isNostream(member: Member): boolean {
  return isOn(tags(member).nostream);
}

/** Patroni may promote it: no tag forbids it, and it is a real member. */
export function isCandidate(member: Member): boolean {
  return !isBarred(member) && !isNostream(member) && !isPhantom(member);
}

/** The name of the member from which it is configured to stream (tag replicatefrom); undefined = the leader. */
export function replicatesFrom(member: Member): string | undefined {
  const { replicatefrom } = tags(member);
  return typeof replicatefrom === 'string' && replicatefrom !== '' ? replicatefrom : undefined;
}

/** The highest timeline of the cluster according to Patroni; undefined if it does not report one. */
export function clusterTimeline(document: StatusDocument): number | undefined {
  const known = [
    document.node?.timeline,
    document.leader?.timeline,
    ...lockHolders(document).map((leader) => leader.timeline),
    ...(document.failovers ?? []).map((ended) => ended.timeline + 1),
  ].filter((timeline) => timeline != null);
  return known.length === 0 ? undefined : Math.max(...known);
}
