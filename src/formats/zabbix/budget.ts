import { isUnlisted, statusOf, type Judged } from '../../document/cluster.ts';
import { worstFirst } from '../../document/status.ts';
import { escapeUnprintable } from '../escape.ts';
import { clusterRow, unlistedRow, type Row } from './rows.ts';

/** An agent of Zabbix 6.0 refuses a value of more than 512 KB (524,288 bytes): the item is then not supported. */
export const MOST_BYTES = 500_000;

/**
 * The rows as one line of JSON within a number of bytes. There is room for what could not be listed first, then for the clusters, the
 * worst first; what does not fit is counted. The rows keep the order of the source, so that discovery sees no change where a verdict
 * changes. Empty where nothing could be listed, because `[]` says that there is no cluster.
 */
export function withinBytes(clusters: readonly Judged[], most: number): string {
  const unlisted = clusters.filter(isUnlisted);
  if (unlisted.length > 0 && unlisted.length === clusters.length) return '';
  const sources = clusters.filter((cluster) => !isUnlisted(cluster));
  let room = most - Buffer.byteLength(json({ left_out: { clusters: sources.length } })) - 3;
  const fits = (text: string) => {
    const bytes = Buffer.byteLength(text) + 1;
    if (bytes > room) return false;
    room -= bytes;
    return true;
  };
  const contexts = unlisted.map((cluster) => json(unlistedRow(cluster))).filter(fits);
  const rows = sources.map((cluster) => ({ status: statusOf(cluster), text: json(clusterRow(cluster)) }));
  const kept = new Set(worstFirst(rows, ({ status }) => status).filter(({ text }) => fits(text)));
  const missing = kept.size < rows.length ? [json({ left_out: { clusters: rows.length - kept.size } })] : [];
  const texts = rows.filter((row) => kept.has(row)).map(({ text }) => text);
  return `[${[...contexts, ...missing, ...texts].join(',')}]\n`;
}

function json(row: Row): string {
  return escapeUnprintable(JSON.stringify(row));
}
