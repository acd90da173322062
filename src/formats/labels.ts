import type { Judged } from '../document/cluster.ts';
import { leads, lockHolders } from '../document/members.ts';
import type { StatusDocument } from '../document/schema.ts';
import { trimEndOf } from '../text/trim-end.ts';

/**
 * Labels of a ConfigMap, so that `kubectl get configmaps -L` shows a table of clusters. They differ from the labels by which Patroni selects
 * its own objects, because `patronictl remove` deletes all objects with those. `null` removes a label: no former leader is shown.
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

/** Kubernetes' label syntax: at most 63 letters, digits, `-`, `_` and `.`, the first and last a letter or digit; or empty. */
export function asLabelValue(text: string): string {
  const permitted = text.replaceAll(/[^-\w.]/gu, '_').replace(/^[-_.]+/, '');
  return trimEndOf(permitted.slice(0, 63), '-_.');
}
