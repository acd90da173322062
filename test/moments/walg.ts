import { appendFileSync, readFileSync } from 'node:fs';
import type { Said, WalgSays } from './moment.ts';
import { verifyFromShow } from './verify-from-show.ts';

/** PostgreSQL refuses the login by TCP; WAL-G then tries localhost. */
const REFUSED: Said = {
  stdout: '',
  stderr: [
    'ERROR: 2026/11/25 20:00:00.000000 Failed to connect using provided PGHOST and PGPORT, trying localhost:5432',
    'ERROR: 2026/11/25 20:00:00.010000 Connect: postgres connection failed: FATAL: password authentication failed for user "postgres" (SQLSTATE 28P01)',
    '',
  ].join('\n'),
  status: 1,
};

/**
 * A stand-in for wal-g. Arguments: a file with its outputs (`WalgSays`), a file to which each call is appended as a line, and those of
 * the command.
 */
const [says = '', calls = '', ...args] = process.argv.slice(2);
appendFileSync(calls, `${args.join(' ')}\n`);
const { stdout, stderr, status } = answer(JSON.parse(readFileSync(says, 'utf8')) as WalgSays, args);
process.stderr.write(stderr);
process.stdout.write(stdout);
process.exitCode = status;

function answer(walg: WalgSays, [command = '', ...rest]: readonly string[]): Said {
  if (command === '--version') return { stdout: `${walg.version}\n`, stderr: '', status: 0 };
  if (command === 'backup-list') return rest.includes('--detail') ? walg.backups : plain(walg.backups);
  if (command === 'wal-verify') return verify(walg, rest);
  if (command === 'wal-show') return walg.show;
  if (command === 'st' && rest[0] === 'stat') return stat(walg, rest[1] ?? '');
  return { stdout: '', stderr: `Error: unknown command "${command}" for "wal-g"\n`, status: 1 };
}

/** Without --detail the metadata is not read. */
function plain(detailed: Said): Said {
  if (detailed.status !== 0) return detailed;
  const rows = JSON.parse(detailed.stdout) as Record<string, unknown>[];
  const kept = rows.map(({ backup_name, time, wal_file_name, storage_name }) => ({
    backup_name,
    time,
    wal_file_name,
    storage_name,
  }));
  return { ...detailed, stdout: JSON.stringify(kept) };
}

function verify(walg: WalgSays, args: readonly string[]): Said {
  const option = (name: string) => (args.includes(name) ? args[args.indexOf(name) + 1] : undefined);
  const [timeline, lsn] = [option('--timeline'), option('--lsn')];
  if (timeline !== undefined && isOlderThan(walg.version, 8))
    return { stdout: '', stderr: 'Error: unknown flag: --timeline\n', status: 1 };
  const reply = replyOn(walg, timeline === undefined ? undefined : Number(timeline), lsn);
  if (reply.status !== 0 || reply.stdout === '') return reply;
  const parsed = Object.entries(JSON.parse(reply.stdout) as object).filter(([check]) => args.includes(check));
  return { ...reply, stdout: JSON.stringify(Object.fromEntries(parsed)) };
}

function replyOn(walg: WalgSays, timeline: number | undefined, lsn: string | undefined): Said {
  if (timeline === undefined || lsn === undefined) {
    if (walg.needsSocket === true && !process.env['PGHOST']?.startsWith('/')) return REFUSED;
    return walg.verifyAsking ?? walg.verify;
  }
  const known = walg.verifyOn?.[timeline];
  if (known !== undefined) return known;
  // with a position it needs no PostgreSQL
  const lacksPostgres = walg.verify.stderr.includes('establish a connection to Postgres');
  const current = /"current_timeline_id":(\d+)/.exec(walg.verify.stdout)?.[1];
  if (current === String(timeline) || (walg.verify.status !== 0 && !lacksPostgres)) return walg.verify;
  return walg.show.status === 0 ? verifyFromShow(walg.show.stdout, walg.backups.stdout, timeline, lsn) : walg.show;
}

/** Older than 3.0.`least`. */
function isOlderThan(version: string, least: number): boolean {
  const [major = 0, minor = 0, patch = 0] = (/v(\d+)\.(\d+)(?:\.(\d+))?/.exec(version) ?? []).slice(1).map(Number);
  return major < 3 || (major === 3 && minor === 0 && patch < least);
}

/** Older versions print the help of `st`; newer ones a table of one object, with the time of its last modification. */
function stat({ arrivals, version }: WalgSays, path: string): Said {
  if (isOlderThan(version, 9))
    return { stdout: 'Storage tools allows to interact with the configured storage.\n', stderr: '', status: 0 };
  const segment = /([0-9A-F]{24})\b/.exec(path)?.[1] ?? '';
  const time = arrivals[segment];
  if (time === undefined)
    return { stdout: '', stderr: `ERROR: 2026/11/25 20:32:30.000000 object "${path}" not found\n`, status: 1 };
  return {
    stdout: `type size    last modified                 name\nobj  4194304 ${time} +0000 UTC ${path}\n`,
    stderr: '',
    status: 0,
  };
}
