import { TimeLimitError } from '../errors.ts';
import type { Limit } from '../system/deadline.ts';
import type { Log } from '../system/log.ts';
import { listBackups, type Listing } from './backups.ts';
import { builtForAnother, withVersion, type VersionedProgram } from './version.ts';
import { walgProgram, type WalgSettings } from './program.ts';

/** WAL-G, with what several collectors want to know of it. */
export interface Walg extends VersionedProgram {
  /** Every backup, listed once in a run. */
  backups(): Promise<Listing>;
}

export function walgClient(settings: WalgSettings, limit: Limit, log: Log): Walg {
  const program = withVersion(walgProgram(settings, limit, log));
  let listing: Promise<Listing> | undefined;
  return { ...program, backups: () => (listing ??= list(program)) };
}

async function list(program: VersionedProgram): Promise<Listing> {
  // nothing else would help then
  program.program();
  try {
    return await listBackups(program);
  } catch (error) {
    throw (error instanceof TimeLimitError ? undefined : await builtForAnother(program)) ?? error;
  }
}
