import { leaderPosition, withPosition } from './positions.ts';
import type { Memory } from './memory.ts';
import type { StatusDocument } from './schema.ts';

/** What tells one cluster from another, as far as a document knows it. */
export type Identity = NonNullable<Memory['cluster']>;

/** `patroni` is host and port of the first URL: known even while nothing answers there. */
export function identify({ node, leader, cluster_status: cluster }: StatusDocument, patroni: string): Identity {
  const system_identifier = node?.system_identifier ?? leader?.system_identifier ?? undefined;
  const scope = node?.scope ?? leader?.scope ?? cluster.scope;
  return { patroni, ...(scope != null && { scope }), ...(system_identifier !== undefined && { system_identifier }) };
}

/** Whether both may be the same cluster: by what is most certain of all that both know. */
export function isSame(one: Identity, other: Identity): boolean {
  if (one.system_identifier !== undefined && other.system_identifier !== undefined)
    return one.system_identifier === other.system_identifier;
  if (one.scope !== undefined && other.scope !== undefined) return one.scope === other.scope;
  return one.patroni === other.patroni;
}

/** What this run keeps for the next: which cluster it is stays as it was remembered where this run could not learn it. */
export function nextMemory(document: StatusDocument, patroni: string, before: Memory | undefined): Memory {
  return {
    document,
    cluster: { ...before?.cluster, ...identify(document, patroni) },
    positions: withPosition(before?.positions ?? [], leaderPosition(document), document.current_timestamp),
  };
}
