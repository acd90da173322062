import * as z from 'zod/mini';
import { name } from '../document/field.ts';
import { maybe, uint64 } from './replies.ts';

/** A timeline as `wal-show --detailed-json` lists it (0.2.18 to 3.0.9). */
const shownTimeline = z.looseObject({
  id: z.int(),
  parent_id: z.int(),
  switch_point_lsn: uint64,
  start_segment: name(),
  end_segment: name(),
  missing_segments: maybe(z.array(name())),
});

/** `wal-show --detailed-json`: by number; `null` would be Go's empty list. */
export const shownTimelines = z.nullable(z.array(shownTimeline));
