import * as z from 'zod/mini';
import { patroniConfig, statusDocument } from './schema.ts';

/** The LSN of the leader at a point in time. */
const position = z.object({
  /** Epoch seconds. */
  time: z.int(),
  timeline: z.int(),
  /** `X/Y` */
  lsn: z.string(),
});

/** What one run saves for the next (`--state`). It is optional: without it, only what depends on earlier runs is not known. */
export const memory = z.object({
  document: statusDocument,
  /** Oldest first. */
  positions: z.array(position),
  /** The identity of the cluster, as far as it was ever known: its name, system identifier, and host and port of Patroni's first URL. */
  cluster: z.optional(
    z.object({ patroni: z.string(), scope: z.optional(z.string()), system_identifier: z.optional(z.string()) }),
  ),
  /** The largest member list, and when it was last listed. */
  members: z.optional(z.object({ names: z.array(z.string()), time: z.int() })),
  /** Since when (epoch seconds) every replica is too far behind to be promoted; absent = one is not. */
  no_candidate_since: z.optional(z.int()),
  /** The last known dynamic configuration: when the DCS is down, Patroni answers /config only for some seconds. */
  patroni_config: z.optional(patroniConfig),
  /** A hash of the environment that WAL-G had (--verify-every). */
  walg_environment: z.optional(z.string()),
});

/** What an earlier run saved, and the file in which this run saves for the next one. */
export interface Recalled {
  path: string;
  /** Host and port of Patroni's first URL: known even if Patroni does not answer. */
  patroni: string;
  memory: Memory | undefined;
  /** What the next run compares with the environment that WAL-G has then (--verify-every). */
  fingerprint?: string | undefined;
}

export type Memory = z.infer<typeof memory>;
export type RememberedPosition = z.infer<typeof position>;
