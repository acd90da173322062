import * as z from 'zod/mini';
import { FATES } from './fates.ts';
import { count, field, known, list, name } from './field.ts';

/** PostgreSQL, `initdb --wal-segsize`. */
const NO_SIZE = 'it is not between 1 MiB and 1 GiB';

const tally = () =>
  z.object({
    segments: field(count(), 'How many WAL segments.'),
    ranges: field(count(), 'How many ranges they form.'),
  });

const fates = {
  found: field(tally(), 'What was found.'),
  lost: field(tally(), 'What is missing, with WAL found after it.'),
  waiting: field(tally(), 'What is missing at the very end, where the archiver may still bring it: its backlog.'),
  doubtful: field(
    tally(),
    'What WAL-G looked for under a timeline that it does not belong to according to the history of the cluster.',
  ),
};

const walRange = z.object({
  timeline: field(z.int(), 'The timeline in the names that WAL-G looked for.'),
  fate: field(z.enum(FATES), 'What became of it.'),
  start_segment: field(name(), 'The first WAL segment of the range.'),
  end_segment: field(name(), 'The last WAL segment of the range.'),
  segments: field(count(), 'How many segments it has.'),
  status: field(name(), 'What WAL-G calls it.'),
  belongs_to: field(z.optional(z.int()), "Of doubtful segments: their timeline according to Patroni's history."),
  or_older: field(z.optional(z.boolean()), 'Of doubtful segments: that timeline or an older one.'),
  later_found: field(
    z.optional(z.boolean()),
    'Of lost segments: later segments of the same timeline are in the storage, so the archiver is past them.',
  ),
});

const walTimeline = z.object({
  timeline: field(z.int(), 'The timeline.'),
  ...fates,
  statuses: field(z.record(z.string(), count()), 'How many segments have which status of WAL-G.'),
});

/** How the WAL was read: once, from the whole listing, before the document was cut to size. */
export const wal = z.object({
  segment_size: field(
    z.int().check(z.minimum(2 ** 20, NO_SIZE), z.maximum(2 ** 30, NO_SIZE)),
    'Bytes of a WAL segment.',
  ),
  segment_size_from: field(
    z.enum(['backups', 'found_segments', 'default']),
    'How the size is known: from the positions of a backup, or from segments that were found under names made with it; default = assumed.',
  ),
  first_segment: field(known(name()), 'The oldest segment that WAL-G looked for.'),
  last_segment: field(known(name()), 'The newest segment that WAL-G looked for: the one before the current segment.'),
  newest_found: field(known(name()), 'The newest segment that was found.'),
  ...fates,
  backlog_not_known_since: field(
    z.optional(z.int()),
    'waiting is not known: an earlier run verified the WAL (--verify-every), and since this time (epoch seconds) nothing tells what the archiver has brought.',
  ),
  lost_since_backup: field(
    known(tally()),
    'Of what is lost, the ranges that reach past the start of the newest backup that can be restored; null = none is known.',
  ),
  asked_again: field(
    z.optional(list(z.int(), 3)),
    'The timelines that WAL-G was asked about again, one by one, because it had looked for their WAL under another timeline.',
  ),
  timelines: field(list(walTimeline, 1000), 'Each timeline, in the order of its WAL; of many the newest ones.'),
  timelines_left_out: field(z.optional(count()), 'How many older timelines there are.'),
  ranges: field(list(walRange, 1000), 'The ranges, newest first; of many the newest ones.'),
  ranges_left_out: field(z.optional(count()), 'How many older ranges there are.'),
  rows_left_out: field(
    z.optional(z.record(z.string(), count())),
    'Where this was read from a document that had been cut before: how many rows of which status were not there to be read.',
  ),
});

export type Wal = z.infer<typeof wal>;
export type WalRange = z.infer<typeof walRange>;
export type Tally = z.infer<ReturnType<typeof tally>>;
