import type { Backup } from '../document/schema.ts';
import { formatLsn } from '../document/lsn.ts';
import { asCollectError, CollectError } from '../errors.ts';
import { fit } from '../system/json.ts';
import type { Walg } from './client.ts';
import { errorLines, parseOutput } from './output.ts';
import { backupRows, type BackupRow } from './replies.ts';

/** Every backup in every storage, newest first, and each way in which the list is known to be incomplete. */
export interface Listing {
  backups: Backup[];
  failures: readonly Error[];
}

const DETAILED = ['backup-list', '--detail', '--json'];
const PLAIN = ['backup-list', '--json'];

/**
 * Lists the backups. `--detail` reads a metadata.json for each and fails as a whole when one is missing; then the plain form, which
 * does not notice, still tells which backups there are.
 * @throws CollectError where WAL-G cannot tell; "there is none" is an empty list.
 */
export async function listBackups(walg: Walg): Promise<Listing> {
  let failure: CollectError;
  try {
    const detailed = await list(walg, DETAILED, walg.remaining() * 0.6);
    if (detailed.rows !== undefined) return { backups: order(detailed.rows), failures: detailed.failures };
    return await confirmNone(walg);
  } catch (error) {
    failure = asCollectError(error);
  }
  const plain = await list(walg, PLAIN, walg.remaining() * 0.8).catch(() => undefined);
  // empty where --detail said that something is wrong: not to be believed
  if (plain?.rows === undefined || plain.rows.length === 0) throw failure;
  const ghosts = repeated(plain.rows);
  if (ghosts !== undefined)
    throw new CollectError(
      `${failure.message}; backup-list --json names ${ghosts} more than once, as WAL-G 3.0.6 and 3.0.7 do with deleted backups in a versioned bucket: use WAL-G 3.0.8 or newer`,
    );
  return { backups: order(plain.rows), failures: [failure, ...plain.failures] };
}

/**
 * An empty stdout with exit status 0: there is no backup, or (up to 1.1, and up to 3.0.5 with --detail) the storage could not be
 * read (recorded, reference: walg.md, 1.4). From 2.0 on the plain form fails where the storage does.
 */
async function confirmNone(walg: Walg): Promise<Listing> {
  const plain = await list(walg, PLAIN, walg.remaining() * 0.8);
  if (plain.rows !== undefined) return { backups: order(plain.rows), failures: plain.failures };
  const version = await walgVersion(walg);
  if (version !== undefined && version.major >= 2) return { backups: [], failures: plain.failures };
  throw new CollectError(
    `wal-g backup-list printed nothing: WAL-G ${version?.text ?? 'of unknown version'} says so both when there is no backup and when it cannot read the storage; 2.0 and newer can tell`,
  );
}

interface Answer {
  /** undefined = not one byte was printed. */
  rows: BackupRow[] | undefined;
  failures: Error[];
}

async function list(walg: Walg, args: readonly string[], limit: number): Promise<Answer> {
  const command = `wal-g ${args.join(' ')}`;
  const { stdout, stderr } = await walg.run(args, { limit });
  // exit status 0, and yet an ERROR: a failover storage is down, and what it holds is missing from the list
  const [complaint] = errorLines(stderr);
  const failures = complaint === undefined ? [] : [new CollectError(`${command}: ${complaint}`)];
  if (stdout.trim() === '') return { rows: undefined, failures };
  return { rows: fit(backupRows, parseOutput(stdout, command), command) ?? [], failures };
}

async function walgVersion(walg: Walg): Promise<{ text: string; major: number } | undefined> {
  const { stdout } = await walg.run(['--version']);
  const match = /\bv?((\d+)\.\d+(?:\.\d+)?)/.exec(stdout);
  return match === null ? undefined : { text: match[1] ?? '', major: Number(match[2]) };
}

/** The first name that occurs twice in one storage. */
function repeated(rows: readonly BackupRow[]): string | undefined {
  const seen = new Set<string>();
  return rows.find((row) => {
    const key = copyKey(row);
    return seen.has(key) || !seen.add(key);
  })?.backup_name;
}

function copyKey(row: { backup_name: string; storage_name?: string | undefined }): string {
  return `${row.storage_name ?? ''}/${row.backup_name}`;
}

/**
 * Newest first, by start time where every backup has one, else by the storage's time: that one changes when objects are copied
 * (WAL-G issue 694). A name that a versioned bucket lists twice (3.0.8, 3.0.9) counts once, with its latest time.
 */
function order(rows: readonly BackupRow[]): Backup[] {
  const copies = new Map<string, Backup>();
  const byStorageTime = [...rows].sort((a, b) => timeOf(a.time) - timeOf(b.time));
  for (const row of byStorageTime) copies.set(copyKey(row), describe(row));
  const backups = [...copies.values()];
  const startTimes = backups.every((backup) => backup.start_time !== null);
  const age = (backup: Backup) => timeOf(startTimes ? (backup.start_time ?? backup.time) : backup.time);
  return backups.sort((a, b) => age(b) - age(a) || timeOf(b.time) - timeOf(a.time) || compare(a, b));
}

/** The primary storage before its failovers, then by name: the same input gives the same order. */
function compare(a: Backup, b: Backup): number {
  const primary = (backup: Backup) => (backup.storage_name === undefined || backup.storage_name === 'default' ? 0 : 1);
  return primary(a) - primary(b) || copyKey(a).localeCompare(copyKey(b), 'en');
}

function timeOf(time: string): number {
  const parsed = Date.parse(time);
  return Number.isNaN(parsed) ? Number.NEGATIVE_INFINITY : parsed;
}

function describe(row: BackupRow): Backup {
  const start = moment(row.start_time);
  const finish = moment(row.finish_time);
  return {
    backup_name: row.backup_name,
    time: row.time,
    wal_file_name: row.wal_file_name,
    ...(row.storage_name !== undefined && { storage_name: row.storage_name }),
    start_time: start,
    finish_time: finish,
    duration_seconds: start === null || finish === null ? null : (timeOf(finish) - timeOf(start)) / 1000,
    start_lsn: row.start_lsn == null ? null : formatLsn(row.start_lsn),
    finish_lsn: row.finish_lsn == null ? null : formatLsn(row.finish_lsn),
    compressed_size: row.compressed_size ?? null,
    uncompressed_size: row.uncompressed_size ?? null,
    is_permanent: row.is_permanent ?? null,
    // no version has a field for it; WAL-G's own exporter looks at the name too
    is_delta: row.backup_name.includes('_D_'),
    pg_version: row.pg_version ?? null,
    system_identifier: row.system_identifier == null ? null : String(row.system_identifier),
    hostname: row.hostname ?? null,
  };
}

/** A time as WAL-G prints it; null for Go's zero time, which stands for none. */
function moment(time: string | null | undefined): string | null {
  return time == null || time.startsWith('0001-01-01') || Number.isNaN(Date.parse(time)) ? null : time;
}
