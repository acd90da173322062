import type { Health, HealthCheck, StatusDocument } from './schema.ts';
import { count } from '../text/words.ts';
import { FROM_WORST_TO_BEST, worst, worstFirst, type Status } from './status.ts';

/** Where a cluster was seen: on this host, in a file, or in a ConfigMap; or a place that could not be read. */
export type Origin =
  | { host: string }
  | { file: string }
  | { context: string | null; namespace: string; configmap: string }
  /** A context, or one namespace of it, that could not be listed: which clusters are there is not known. */
  | { context: string | null; unlisted: string | null };

/** A cluster, with its document or the reason why there is none. */
export type Cluster = Located & (Known | Missing);

/** A cluster with its document and the verdict on it. */
export type WithVerdict = Located & Known<JudgedDocument>;

/** The same, or the reason why there is no document. */
export type Judged = WithVerdict | (Located & Missing);

export type JudgedDocument = StatusDocument & { health: Health };

interface Located {
  /** Its name in every format. */
  name: string;
  origin: Origin;
}

interface Known<Document = StatusDocument> {
  document: Document;
  /** It was searched for secrets as a text, and has none. */
  isFreeOfSecrets?: boolean;
  error: null;
}

interface Missing {
  document: null;
  error: string;
}

/** The possible names of a cluster. */
export interface Names {
  /** Given by the user (--scope). */
  asked?: string | undefined;
  /** Reported by Patroni in an earlier run (--state). */
  remembered?: string | undefined;
  /** Used if its document has no name: never empty, and never the same for two clusters of one host. */
  otherwise: string;
}

/** The name of a cluster: the user's, else Patroni's of this or an earlier run, else the one that the source derives from the origin. */
export function nameCluster(document: StatusDocument | null, { asked, remembered, otherwise }: Names): string {
  const told = document?.node?.scope ?? document?.leader?.scope ?? document?.cluster_status.scope;
  return asked ?? told ?? remembered ?? otherwise;
}

/** What is kept of a cluster when its document is forgotten. */
export interface Standing extends Located {
  /** The verdict on it: unknown if it could not be read. */
  status: Status;
  /** Its document could be read. */
  isRead: boolean;
  /** The main reason for that verdict: the first reason of its worst check, or why it could not be read. */
  reason: string;
}

export function standingOf(cluster: Judged): Standing {
  const { name, origin, document, error } = cluster;
  const reason = document === null ? error : mainReason(document.health);
  return { name, origin, status: statusOf(cluster), isRead: document !== null, reason };
}

export function statusOf({ document }: Judged): Status {
  return document?.health.status ?? 'unknown';
}

function mainReason({ checks }: Health): string {
  const [check] = worstFirst(checks, ({ status }) => status);
  if (check === undefined || check.status === 'ok') return `${count(checks.length, 'check')} passed`;
  return `${check.name}: ${firstReason(check)}`;
}

/** The verdict on all of them; where there is none, nothing was looked at. */
export function worstStatus(clusters: readonly { status: Status }[]): Status {
  return clusters.length === 0 ? 'unknown' : worst(clusters.map(({ status }) => status));
}

/** The worst reason of a check is its first. */
export function firstReason({ message, reasons }: HealthCheck): string {
  return reasons?.[0] ?? message;
}

/** How many clusters have which verdict. */
export function countByStatus(clusters: readonly { status: Status }[]): Record<Status, number> {
  const counts = { critical: 0, unknown: 0, warning: 0, ok: 0 };
  for (const { status } of clusters) counts[status] += 1;
  return counts;
}

/** The same in words: `3 clusters: 1 critical, 2 ok; 1 context could not be read`. */
export function inNumbers(clusters: readonly Standing[]): string {
  const counts = countByStatus(clusters.filter((cluster) => !isUnlisted(cluster)));
  const total = Object.values(counts).reduce((sum, number) => sum + number, 0);
  const each = FROM_WORST_TO_BEST.flatMap((status) => (counts[status] === 0 ? [] : [`${counts[status]} ${status}`]));
  const origins = clusters.flatMap(({ origin }) => ('unlisted' in origin ? [origin] : []));
  const contexts = origins.filter(({ unlisted }) => unlisted === null).length;
  const namespaces = origins.length - contexts;
  const unread = [
    ...(contexts === 0 ? [] : [count(contexts, 'context')]),
    ...(namespaces === 0 ? [] : [count(namespaces, 'namespace')]),
  ].join(' and ');
  return [
    ...(total === 0 ? [] : [`${count(total, 'cluster')}: ${each.join(', ')}`]),
    ...(unread === '' ? [] : [`${unread} could not be read`]),
  ].join('; ');
}

/** Whether it has this name, or comes from this origin. */
export function isCalled({ name, origin }: Located, wanted: string): boolean {
  return name === wanted || describeOrigin(origin) === wanted;
}

/** A context or namespace that could not be listed, instead of a cluster. */
export function isUnlisted({ origin }: Pick<Located, 'origin'>): boolean {
  return 'unlisted' in origin;
}

/** The origin in a few words. */
export function describeOrigin(origin: Origin): string {
  if ('host' in origin) return origin.host;
  if ('file' in origin) return origin.file;
  const { context } = origin;
  const namespace = 'unlisted' in origin ? origin.unlisted : origin.namespace;
  const parts = [context, namespace].filter((part) => part !== null);
  return parts.length === 0 ? 'the current context' : parts.join('/');
}

/** Why there is no document, and where; the error of a file names it. */
export function errorOf(origin: Origin, error: string): string {
  if ('host' in origin || 'file' in origin) return error;
  const place = describeOrigin(origin);
  return `${'configmap' in origin ? `${place}/${origin.configmap}` : place}: ${error}`;
}
