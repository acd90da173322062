import * as z from 'zod/mini';
import { name } from '../document/field.ts';
import { integrity, timelineCheck } from '../document/passed-through.ts';

export const maybe = <Schema extends z.ZodMiniType>(schema: Schema) => z.optional(z.nullable(schema));
/** uint64: as text if it exceeds 2^53. */
export const uint64 = z.union([z.int().check(z.nonnegative()), z.string().check(z.regex(/^\d{1,20}$/))]);
/** RFC 3339, with up to nine digits of a second, and any offset. */
const time = name().check(z.refine((text) => !Number.isNaN(Date.parse(text)), 'it is not a time'));

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

/** `backup-list --json`: `null` is an empty list of Go. */
export const backupRows = z.nullable(z.array(backupRow));

/** `wal-verify … --json`: one key for each check that was asked for. */
export const verifyReply = z.looseObject({
  integrity: z.optional(integrity),
  timeline: z.optional(timelineCheck),
});

export type BackupRow = z.infer<typeof backupRow>;
export type VerifyReply = z.infer<typeof verifyReply>;
