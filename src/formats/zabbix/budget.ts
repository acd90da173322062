import { isUnlisted, statusOf, type Judged } from '../../document/cluster.ts';
import { worstFirst, type Status } from '../../document/status.ts';
import { escapeUnprintable } from '../escape.ts';
import { clusterRow, memberRows, unlistedRow, type Row } from './rows.ts';

/** An agent of Zabbix 6.0 refuses a value of more than 512 KB (524,288 bytes): the item is then not supported. */
export const MOST_BYTES = 500_000;

/** The rows of a cluster, each as JSON. */
interface Candidate {
  status: Status;
  cluster: string;
  members: string[];
  hasCluster: boolean;
  hasMembers: boolean;
}

/**
 * The rows as one line of JSON within a number of bytes. There is room for what could not be listed first, then for the clusters, the
 * worst first, then for their members; what does not fit is counted. The rows keep the order of the source, so that discovery sees no
 * change where a verdict changes. Empty where nothing could be listed, because `[]` says that there is no cluster.
 */
export function withinBytes(clusters: readonly Judged[], most: number): string {
  const unlisted = clusters.filter(isUnlisted);
  if (unlisted.length > 0 && unlisted.length === clusters.length) return '';
  const sources = clusters.filter((cluster) => !isUnlisted(cluster));
  let room = most - Buffer.byteLength(json({ left_out: { clusters: sources.length, members: sources.length } })) - 3;
  const fits = (texts: readonly string[]) => {
    const bytes = texts.reduce((sum, text) => sum + Buffer.byteLength(text) + 1, 0);
    if (bytes > room) return false;
    room -= bytes;
    return true;
  };
  const contexts = unlisted.map((cluster) => json(unlistedRow(cluster))).filter((text) => fits([text]));
  const candidates = sources.map((cluster): Candidate => ({
    status: statusOf(cluster),
    cluster: json(clusterRow(cluster)),
    members: memberRows(cluster).map(json),
    hasCluster: false,
    hasMembers: false,
  }));
  const byPriority = worstFirst(candidates, ({ status }) => status);
  for (const candidate of byPriority) candidate.hasCluster = fits([candidate.cluster]);
  for (const candidate of byPriority) candidate.hasMembers = candidate.hasCluster && fits(candidate.members);
  const kept = candidates.flatMap(({ cluster, members, hasCluster, hasMembers }) => [
    ...(hasCluster ? [cluster] : []),
    ...(hasMembers ? members : []),
  ]);
  const leftOut = {
    clusters: candidates.filter(({ hasCluster }) => !hasCluster).length,
    members: candidates.filter(({ hasCluster, hasMembers }) => hasCluster && !hasMembers).length,
  };
  const missing = leftOut.clusters + leftOut.members > 0 ? [json({ left_out: leftOut })] : [];
  return `[${[...contexts, ...missing, ...kept].join(',')}]\n`;
}

function json(row: Row): string {
  return escapeUnprintable(JSON.stringify(row));
}
