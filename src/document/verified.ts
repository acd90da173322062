import type { StatusDocument } from './schema.ts';

/** When WAL-G verified the WAL, epoch seconds, if that was in an earlier run (--verify-every); undefined = in this run, or not at all. */
export function verifiedBefore({ collectors, current_timestamp: now }: StatusDocument): number | undefined {
  const { ok, collected_at: at } = collectors?.walg_verify ?? {};
  return ok === true && at != null && at < now ? at : undefined;
}
