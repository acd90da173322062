import * as z from 'zod/mini';
import { name, text } from '../document/field.ts';
import { cluster } from '../document/passed-through.ts';

/** Patroni 2.0 to 4.1 may omit it or send null. */
const maybe = <Schema extends z.ZodMiniType>(schema: Schema) => z.optional(z.nullable(schema));
/** WAL positions are integers, and strings beyond 2^53 (src/text/json.ts). */
const NO_POSITION = 'it is not a WAL position';
const position = z.union([
  z.int().check(z.nonnegative(NO_POSITION)),
  z.string().check(z.regex(/^\d{1,20}$/, NO_POSITION)),
]);

/** `GET /patroni` (api.py, get_postgresql_status). Keys that need a query are absent while PostgreSQL is down. */
export const nodeReply = z.looseObject({
  state: name(),
  role: name(),
  timeline: maybe(z.int()),
  xlog: maybe(
    z.looseObject({
      location: maybe(position),
      received_location: maybe(position),
      replayed_location: maybe(position),
      replayed_timestamp: maybe(z.string()),
      paused: maybe(z.boolean()),
    }),
  ),
  replication: maybe(
    z.array(
      z.looseObject({
        application_name: maybe(name()),
        client_addr: maybe(name()),
        state: maybe(name()),
        sync_state: maybe(name()),
      }),
    ),
  ),
  replication_state: maybe(name()),
  database_system_identifier: maybe(name()),
  server_version: maybe(z.int()),
  postmaster_start_time: maybe(name()),
  pause: maybe(z.boolean()),
  cluster_unlocked: maybe(z.boolean()),
  failsafe_mode_is_active: maybe(z.boolean()),
  dcs_last_seen: maybe(z.int()),
  pending_restart: maybe(z.boolean()),
  pending_restart_reason: maybe(z.record(name(), z.unknown())),
  patroni: z.looseObject({ version: maybe(name()), scope: maybe(name()), name: maybe(name()) }),
});

/** `GET /cluster`. */
export const clusterReply = cluster;

/** `GET /config`: the dynamic configuration. Patroni does not validate it, so values may be of any type. */
export const configReply = z.looseObject({
  postgresql: maybe(z.looseObject({ parameters: maybe(z.record(name(), z.unknown())) })),
});

const historyRow = z.object({
  timeline: z.int(),
  lsn: position,
  reason: text(),
  time: z.nullable(name()),
  new_leader: z.nullable(name()),
});

/** `GET /history`: `[timeline, lsn, reason, time?, new_leader?]`; older versions lack the last two. */
export const historyReply = z.array(
  z.pipe(
    z.pipe(
      z.array(z.unknown()),
      z.transform(([timeline, lsn, reason, time = null, new_leader = null]: unknown[]) => ({
        timeline,
        lsn,
        reason,
        time,
        new_leader,
      })),
    ),
    historyRow,
  ),
);

export type NodeReply = z.infer<typeof nodeReply>;
export type ClusterReply = z.infer<typeof clusterReply>;
export type ConfigReply = z.infer<typeof configReply>;
export type HistoryRow = z.infer<typeof historyRow>;
