import * as z from 'zod/mini';
import { statusDocument } from './schema.ts';

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
  /** The most members that were listed at once, and when they last were. */
  members: z.optional(z.object({ names: z.array(z.string()), time: z.int() })),
  /** Since when (epoch seconds) every replica is too far behind to be promoted; absent = one is not. */
  no_candidate_since: z.optional(z.int()),
});

export type Memory = z.infer<typeof memory>;
export type RememberedPosition = z.infer<typeof position>;
