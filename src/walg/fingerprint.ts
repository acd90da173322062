import { createHash } from 'node:crypto';
import type { WalgSettings } from './program.ts';

/** Variables that determine which storage WAL-G reads, and how; others, such as those of systemd or cron, differ from run to run. */
const OF_WALG =
  /^(?:WALG|WALE|AWS|S3|GCS|GS|GOOGLE|AZURE|SWIFT|OS|OSS|ALIBABA|YC|PG)_?|^SSH_(?:PORT|USERNAME|PASSWORD|PRIVATE)/;

/** A hash of the program and its environment; if it is unchanged, WAL-G reads the same storage as before. */
export function fingerprint({ path, environment }: WalgSettings): string {
  const relevant = Object.entries(environment)
    .filter(([name]) => OF_WALG.test(name))
    .sort(([one], [other]) => (one < other ? -1 : 1));
  return createHash('sha256')
    .update(JSON.stringify([path, relevant]))
    .digest('hex')
    .slice(0, 32);
}
