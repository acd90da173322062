/**
 * The parts of the document that are copied from Patroni's and WAL-G's answers. They also parse these answers: a usual run needs nothing
 * else of the document's schema.
 */
import * as z from 'zod/mini';
import { count, field, known, list, name, text } from './field.ts';

export const member = z.looseObject({
  name: field(name(), "The member's name in Patroni."),
  role: field(name(), 'leader, standby_leader, sync_standby, quorum_standby or replica, according to the DCS.'),
  state: field(
    name(),
    'running, streaming (from Patroni 3.0.4 on), in archive recovery, starting, stopped, crashed, …; may be empty.',
  ),
  api_url: field(z.optional(known(text())), "The URL of the member's REST API."),
  host: field(z.optional(name()), 'The host on which its PostgreSQL listens.'),
  port: field(z.optional(z.int()), 'The port of its PostgreSQL.'),
  timeline: field(z.optional(z.int()), 'Its timeline; absent when Patroni does not know it.'),
  lag: field(
    z.optional(z.union([z.number(), z.string()])),
    'Bytes behind the leader, or "unknown"; absent for a leader.',
  ),
});

export const cluster = z.looseObject({
  members: field(list(member, 10_000), 'Every member that Patroni lists; empty when Patroni did not answer.'),
  scope: field(z.optional(name()), "The cluster's name, from Patroni 3.2 on."),
});

const verifyStatus = () => field(name(), 'OK, WARNING or FAILURE.');

export const integrityRow = z.looseObject({
  timeline_id: field(z.int(), 'The timeline.'),
  start_segment: field(name(), 'The first WAL segment of the range.'),
  end_segment: field(name(), 'The last WAL segment of the range.'),
  segments_count: field(count(), 'The number of segments in the range.'),
  status: field(name(), 'FOUND, MISSING_DELAYED, MISSING_UPLOADING or MISSING_LOST.'),
});

export const integrity = z.looseObject({
  status: verifyStatus(),
  details: field(
    known(list(integrityRow, 100_000)),
    'One row for each range of segments with the same status, in the order of the segments.',
  ),
  details_left_out: field(
    z.optional(z.record(z.string(), count())),
    'The number of rows that were left out to keep the document small, by status.',
  ),
});

export const timelineCheck = z.looseObject({
  status: verifyStatus(),
  details: field(
    z.looseObject({ current_timeline_id: z.int(), highest_storage_timeline_id: z.int() }),
    'The timeline of the cluster and the highest one in the storage (0 = no WAL there).',
  ),
});
