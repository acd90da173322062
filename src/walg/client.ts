import { TimeLimitError } from '../errors.ts';
import type { Limit } from '../system/deadline.ts';
import type { Log } from '../system/log.ts';
import { listBackups, type Listing } from './backups.ts';
import { builtForAnother, withVersion, type VersionedProgram } from './version.ts';
import { walgProgram, type WalgSettings } from './program.ts';

/** WAL-G, with the results that several collectors share. */
export interface Walg extends VersionedProgram {
  /** Every backup; listed at most once in a run. */
  backups(): Promise<Listing>;
}

export function walgClient(settings: WalgSettings, limit: Limit, log: Log): Walg {
  const program = withVersion(walgProgram(settings, limit, log));
  let listing: Promise<Listing> | undefined;
  return { ...program, backups: () => (listing ??= list(program)) };
}

async function list(program: VersionedProgram): Promise<Listing> {
  // throws if there is no wal-g: the calls below would fail too
  program.program();
  try {
    return await listBackups(program);
  } catch (error) {
    throw (error instanceof TimeLimitError ? undefined : await builtForAnother(program)) ?? error;
  }
}
