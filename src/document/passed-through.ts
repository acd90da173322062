/**
 * The parts of the document that Patroni and WAL-G say in these very shapes: their replies are read with them, in every run, which needs
 * nothing else of the document's schema.
 */
import * as z from 'zod/mini';
import { count, field, known, list, name, text } from './field.ts';

export const member = z.looseObject({
  name: field(name(), "The member's name in Patroni."),
  role: field(name(), 'leader, standby_leader, sync_standby, quorum_standby or replica, as the DCS sees it.'),
  state: field(
    name(),
    'running, streaming (from Patroni 3.0.4 on), in archive recovery, starting, stopped, crashed, …; may be empty.',
  ),
  api_url: field(z.optional(known(text())), "The URL of the member's REST API."),
  host: field(z.optional(name()), 'Where its PostgreSQL listens.'),
  port: field(z.optional(z.int()), 'The port of its PostgreSQL.'),
  timeline: field(z.optional(z.int()), 'Its timeline; absent when Patroni does not know it.'),
  lag: field(
    z.optional(z.union([z.number(), z.string()])),
    'Bytes behind the leader, or "unknown"; a leader has none.',
  ),
});

export const cluster = z.looseObject({
  members: field(list(member, 10_000), 'Every member that Patroni lists; empty when Patroni could not be asked.'),
  scope: field(z.optional(name()), "The cluster's name, from Patroni 3.2 on."),
});

const verifyStatus = () => field(name(), 'OK, WARNING or FAILURE.');

export const integrityRow = z.looseObject({
  timeline_id: field(z.int(), 'The timeline.'),
  start_segment: field(name(), 'The first WAL segment of the range.'),
  end_segment: field(name(), 'The last WAL segment of the range.'),
  segments_count: field(count(), 'How many segments it has.'),
  status: field(name(), 'FOUND, MISSING_DELAYED, MISSING_UPLOADING or MISSING_LOST.'),
});

export const integrity = z.looseObject({
  status: verifyStatus(),
  details: field(
    known(list(integrityRow, 100_000)),
    'One row for each range of equal status, in the order of the segments.',
  ),
  details_left_out: field(
    z.optional(z.record(z.string(), count())),
    'How many rows of which status were left out to keep the document small.',
  ),
});

export const timelineCheck = z.looseObject({
  status: verifyStatus(),
  details: field(
    z.looseObject({ current_timeline_id: z.int(), highest_storage_timeline_id: z.int() }),
    'The timeline of the cluster and the highest one in the storage (0 = no WAL there).',
  ),
});
