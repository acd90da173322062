import { createHash } from 'node:crypto';
import type { Origin } from '../../document/cluster.ts';

/** The key of an item may have 2,048 characters. */
const LONGEST = 512;

/**
 * What identifies a cluster in the keys of items and in JSONPath, where quotes, commas, brackets and blanks have a meaning: all but a few
 * characters are percent-encoded. It depends on where the cluster is seen alone, not on what its document says.
 */
export function idOf(origin: Origin): string {
  if ('host' in origin) return joined([origin.host]);
  if ('file' in origin) return joined(origin.file.split('/'));
  if ('unlisted' in origin) return joined([origin.context ?? '', origin.unlisted ?? '']);
  const { context, namespace, configmap } = origin;
  return joined([...(context === null ? [] : [context]), namespace, configmap]);
}

function joined(parts: readonly string[]): string {
  return capped(parts.map(encoded).join('/'));
}

/** `@` and `:` occur in the names that kubeadm and cloud providers give to contexts. */
function encoded(part: string): string {
  return part
    .toWellFormed()
    .replaceAll(/[^\w.@:~+-]/gu, (character) =>
      [...Buffer.from(character)].map((byte) => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`).join(''),
    );
}

function capped(id: string): string {
  if (id.length <= LONGEST) return id;
  const hash = createHash('sha256').update(id).digest('hex').slice(0, 16);
  return `${id.slice(0, LONGEST - hash.length - 1)}~${hash}`;
}
