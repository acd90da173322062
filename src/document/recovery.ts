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
    'The latest time that is proven to lie in the window, in the form that recovery_target_time takes; null = nothing proves more than its start.',
  ),
  to_at_most: field(
    z.optional(known(name())),
    'When the last segment of the window arrived in the storage: no later time can be restored; null or absent = not known.',
  ),
  start_lsn: field(known(name()), 'Where in the WAL it begins, as X/Y: the end of the backup.'),
  end_lsn: field(known(name()), 'Where in the WAL it ends, as X/Y: the end of its last segment.'),
  timeline: field(known(z.int()), 'The timeline that it begins on.'),
  end_timeline: field(known(z.int()), 'The timeline that it ends on.'),
  last_segment: field(known(name()), 'Its last WAL segment.'),
  backup: field(name(), 'The backup that it begins with.'),
  open: field(z.boolean(), 'It ends with the newest WAL in the storage, not at a gap.'),
  doubtful: field(z.optional(z.boolean()), 'Some of its WAL is in doubt (see wal.doubtful).'),
});

const gap = z.object({
  from: field(known(name()), 'The latest time before the gap that is proven to be restorable.'),
  to: field(known(name()), 'The first time after the gap that can be restored; null = none up to now.'),
  start_lsn: field(known(name()), 'Where in the WAL it begins, as X/Y.'),
  end_lsn: field(known(name()), 'Where in the WAL the next window begins, as X/Y; null = there is none.'),
  missing_segments: field(count(), 'How many WAL segments are lost in it.'),
});

const unrestorable = z.object({
  backup_name: field(name(), 'The backup.'),
  time: field(name(), 'When it was complete; when it was stored, where that is not known.'),
  reason: field(
    z.enum(FLAWS),
    'base_missing: a backup that it builds on is not in the storage; other_system: it was taken from another cluster; other_timeline: it is of a timeline that the cluster does not descend from; wal_lost: a segment that it needs is lost; wal_not_archived: a segment that it needs is not in the storage yet.',
  ),
  missing: field(name(), 'The backup or segment that is missing, or the system or timeline that it is of.'),
});

const reference = z.object({
  backup_name: field(name(), 'base_<segment>, with _D_<segment> when it is a delta backup.'),
  time: field(name(), 'When the storage wrote its sentinel object.'),
  finish_time: field(known(name()), 'When it was complete.'),
  wal_file_name: field(name(), 'The WAL segment that it starts in.'),
});

/** What can be restored: read once, from the whole listing, before the document was cut to size. */
export const recovery = z.object({
  newest_backup: field(known(reference), 'The newest backup that can be restored, as far as is known; null = none.'),
  restorable: field(count(), 'How many backups can be restored, as far as is known.'),
  not_checked: field(
    count(),
    'Of these, how many need WAL that WAL-G did not check: permanent ones, those without details, all of them where the WAL was not checked.',
  ),
  not_restorable: field(list(unrestorable, 100), 'The newest backups that cannot be restored, newest first.'),
  not_restorable_left_out: field(z.optional(count()), 'How many more there are.'),
  windows: field(
    known(list(window, 100)),
    'The times that can be restored, oldest first; of many the newest ones; null = the WAL was not checked.',
  ),
  windows_left_out: field(z.optional(count()), 'How many older windows there are.'),
  gaps: field(list(gap, 100), 'What lies between the windows, and after the last one, and cannot be restored.'),
  safe_up_to: field(
    known(name()),
    'The latest time at which the position of the leader is known to have been inside the archived WAL: all that was committed until then can be restored; null = not known.',
  ),
  archived_up_to: field(known(name()), 'Where in the WAL the newest segment in the storage ends, as X/Y.'),
  not_archived_bytes: field(
    known(count()),
    "Bytes between the end of the newest segment in the storage and the leader's position: they are in no archive.",
  ),
  not_archived_since: field(
    z.optional(z.int().check(z.nonnegative())),
    'When a run first saw WAL that is in no archive yet, epoch seconds (needs --state).',
  ),
  newest_wal_arrived_at: field(
    z.optional(known(name())),
    'When the newest segment arrived in the storage. That says nothing of when its content was committed.',
  ),
  from_storage_alone: field(
    z.optional(z.boolean()),
    "WAL-G's check is not known: this was read from what is in the storage (wal-show), along its highest timeline where Patroni names none, and what comes after its newest segment is not known.",
  ),
  stored: field(z.optional(stored), 'What WAL the storage holds, according to wal-show.'),
});

export type Recovery = z.infer<typeof recovery>;
export type RecoveryWindow = z.infer<typeof window>;
export type RecoveryGap = z.infer<typeof gap>;
export type Unrestorable = z.infer<typeof unrestorable>;
