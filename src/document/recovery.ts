import * as z from 'zod/mini';
import { count, field, known, list, name } from './field.ts';
import { stored } from './stored.ts';

/** Why a backup cannot be restored into this cluster, or not up to a consistent state. */
export const FLAWS = ['base_missing', 'other_system', 'other_timeline', 'wal_lost', 'wal_not_archived'] as const;

const window = z.object({
  from: field(
    known(name()),
    'The first time that can be restored: when the backup was complete, rounded up to a whole second, in the form that recovery_target_time takes.',
  ),
  to: field(
    known(name()),
    'The latest time that is proven to be in the window, in the form that recovery_target_time takes; null = only its start is proven.',
  ),
  to_at_most: field(
    z.optional(known(name())),
    'When the last segment of the window arrived in the storage: no later time is in the window; null or absent = not known.',
  ),
  start_lsn: field(known(name()), 'The LSN at which it begins, as X/Y: the end of the backup.'),
  end_lsn: field(known(name()), 'The LSN at which it ends, as X/Y: the end of its last segment.'),
  timeline: field(known(z.int()), 'The timeline on which it begins.'),
  end_timeline: field(known(z.int()), 'The timeline on which it ends.'),
  last_segment: field(known(name()), 'Its last WAL segment.'),
  backup: field(name(), 'The backup with which it begins.'),
  open: field(z.boolean(), 'It ends with the newest WAL in the storage, not at a gap.'),
  doubtful: field(z.optional(z.boolean()), 'Some of its WAL is in doubt (see wal.doubtful).'),
});

const gap = z.object({
  from: field(known(name()), 'The latest time before the gap that is proven to be restorable.'),
  to: field(known(name()), 'The first time after the gap that can be restored; null = no later time can be restored.'),
  start_lsn: field(known(name()), 'The LSN at which it begins, as X/Y.'),
  end_lsn: field(known(name()), 'The LSN at which the next window begins, as X/Y; null = there is none.'),
  missing_segments: field(count(), 'The number of WAL segments that are lost in it.'),
});

const unrestorable = z.object({
  backup_name: field(name(), 'The backup.'),
  time: field(name(), 'When it was complete, or when it was stored if that is not known.'),
  reason: field(
    z.enum(FLAWS),
    'base_missing: it is a delta backup, and a backup that it needs is not in the storage; other_system: it was taken from another cluster; other_timeline: it is of a timeline from which the cluster does not descend; wal_lost: a segment that it needs is lost; wal_not_archived: a segment that it needs is not in the storage yet.',
  ),
  missing: field(name(), 'The backup or segment that is missing, or the system identifier or timeline of the backup.'),
});

const reference = z.object({
  backup_name: field(name(), 'base_<segment>, with _D_<segment> when it is a delta backup.'),
  time: field(name(), 'When the storage wrote its sentinel object.'),
  finish_time: field(known(name()), 'When it was complete.'),
  wal_file_name: field(name(), 'The WAL segment in which it starts.'),
});

/** What can be restored: derived once, from the whole listing, before the document is cut to size. */
export const recovery = z.object({
  newest_backup: field(known(reference), 'The newest backup that can be restored, as far as is known; null = none.'),
  restorable: field(count(), 'The number of backups that can be restored, as far as is known.'),
  not_checked: field(
    count(),
    'The number of these that need WAL which WAL-G did not check: permanent backups, those without details, or all of them if the WAL was not checked.',
  ),
  not_restorable: field(list(unrestorable, 100), 'The newest backups that cannot be restored, newest first.'),
  not_restorable_left_out: field(z.optional(count()), 'The number of older ones that were left out.'),
  windows: field(
    known(list(window, 100)),
    'The windows of time that can be restored, oldest first; only the newest 100; null = the WAL was not checked.',
  ),
  windows_left_out: field(z.optional(count()), 'The number of older windows that were left out.'),
  gaps: field(list(gap, 100), 'The gaps between the windows and after the last one, which cannot be restored.'),
  safe_up_to: field(
    known(name()),
    'The latest time at which the LSN of the leader is known to have been inside the archived WAL: everything committed until then can be restored; null = not known.',
  ),
  archived_up_to: field(known(name()), 'The LSN at which the newest segment in the storage ends, as X/Y.'),
  not_archived_bytes: field(
    known(count()),
    'Bytes of WAL that are not archived: between the end of the newest segment in the storage and the LSN of the leader.',
  ),
  not_archived_since: field(
    z.optional(z.int().check(z.nonnegative())),
    'When a run first saw the oldest WAL that is still not archived, epoch seconds (needs --state).',
  ),
  newest_wal_arrived_at: field(
    z.optional(known(name())),
    'When the newest segment arrived in the storage; its content may have been committed long before.',
  ),
  from_storage_alone: field(
    z.optional(z.boolean()),
    'The result of wal-verify is not known: this is derived from what is in the storage (wal-show), along its highest timeline if Patroni reports none; what comes after its newest segment is not known.',
  ),
  stored: field(z.optional(stored), 'What WAL the storage holds, according to wal-show.'),
});

export type Recovery = z.infer<typeof recovery>;
export type RecoveryWindow = z.infer<typeof window>;
export type RecoveryGap = z.infer<typeof gap>;
export type Unrestorable = z.infer<typeof unrestorable>;
