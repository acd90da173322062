import type { Backup } from '../document/schema.ts';
import { asCollectError, CollectError } from '../errors.ts';
import { fit } from '../text/json.ts';
import { describeFailure } from './cause.ts';
import { describeBackups } from './describe-backups.ts';
import { errorLines, parseOutput } from './output.ts';
import type { WalgProgram } from './program.ts';
import { backupRows, type BackupRow } from './replies.ts';
import type { VersionedProgram } from './version.ts';

/** Every backup in every storage, newest first, and each way in which the list is known to be incomplete. */
export interface Listing {
  backups: Backup[];
  failures: readonly Error[];
}

const DETAILED = ['backup-list', '--detail', '--json'];
const PLAIN = ['backup-list', '--json'];

/**
 * Lists the backups. `--detail` reads a metadata.json for each, fails as a whole when one is missing, and up to 3.0.5 prints nothing
 * where the storage cannot be read. Then the plain form, which needs less, tells more (src/walg/README.md).
 * @throws CollectError where WAL-G cannot tell; "there is none" is an empty list.
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
  // empty where --detail said that something is wrong: not to be believed
  if (failure !== undefined) throw failure;
  if (plain.rows === undefined) await confirmNone(walg);
  return { backups: [], failures: plain.failures };
}

/** One an hour for more than two years. */
const MOST_BACKUPS = 20_000;

interface Answer {
  /** undefined = not one byte was printed. */
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
 * A storage that is down is left out with exit status 0: an ERROR says so and, for the next 15 minutes, nothing but the list of the
 * storages that were asked (WAL-G 3, src/walg/README.md).
 */
function complaintIn(stderr: string, environment: WalgProgram['environment']): string | undefined {
  const [error] = errorLines(stderr);
  if (error !== undefined) return error;
  const asked = /List backups from storages: \[([^\]\n]*)\]/.exec(stderr)?.[1]?.split(' ');
  const primaryLeftOut = asked !== undefined && !asked.includes('default') && !environment['WALG_TARGET_STORAGE'];
  return primaryLeftOut
    ? `the primary storage was left out, as one that is down (asked: ${asked.join(', ') || 'none'})`
    : undefined;
}

/** Up to 1.1 both forms print nothing, with exit status 0, where the storage cannot be read. */
async function confirmNone(walg: VersionedProgram): Promise<void> {
  const version = await walg.version();
  if (version !== undefined && version.major >= 2) return;
  throw new CollectError(
    `wal-g backup-list printed nothing: WAL-G ${version?.text ?? 'of unknown version'} says so both when there is no backup and when it cannot read the storage; 2.0 and newer can tell`,
  );
}

/**
 * In a versioned bucket WAL-G 3.0.6 and 3.0.7 list what was deleted with the time of its deletion, which looks like a fresh backup;
 * `--detail` fails there, the plain form does not notice (src/walg/README.md).
 */
async function refuseGhosts(walg: VersionedProgram, failure: CollectError | undefined): Promise<void> {
  const version = await walg.version();
  if (version !== undefined && !['3.0.6', '3.0.7'].includes(version.text)) return;
  const why = failure === undefined ? '' : `${failure.message}; `;
  throw new CollectError(
    `${why}without --detail WAL-G ${version?.text ?? 'of unknown version'} may list deleted backups as new ones: use 3.0.8 or newer`,
  );
}
