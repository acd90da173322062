import { isAtLeast, isNostream, lockHolders, memberNamed, replicatesFrom } from './members.ts';
import type { LeaderAnswer, Node, StatusDocument } from './schema.ts';
import { ownWords } from './witnesses.ts';

/** A leader that did not answer, or was not asked. */
export interface Silence {
  member: string;
  outcome: Exclude<LeaderAnswer['outcome'], 'answered'>;
  error: string | null;
  /** Whether the replicas that were asked still stream from it; undefined if none of them shows that. */
  streams: boolean | undefined;
  /** The replicas that show whether they stream. */
  tellers: readonly string[];
}

/**
 * Undefined if the leader answered, or if it was not asked and no replica has stopped streaming: then there is only /cluster, which may be
 * as old as the ttl.
 */
export function leaderSilence(document: StatusDocument): Silence | undefined {
  const { leader_api: api, node, other_nodes: others } = document;
  const [holder] = lockHolders(document);
  if (!api || api.outcome === 'answered') return undefined;
  if (holder?.name !== api.member || ownWords(holder, document) !== undefined) return undefined;
  const { member, outcome, error } = api;
  const tellers = [node, ...(others ?? [])]
    .filter((asked) => asked != null)
    .filter((asked) => canTell(asked, document));
  const streaming = tellers.filter(
    ({ replication_state: state, timeline }) =>
      state === 'streaming' && (timeline === null || holder.timeline === undefined || timeline === holder.timeline),
  );
  const telling = streaming.length > 0 ? streaming : tellers;
  const streams = tellers.length === 0 ? undefined : streaming.length > 0;
  if (outcome === 'not_asked' && streams !== false) return undefined;
  return {
    member,
    outcome,
    error,
    streams,
    tellers: telling.map(({ name }) => name ?? 'the replica that was asked'),
  };
}

/**
 * It runs, follows the leader itself, and its Patroni reports whether it streams: from 3.0.4 on, where no replication_state means that it
 * neither streams nor reads the archive.
 */
function canTell(asked: Node, document: StatusDocument): boolean {
  const member = memberNamed(asked.name, document);
  if (asked.state !== 'running' || asked.role !== 'replica') return false;
  if (asked.patroni_version === null || !isAtLeast(asked.patroni_version, 3, 0, 4)) return false;
  return member === undefined || (!isNostream(member) && replicatesFrom(member) === undefined);
}
