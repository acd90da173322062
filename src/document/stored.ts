import * as z from 'zod/mini';
import { count, field, known, list, name } from './field.ts';

/** Each promotion creates a timeline; a row takes about 250 bytes of the document. */
export const MOST_STORED = 20;

const storedTimeline = z.object({
  timeline: field(z.int(), 'The timeline.'),
  relation: field(
    z.enum(['current', 'ancestor', 'other', 'not_known']),
    'current: the cluster is on it; ancestor: the cluster descends from it; other: neither, according to Patroni; not_known: Patroni did not report it.',
  ),
  parent: field(
    known(z.int()),
    'The timeline from which it branched off; null = none, or its .history file is not in the storage.',
  ),
  switch_lsn: field(known(name()), 'The LSN at which it branched off, as X/Y.'),
  first_segment: field(name(), 'Its oldest WAL segment in the storage.'),
  last_segment: field(name(), 'Its newest WAL segment in the storage.'),
  missing_segments: field(count(), 'The number of segments that are missing between them.'),
  abandoned_segments: field(
    z.optional(count()),
    'The number of its segments that are not of this cluster: all of them, or those that an ancestor has after the switch.',
  ),
  still_arriving: field(
    z.optional(z.boolean()),
    'Segments that are not of this cluster arrived since an earlier run listed the storage (needs --state).',
  ),
});

/** Which WAL segments are in the storage (wal-show): needs neither Patroni nor PostgreSQL. */
export const stored = z.object({
  listed_at: field(
    z.int().check(z.nonnegative()),
    'When the storage was listed, epoch seconds; with --state once an hour.',
  ),
  timelines: field(
    list(storedTimeline, MOST_STORED),
    'Each timeline of which there is WAL; if there are many, only the newest.',
  ),
});

export type Stored = z.infer<typeof stored>;
export type StoredTimeline = z.infer<typeof storedTimeline>;
