import type { Backup } from '../document/schema.ts';
import { asCollectError, CollectError } from '../errors.ts';
import { fit } from '../text/json.ts';
import { describeFailure } from './cause.ts';
import { describeBackups } from './describe-backups.ts';
import { errorLines, parseOutput } from './output.ts';
import type { WalgProgram } from './program.ts';
import { backupRows, type BackupRow } from './replies.ts';
import type { VersionedProgram } from './version.ts';

/** Every backup in every storage, newest first, and the reasons why the list is incomplete, if it is. */
export interface Listing {
  backups: Backup[];
  failures: readonly Error[];
}

const DETAILED = ['backup-list', '--detail', '--json'];
const PLAIN = ['backup-list', '--json'];

/**
 * Lists the backups. `--detail` reads a metadata.json for each, fails completely if one is missing, and up to 3.0.5 prints nothing if the
 * storage cannot be read. In these cases the plain form is tried, which does not read metadata (src/walg/README.md).
 * @throws CollectError if the backups cannot be listed; if there is none, the list is empty.
 */
export async function listBackups(walg: VersionedProgram): Promise<Listing> {
  const detailed = await list(walg, DETAILED, walg.remaining() * 0.6).catch(asCollectError);
  if (!(detailed instanceof CollectError) && detailed.rows !== undefined)
    return { backups: describeBackups(detailed.rows), failures: detailed.failures };
  const failure = detailed instanceof CollectError ? detailed : undefined;

  const plain = await list(walg, PLAIN, walg.remaining() * 0.8).catch(asCollectError);
  if (plain instanceof CollectError) throw failure ?? plain;
  if (plain.rows !== undefined && plain.rows.length > 0) {
    await refuseGhosts(walg, failure);
    const why = failure ?? new CollectError(`wal-g ${DETAILED.join(' ')} printed nothing`);
    return { backups: describeBackups(plain.rows), failures: [why, ...plain.failures] };
  }
  // --detail failed, so an empty list is not proof that there is no backup
  if (failure !== undefined) throw failure;
  if (plain.rows === undefined) await confirmNone(walg);
  return { backups: [], failures: plain.failures };
}

/** Enough for one an hour for more than two years. */
const MOST_BACKUPS = 20_000;

interface Answer {
  /** undefined = nothing was printed. */
  rows: BackupRow[] | undefined;
  failures: Error[];
}

async function list(walg: WalgProgram, args: readonly string[], time: number): Promise<Answer> {
  const command = `wal-g ${args.join(' ')}`;
  const { stdout, stderr } = await walg.run(args, { time });
  const complaint = complaintIn(stderr, walg.environment);
  const failures = complaint === undefined ? [] : [new CollectError(...describeFailure(command, complaint))];
  if (stdout.trim() === '') return { rows: undefined, failures };
  return { rows: fit(backupRows, parseOutput(stdout, command, { elements: MOST_BACKUPS }), command) ?? [], failures };
}

/**
 * WAL-G 3 leaves out a storage that is down, with exit status 0: the first time it prints an ERROR, and in the next 15 minutes only the
 * list of storages that it read shows this (src/walg/README.md).
 */
function complaintIn(stderr: string, environment: WalgProgram['environment']): string | undefined {
  const [error] = errorLines(stderr);
  if (error !== undefined) return error;
  const asked = /List backups from storages: \[([^\]\n]*)\]/.exec(stderr)?.[1]?.split(' ');
  const primaryLeftOut = asked !== undefined && !asked.includes('default') && !environment['WALG_TARGET_STORAGE'];
  return primaryLeftOut
    ? `WAL-G left out the primary storage because it was down (storages read: ${asked.join(', ') || 'none'})`
    : undefined;
}

/** Up to 1.1 both forms print nothing, with exit status 0, if the storage cannot be read. */
async function confirmNone(walg: VersionedProgram): Promise<void> {
  const version = await walg.version();
  if (version !== undefined && version.major >= 2) return;
  throw new CollectError(
    `wal-g backup-list printed nothing: either there is no backup, or WAL-G ${version?.text ?? 'of unknown version'} cannot read the storage; WAL-G 2.0 or newer distinguishes the two`,
  );
}

/**
 * In a versioned bucket WAL-G 3.0.6 and 3.0.7 list deleted backups with the time of their deletion, so that they look like new ones.
 * `--detail` fails in this case, the plain form does not (src/walg/README.md).
 */
async function refuseGhosts(walg: VersionedProgram, failure: CollectError | undefined): Promise<void> {
  const version = await walg.version();
  if (version !== undefined && !['3.0.6', '3.0.7'].includes(version.text)) return;
  const why = failure === undefined ? '' : `${failure.message}; `;
  throw new CollectError(
    `${why}without --detail WAL-G ${version?.text ?? 'of unknown version'} may list deleted backups as new ones: install WAL-G 3.0.8 or newer`,
  );
}
