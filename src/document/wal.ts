import * as z from 'zod/mini';
import { FATES } from './fates.ts';
import { count, field, known, list, name } from './field.ts';

/** The limits of PostgreSQL (`initdb --wal-segsize`). */
const NO_SIZE = 'it is not between 1 MiB and 1 GiB';

const tally = () =>
  z.object({
    segments: field(count(), 'The number of WAL segments.'),
    ranges: field(count(), 'The number of ranges that they form.'),
  });

const fates = {
  found: field(tally(), 'What was found.'),
  lost: field(tally(), 'What is missing, with later WAL found.'),
  waiting: field(tally(), 'What is missing at the very end, where it may still arrive: the backlog of the archiver.'),
  doubtful: field(
    tally(),
    'What WAL-G looked for under a timeline to which it does not belong according to the history of the cluster.',
  ),
};

const walRange = z.object({
  timeline: field(z.int(), 'The timeline in the segment names that WAL-G looked for.'),
  fate: field(
    z.enum(FATES),
    'found, lost, waiting (it may still arrive) or doubtful (WAL-G looked under the wrong timeline).',
  ),
  start_segment: field(name(), 'The first WAL segment of the range.'),
  end_segment: field(name(), 'The last WAL segment of the range.'),
  segments: field(count(), 'The number of segments in the range.'),
  status: field(name(), 'Its status according to WAL-G.'),
  belongs_to: field(z.optional(z.int()), "Of doubtful segments: their timeline according to Patroni's history."),
  or_older: field(z.optional(z.boolean()), 'Of doubtful segments: that timeline or an older one.'),
  later_found: field(
    z.optional(z.boolean()),
    'Of lost segments: later segments of the same timeline are in the storage, so the archiver has skipped them.',
  ),
});

const walTimeline = z.object({
  timeline: field(z.int(), 'The timeline.'),
  ...fates,
  statuses: field(z.record(z.string(), count()), 'The number of segments, by their status according to WAL-G.'),
});

/** What WAL there is: derived once, from the whole listing, before the document is cut to size. */
export const wal = z.object({
  segment_size: field(
    z.int().check(z.minimum(2 ** 20, NO_SIZE), z.maximum(2 ** 30, NO_SIZE)),
    'Bytes of a WAL segment.',
  ),
  segment_size_from: field(
    z.enum(['backups', 'found_segments', 'default']),
    'How the size was determined: from the LSNs of a backup, or from the names of segments that were found; default = assumed.',
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
    'The lost ranges that reach past the start of the newest backup that can be restored; null = no such backup is known.',
  ),
  asked_again: field(
    z.optional(list(z.int(), 3)),
    'The timelines that WAL-G was asked to check again, one by one, because it had looked for their WAL under another timeline.',
  ),
  timelines: field(
    list(walTimeline, 1000),
    'Each timeline, in the order of its WAL; if there are many, only the newest.',
  ),
  timelines_left_out: field(z.optional(count()), 'The number of older timelines that were left out.'),
  ranges: field(list(walRange, 1000), 'The ranges, newest first; if there are many, only the newest.'),
  ranges_left_out: field(z.optional(count()), 'The number of older ranges that were left out.'),
  rows_left_out: field(
    z.optional(z.record(z.string(), count())),
    'If this was derived from a document that had already been cut: the number of rows that were missing from it, by status.',
  ),
});

export type Wal = z.infer<typeof wal>;
export type WalRange = z.infer<typeof walRange>;
export type Tally = z.infer<ReturnType<typeof tally>>;
