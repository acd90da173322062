import type { StatusDocument } from '../../document/schema.ts';
import { epochSeconds } from '../../text/times.ts';
import { recoveryOf } from '../../wal/read.ts';
import { gauge, type Family } from './exposition.ts';

/** What would be lost if every database host were lost now. */
export function safeFamilies(document: StatusDocument): Family[] {
  const recovery = recoveryOf(document);
  if (recovery === null) return [];
  return [
    gauge(
      'postgres_status_recovery_safe_timestamp_seconds',
      'Up to when all that was committed is known to be restorable, in seconds since the epoch.',
      epochSeconds(recovery.safe_up_to),
    ),
    gauge(
      'postgres_status_archive_newest_arrival_timestamp_seconds',
      'When the newest WAL segment arrived in the storage, in seconds since the epoch; its content may be older.',
      epochSeconds(recovery.newest_wal_arrived_at),
    ),
    gauge(
      'postgres_status_archive_unarchived_bytes',
      "Bytes of WAL between the end of the newest archived segment and the leader's position.",
      recovery.not_archived_bytes,
    ),
    gauge(
      'postgres_status_archive_unarchived_since_timestamp_seconds',
      'When WAL that is still not archived was first seen, in seconds since the epoch (with --state).',
      recovery.not_archived_since,
    ),
  ];
}
