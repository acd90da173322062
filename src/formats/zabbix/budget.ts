import { isUnlisted, statusOf, type Judged } from '../../document/cluster.ts';
import { type Status, worstFirst } from '../../document/status.ts';
import { escapeUnprintable } from '../escape.ts';
import { clusterRow, unlistedRow, type Row } from './rows.ts';

/** An agent of Zabbix 6.0 refuses a value of more than 512 KB (524,288 bytes): the item is then not supported. */
export const MOST_BYTES = 500_000;

/** A row as JSON, and what decides whether it gets room. */
export interface Part {
  json: string;
  status: Status;
  /** It stands for a context or namespace that could not be listed. */
  isUnlisted: boolean;
}

export function partOf(cluster: Judged): Part {
  const unlisted = isUnlisted(cluster);
  const row = unlisted ? unlistedRow(cluster) : clusterRow(cluster);
  return { json: json(row), status: statusOf(cluster), isUnlisted: unlisted };
}

/**
 * The rows as one line of JSON within a number of bytes. There is room for what could not be listed first, then for the clusters, the
 * worst first; what does not fit is counted. The rows keep the order of the source, so that discovery sees no change where a verdict
 * changes. Empty where nothing could be listed, because `[]` says that there is no cluster.
 */
export function withinBytes(parts: readonly Part[], most: number): string {
  const unlisted = parts.filter((part) => part.isUnlisted);
  if (unlisted.length > 0 && unlisted.length === parts.length) return '';
  const clusters = parts.filter((part) => !part.isUnlisted);
  let room = most - Buffer.byteLength(json({ left_out: { clusters: clusters.length } })) - 3;
  const fits = (part: Part) => {
    const bytes = Buffer.byteLength(part.json) + 1;
    if (bytes > room) return false;
    room -= bytes;
    return true;
  };
  const contexts = unlisted.filter(fits);
  const kept = new Set(worstFirst(clusters, ({ status }) => status).filter(fits));
  const missing = kept.size < clusters.length ? [json({ left_out: { clusters: clusters.length - kept.size } })] : [];
  const rows = clusters.filter((part) => kept.has(part));
  return `[${[...contexts.map((part) => part.json), ...missing, ...rows.map((part) => part.json)].join(',')}]\n`;
}

function json(row: Row): string {
  return escapeUnprintable(JSON.stringify(row));
}
