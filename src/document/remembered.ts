import { leaderPosition, withPosition } from './positions.ts';
import type { Memory } from './memory.ts';
import type { StatusDocument } from './schema.ts';

/** What distinguishes one cluster from another, as far as a document has it. */
export type Identity = NonNullable<Memory['cluster']>;

/** `patroni` is host and port of the first URL: known even if Patroni does not answer. */
export function identify({ node, leader, cluster_status: cluster }: StatusDocument, patroni: string): Identity {
  const system_identifier = node?.system_identifier ?? leader?.system_identifier ?? undefined;
  const scope = node?.scope ?? leader?.scope ?? cluster.scope;
  return { patroni, ...(scope != null && { scope }), ...(system_identifier !== undefined && { system_identifier }) };
}

/** Whether both may be the same cluster: compares the most reliable property that both have. */
export function isSame(one: Identity, other: Identity): boolean {
  if (one.system_identifier !== undefined && other.system_identifier !== undefined)
    return one.system_identifier === other.system_identifier;
  if (one.scope !== undefined && other.scope !== undefined) return one.scope === other.scope;
  return one.patroni === other.patroni;
}

/** What this run saves for the next. The identity of the cluster that was saved before is kept as far as this run could not determine it. */
export function nextMemory(document: StatusDocument, patroni: string, before: Memory | undefined): Memory {
  return {
    document,
    cluster: { ...before?.cluster, ...identify(document, patroni) },
    positions: withPosition(before?.positions ?? [], leaderPosition(document), document.current_timestamp),
  };
}
