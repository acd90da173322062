import { completedAt } from '../../document/backups.ts';
import { describeOrigin, type Judged, type JudgedDocument, type Origin } from '../../document/cluster.ts';
import { isLeader, largestLag, lockHolders } from '../../document/members.ts';
import type { HealthCheck, Member } from '../../document/schema.ts';
import { STATE_NUMBERS } from '../../document/status.ts';
import { printable } from '../../text/printable.ts';
import { epochSeconds } from '../../text/times.ts';
import { newestRestorable, recoveryOf } from '../../wal/read.ts';
import { idOf } from './id.ts';

/**
 * A row of the value. A fact that is not known has no key: Zabbix makes a numeric item unsupported where it finds null, and keeps the last
 * value where it finds nothing.
 */
export type Row =
  | { cluster: ClusterNames; document: Facts | Unreadable }
  | { unlisted: string; error: string }
  | { left_out: { clusters: number } };

/** What discovery needs; it changes only with the cluster itself. */
interface ClusterNames {
  id: string;
  name: string;
  /** Context and namespace, file or host. */
  where: string;
  context: string;
  namespace: string;
  configmap: string;
}

/** Times in epoch seconds, sizes in bytes. */
interface Facts {
  time: number;
  /** As in Prometheus: 0 = ok, 1 = warning, 2 = critical, 3 = unknown. */
  status: number;
  leader?: string | undefined;
  members?: number | undefined;
  /**
   * A line for each member: `<name>: <role>, <state>`. It is one text, because items for each member would take Zabbix 6.0 too long to
   * discover in a large fleet (examples/zabbix/README.md, "Many clusters").
   */
  states?: string | undefined;
  /** Of the replica that is furthest behind, as far as is known; 0 = there is no replica. */
  lag?: number | undefined;
  /** When the newest backup that can be restored was complete. */
  backup?: number | undefined;
  safe_up_to?: number | undefined;
  unarchived?: number | undefined;
  /**
   * A line for each check that is not ok: `<check> <verdict>: <reason>`. The verdict is `warning`, `critical`, `unknown`, or `not judged`
   * where a collector failed: then the check says nothing new, and `collection` has the reason. The unknown ones are last, so that one
   * trigger shows them all. Absent where every check is ok.
   */
  problems?: string | undefined;
}

/** In the place of the facts where there is no document: one line, `unreadable: <reason>`. */
interface Unreadable {
  problems: string;
}

/** The name of a trigger may have 255 characters, with the names of a cluster and of a place in it. */
const LONGEST_NAME = 80;
const LONGEST_REASON = 250;

export function clusterRow(judged: Judged): Row {
  const cluster = namesOf(judged);
  if (judged.document === null)
    return { cluster, document: { problems: `unreadable: ${cut(judged.error, LONGEST_REASON)}` } };
  return { cluster, document: factsOf(judged.document) };
}

/** A context, or a namespace of it, that could not be listed. */
export function unlistedRow({ origin, error }: Judged): Row {
  return { unlisted: cut(describeOrigin(origin), LONGEST_NAME), error: cut(error ?? '', LONGEST_REASON) };
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
  const { cluster_status: cluster, current_timestamp: time, health } = document;
  const recovery = recoveryOf(document);
  const backup = newestRestorable(document);
  const [leader] = lockHolders(document);
  const isListed = cluster.members.length > 0;
  return {
    time,
    status: STATE_NUMBERS[health.status],
    leader: leader && cut(leader.name, LONGEST_NAME),
    members: isListed ? cluster.members.length : undefined,
    states: isListed ? cluster.members.map(stateOf).join('\n') : undefined,
    lag: isListed ? furthestBehind(document) : undefined,
    backup: backup && wholeSeconds(completedAt(backup, time * 1000)),
    safe_up_to: seconds(recovery?.safe_up_to),
    unarchived: recovery?.not_archived_bytes ?? undefined,
    problems: problemsOf(health.checks),
  };
}

function stateOf({ name, role, state }: Member): string {
  return cut(`${name}: ${role}, ${state}`, LONGEST_NAME);
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

function problemsOf(checks: readonly HealthCheck[]): string | undefined {
  const lines = checks.flatMap(({ name, status, message, collector }) => {
    if (status === 'ok') return [];
    const verdict = collector === undefined ? status : 'not judged';
    return [{ verdict, line: `${cut(name, LONGEST_NAME)} ${verdict}: ${cut(message, LONGEST_REASON)}` }];
  });
  if (lines.length === 0) return undefined;
  const isUnknown = ({ verdict }: { verdict: string }) => verdict === 'unknown';
  return [...lines.filter((one) => !isUnknown(one)), ...lines.filter(isUnknown)].map(({ line }) => line).join('\n');
}

function cut(text: string, longest: number): string {
  const line = printable(text);
  return line.length <= longest ? line : `${line.slice(0, longest - 1).toWellFormed()}…`;
}
