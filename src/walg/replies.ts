import * as z from 'zod/mini';
import { name } from '../document/field.ts';
import { integrity, timelineCheck } from '../document/passed-through.ts';

const maybe = <Schema extends z.ZodMiniType>(schema: Schema) => z.optional(z.nullable(schema));
/** uint64: as text where it exceeds 2^53. */
const uint64 = z.union([z.int().check(z.nonnegative()), z.string().check(z.regex(/^\d{1,20}$/))]);
/** RFC 3339, with up to nine digits of a second, and any offset. */
const time = name().check(z.refine((text) => !Number.isNaN(Date.parse(text)), 'it is no time'));

/** A row of `backup-list --json`; with `--detail` also what the backup's metadata.json holds (WAL-G 0.2.10 to 3.0.9). */
export const backupRow = z.looseObject({
  backup_name: name(),
  time,
  wal_file_name: name(),
  storage_name: z.optional(name()),
  start_time: maybe(time),
  finish_time: maybe(time),
  start_lsn: maybe(uint64),
  finish_lsn: maybe(uint64),
  compressed_size: maybe(z.number()),
  uncompressed_size: maybe(z.number()),
  is_permanent: maybe(z.boolean()),
  pg_version: maybe(z.int()),
  system_identifier: maybe(uint64),
  hostname: maybe(name()),
});

/** `backup-list --json`: `null` would be Go's empty list. */
export const backupRows = z.nullable(z.array(backupRow));

/** `wal-verify … --json`: one key for each check that was asked for. */
export const verifyReply = z.looseObject({
  integrity: z.optional(integrity),
  timeline: z.optional(timelineCheck),
});

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

export type BackupRow = z.infer<typeof backupRow>;
export type VerifyReply = z.infer<typeof verifyReply>;
