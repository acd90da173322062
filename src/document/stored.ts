import * as z from 'zod/mini';
import { count, field, known, list, name } from './field.ts';

/** Each promotion makes one; a row has some 250 bytes of the document. */
export const MOST_STORED = 20;

const storedTimeline = z.object({
  timeline: field(z.int(), 'The timeline.'),
  relation: field(
    z.enum(['current', 'ancestor', 'other', 'not_known']),
    'current: the cluster is on it; ancestor: the cluster descends from it; other: it is neither, according to Patroni; not_known: Patroni did not tell.',
  ),
  parent: field(known(z.int()), 'The timeline that it branched off; null = none, or its .history file is not there.'),
  switch_lsn: field(known(name()), 'Where in the WAL it branched off, as X/Y.'),
  first_segment: field(name(), 'Its oldest WAL segment in the storage.'),
  last_segment: field(name(), 'Its newest WAL segment in the storage.'),
  missing_segments: field(count(), 'How many segments are missing between them.'),
  abandoned_segments: field(
    z.optional(count()),
    'How many segments it has that are not of this cluster: all of them, or what an ancestor has after the switch.',
  ),
  still_arriving: field(
    z.optional(z.boolean()),
    'Segments that are not of this cluster came since an earlier run listed the storage (needs --state).',
  ),
});

/** What names of WAL segments the storage holds (wal-show): needs neither Patroni nor PostgreSQL. */
export const stored = z.object({
  listed_at: field(
    z.int().check(z.nonnegative()),
    'When the storage was listed, epoch seconds; with --state once an hour.',
  ),
  timelines: field(list(storedTimeline, MOST_STORED), 'Each timeline of which there is WAL; of many the newest.'),
});

export type Stored = z.infer<typeof stored>;
export type StoredTimeline = z.infer<typeof storedTimeline>;
