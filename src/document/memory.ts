import * as z from 'zod/mini';
import { patroniConfig, statusDocument } from './schema.ts';

/** A moment and the leader's position in the WAL then. */
const position = z.object({
  /** Epoch seconds. */
  time: z.int(),
  timeline: z.int(),
  /** `X/Y` */
  lsn: z.string(),
});

/** What one run keeps for the next (`--state`). Nothing needs it: without it, what only a memory can tell is not known. */
export const memory = z.object({
  document: statusDocument,
  /** Oldest first. */
  positions: z.array(position),
  /** Which cluster it is of, as far as it was ever known: its name and system identifier, and host and port of Patroni's first URL. */
  cluster: z.optional(
    z.object({ patroni: z.string(), scope: z.optional(z.string()), system_identifier: z.optional(z.string()) }),
  ),
  /** The most members that were listed at once, and when they last were. */
  members: z.optional(z.object({ names: z.array(z.string()), time: z.int() })),
  /** Since when (epoch seconds) every replica is too far behind to be promoted; absent = one is not. */
  no_candidate_since: z.optional(z.int()),
  /** The last dynamic configuration that was known: while the DCS is down, /config is answered for seconds only. */
  patroni_config: z.optional(patroniConfig),
  /** A hash of the environment that WAL-G had (--verify-every). */
  walg_environment: z.optional(z.string()),
});

/** What a run remembers, and where the next one will look for what this one keeps. */
export interface Recalled {
  path: string;
  /** Host and port of Patroni's first URL: what is known of a cluster even while nothing answers. */
  patroni: string;
  memory: Memory | undefined;
  /** What the next run compares with the environment that WAL-G has then (--verify-every). */
  fingerprint?: string | undefined;
}

export type Memory = z.infer<typeof memory>;
export type RememberedPosition = z.infer<typeof position>;
