import { completedAt } from '../../document/backups.ts';
import { describeOrigin, type Judged, type JudgedDocument, type Origin } from '../../document/cluster.ts';
import { isLeader, largestLag, lockHolders } from '../../document/members.ts';
import type { HealthCheck } from '../../document/schema.ts';
import { STATE_NUMBERS } from '../../document/status.ts';
import { printable } from '../../text/printable.ts';
import { epochSeconds } from '../../text/times.ts';
import { newestRestorable, recoveryOf } from '../../wal/read.ts';
import { idOf, memberId } from './id.ts';

/**
 * A row of the value. A fact that is not known has no key: Zabbix makes a numeric item unsupported where it finds null, and keeps the last
 * value where it finds nothing.
 */
export type Row =
  | { cluster: ClusterNames; document: Facts }
  | { cluster: ClusterNames; error: string }
  | { member: MemberNames; role: string; state: string; lag?: number | undefined; timeline?: number | undefined }
  | { unlisted: string; error: string }
  | { left_out: { clusters: number; members: number } };

/** What discovery needs, under keys that change only with the cluster itself. */
interface ClusterNames {
  id: string;
  name: string;
  /** Context and namespace, file or host. */
  where: string;
  context: string;
  namespace: string;
  configmap: string;
}

interface MemberNames extends Pick<ClusterNames, 'id' | 'name' | 'context' | 'namespace'> {
  cluster: string;
  where: string;
}

/** Times in epoch seconds, sizes in bytes. */
interface Facts {
  time: number;
  /** As in Prometheus: 0 = ok, 1 = warning, 2 = critical, 3 = unknown. */
  status: number;
  version?: string | undefined;
  leader?: string | undefined;
  members?: number | undefined;
  /** Of the replica that is furthest behind, as far as is known; 0 = there is no replica. */
  lag?: number | undefined;
  /** When the newest backup that can be restored was complete. */
  backup?: number | undefined;
  /** How many backups can be restored. */
  backups?: number | undefined;
  safe_up_to?: number | undefined;
  unarchived?: number | undefined;
  failover?: number | undefined;
  /** Those that are not ok: status and reason. */
  checks: Record<string, string>;
  /** Why checks are unknown, in one sentence; absent where none is. */
  unknown?: string | undefined;
}

/** The name of a trigger may have 255 characters, with the names of a cluster and of a place in it. */
const LONGEST_NAME = 80;
const LONGEST_REASON = 250;

export function clusterRow(judged: Judged): Row {
  const cluster = namesOf(judged);
  if (judged.document === null) return { cluster, error: cut(judged.error, LONGEST_REASON) };
  return { cluster, document: factsOf(judged.document) };
}

/** A context, or a namespace of it, that could not be listed. */
export function unlistedRow({ origin, error }: Judged): Row {
  return { unlisted: cut(describeOrigin(origin), LONGEST_NAME), error: cut(error ?? '', LONGEST_REASON) };
}

export function memberRows(judged: Judged): Row[] {
  if (judged.document === null) return [];
  const { id, name: cluster, where, context, namespace } = namesOf(judged);
  return judged.document.cluster_status.members.map(({ name, role, state, lag, timeline }) => ({
    member: { id: memberId(id, name), name: cut(name, LONGEST_NAME), cluster, where, context, namespace },
    role: cut(role, LONGEST_NAME),
    state: cut(state, LONGEST_NAME),
    lag: typeof lag === 'number' ? lag : undefined,
    timeline,
  }));
}

function namesOf({ name, origin }: { name: string; origin: Origin }): ClusterNames {
  const { context, namespace, configmap } = 'configmap' in origin ? origin : NOWHERE;
  return {
    id: idOf(origin),
    name: cut(name, LONGEST_NAME),
    where: cut(describeOrigin(origin), LONGEST_NAME),
    context: cut(context ?? '', LONGEST_NAME),
    namespace,
    configmap,
  };
}

const NOWHERE = { context: null, namespace: '', configmap: '' };

function factsOf(document: JudgedDocument): Facts {
  const { cluster_status: cluster, current_timestamp: time, health, generator, failovers } = document;
  const recovery = recoveryOf(document);
  const backup = newestRestorable(document);
  const [leader] = lockHolders(document);
  const isListed = cluster.members.length > 0;
  const unknown = health.checks.filter(({ status, collector }) => status === 'unknown' && collector === undefined);
  return {
    time,
    status: STATE_NUMBERS[health.status],
    version: generator && cut(generator.version, LONGEST_NAME),
    leader: leader && cut(leader.name, LONGEST_NAME),
    members: isListed ? cluster.members.length : undefined,
    lag: isListed ? furthestBehind(document) : undefined,
    backup: backup && wholeSeconds(completedAt(backup, time * 1000)),
    backups: recovery?.restorable,
    safe_up_to: seconds(recovery?.safe_up_to),
    unarchived: recovery?.not_archived_bytes ?? undefined,
    failover: seconds(failovers?.at(-1)?.time),
    checks: Object.fromEntries(health.checks.filter(({ status }) => status !== 'ok').map(problem)),
    unknown:
      unknown.length === 0
        ? undefined
        : cut(unknown.map(({ name, message }) => `${name}: ${message}`).join('; '), LONGEST_REASON),
  };
}

function furthestBehind({ cluster_status: { members } }: JudgedDocument): number | undefined {
  return members.every(isLeader) ? 0 : largestLag(members);
}

function wholeSeconds(time: number | undefined): number | undefined {
  return time === undefined ? undefined : Math.floor(time / 1000);
}

function seconds(time: string | null | undefined): number | undefined {
  const exact = epochSeconds(time);
  return exact === undefined ? undefined : Math.floor(exact);
}

/** A check that could not be judged because a collector failed says nothing new: `collection` has the reason. */
function problem({ name, status, message, collector }: HealthCheck): [name: string, text: string] {
  return [
    cut(name, LONGEST_NAME),
    cut(`${collector === undefined ? status : 'not judged'}: ${message}`, LONGEST_REASON),
  ];
}

function cut(text: string, longest: number): string {
  const line = printable(text);
  return line.length <= longest ? line : `${line.slice(0, longest - 1).toWellFormed()}…`;
}
