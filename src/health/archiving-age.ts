import type { StatusDocument } from '../document/schema.ts';
import { formatBytes, formatDuration } from '../text/units.ts';
import { pointInTime } from '../text/words.ts';
import { IDLE_BYTES } from '../wal/not-archived.ts';
import { recoveryOf, walOf } from '../wal/read.ts';
import { type Finding, finding, type Situation } from './check.ts';
import type { Thresholds } from './thresholds.ts';

/** Seconds. PostgreSQL checks archive_timeout only from time to time, and an upload takes time: three times the timeout is late. */
const LEAST_LIMIT = 15 * 60;
const TIMES = 3;
/** Seconds, if nothing makes PostgreSQL switch to a new segment before the current one is full. */
const LIMIT_UNTIMED = 3600;

/**
 * For how long some WAL has not been archived, whether or not more is written: all of it would be lost with the database hosts. Without
 * `--state` this is only a note, because a single run cannot determine for how long. Undefined if it is not known, or next to nothing.
 */
export function archivingAge({ document, thresholds, now }: Situation): Finding | undefined {
  const { backlog_not_known_since: notKnownSince } = walOf(document) ?? {};
  if (notKnownSince !== undefined)
    return finding(
      'unknown',
      `whether WAL arrives in the archive is not known since ${pointInTime(notKnownSince * 1000)} (see wal_integrity)`,
    );
  const { not_archived_bytes: bytes, not_archived_since: since } = recoveryOf(document) ?? {};
  if (bytes == null || bytes <= IDLE_BYTES) return undefined;
  const amount = `${formatBytes(bytes)} of WAL is not archived`;
  if (since === undefined) return finding('ok', `${amount} yet; its age is known from the second run with --state on`);
  const age = Math.max(0, Math.round(now / 1000 - since));
  const limit = limitOf(document, thresholds);
  const measured = { value: age, unit: 'seconds', warning: limit };
  if (age <= limit)
    return { ...finding('ok', `${amount} yet, the oldest of it for ${formatDuration(age)}`), ...measured };
  const late = `${amount}, the oldest of it for ${formatDuration(age)}, more than ${formatDuration(limit)} (--wal-age-max)`;
  return { ...finding('warning', `${late}: ${causeOf(document, bytes)}`), ...measured };
}

/** Seconds. */
function limitOf({ patroni_config: config }: StatusDocument, { walAgeMax }: Thresholds): number {
  if (walAgeMax !== undefined) return walAgeMax / 1000;
  const timeout = config?.archive_timeout;
  return timeout == null || timeout === 0 ? LIMIT_UNTIMED : Math.max(LEAST_LIMIT, TIMES * timeout);
}

function causeOf(document: StatusDocument, bytes: number): string {
  const timeout = document.patroni_config?.archive_timeout;
  const size = walOf(document)?.segment_size ?? 0;
  const failing = "the archiver is behind or failing: see the leader's PostgreSQL log";
  if (timeout != null && timeout > 0) return `archive_timeout is ${formatDuration(timeout)}, so ${failing}`;
  const unset =
    timeout === 0
      ? 'archive_timeout is 0'
      : "archive_timeout is not in Patroni's configuration, and PostgreSQL's default is 0";
  const full = `${unset}: a segment is archived only when its ${formatBytes(size)} are full`;
  return bytes < size ? `${full}; set archive_timeout to limit how much can be lost` : `${failing}; ${full}`;
}
