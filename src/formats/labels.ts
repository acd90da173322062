import type { Judged } from '../document/cluster.ts';
import { leads, lockHolders } from '../document/members.ts';
import type { StatusDocument } from '../document/schema.ts';
import { trimEndOf } from '../text/trim-end.ts';

/**
 * Labels of a ConfigMap, so that `kubectl get configmaps -L` shows a table of clusters. None of them is one by which Patroni selects its own
 * objects: `patronictl remove` deletes everything with those. `null` removes a label, so that no former leader is shown.
 */
export function labelsOf([cluster]: readonly Judged[]): Record<string, string | null> {
  const document = cluster?.document;
  if (!document) return {};
  const leader = leaderOf(document);
  return {
    'app.kubernetes.io/name': 'postgres-status',
    'postgres-status/health': document.health.status,
    'postgres-status/leader': leader === undefined ? null : asLabelValue(leader),
    'postgres-status/updated': String(document.current_timestamp),
  };
}

/** The holder of the leader lock, else the node that was asked if it leads. */
function leaderOf(document: StatusDocument): string | undefined {
  const holders = lockHolders(document);
  if (holders.length > 0) return holders.map(({ name }) => name).join(',');
  const { node } = document;
  return node && leads(node.role) ? (node.name ?? undefined) : undefined;
}

/** Letters, digits, `-`, `_` and `.`, 63 at most, the first and the last of them a letter or a digit; or empty (Kubernetes' label syntax). */
export function asLabelValue(text: string): string {
  const permitted = text.replaceAll(/[^-\w.]/gu, '_').replace(/^[-_.]+/, '');
  return trimEndOf(permitted.slice(0, 63), '-_.');
}
