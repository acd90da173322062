/**
 * `node test/bench/hour.ts WAL-G [SEGMENTS [RUNS]]`: the cost of an hour of runs, one a minute, with and without `--verify-every 1h`, with
 * a real WAL-G (3.0.8 or newer, so that no PostgreSQL is needed) and a folder of that many segments. Measures the calls of WAL-G and the
 * CPU time of the program and its children. It does not wait for the minutes: between two runs the leader writes a segment, the segment is
 * archived, and the times in the `--state` file are made a minute older.
 */
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { distDir, nativeArch, programName } from '../../bin/build/layout.ts';
import { segmentName } from '../../src/wal/ranges.ts';
import { recorded, startPatroni } from '../stand-ins/patroni.ts';

const [walg, segments = '100000', minutes = '60'] = process.argv.slice(2);
if (walg === undefined || nativeArch === undefined)
  throw new Error('usage: node test/bench/hour.ts WAL-G [SEGMENTS [RUNS]], on Linux, x64 or arm64');
const program = join(distDir, `${programName}-linux-${nativeArch}`);
const SEGMENT = 16 * 1024 * 1024;
/** The system identifier of the recorded cluster. */
const SYSTEM = '7710362530892479391';
/** The first segment of the newest backup. */
const FIRST = 2;

const folder = mkdtempSync(join(tmpdir(), 'postgres-status-hour-'));
const storage = join(folder, 'storage');
const wal = join(storage, 'wal_005');
const callsFile = join(folder, 'calls');
let current = FIRST;

const nameOf = (number: number) => segmentName(1, number, SEGMENT / 1024 / 1024);

function archive(): void {
  writeFileSync(join(wal, `${nameOf(current)}.lz4`), '.');
  current += 1;
}

/** Creates the files of a backup in the storage, as WAL-G does. */
function backUp(): void {
  const name = `base_${nameOf(FIRST)}`;
  const time = new Date(Date.now() - 7_200_000).toISOString();
  const [start, finish] = [FIRST * SEGMENT + 40, FIRST * SEGMENT + 256];
  const common = { hostname: 'db1', data_dir: '/data', pg_version: 150018, is_permanent: false };
  const metadata = { start_time: time, finish_time: time, ...common, start_lsn: start, finish_lsn: finish };
  const sentinel = { LSN: start, FinishLSN: finish, PgVersion: 150018, Version: 2, StartTime: time, FinishTime: time };
  const sized = (object: object, key: string) => JSON.stringify(object).replace(/\}$/, `,"${key}":${SYSTEM}}`);
  const base = join(storage, 'basebackups_005');
  mkdirSync(join(base, name), { recursive: true });
  writeFileSync(join(base, `${name}_backup_stop_sentinel.json`), sized(sentinel, 'SystemIdentifier'));
  writeFileSync(join(base, name, 'metadata.json'), sized(metadata, 'system_identifier'));
}

interface Cost {
  calls: Map<string, number>;
  /** Seconds. */
  cpu: number;
  statuses: Set<string>;
}

/** Bash's `time` counts the children that were waited for. */
const timed = 'TIMEFORMAT="cpu %U %S"; { time "$@" >"$OUT" 2>"$OUT.err" </dev/null; } 2>&1; exit 0';

async function run(args: readonly string[], out: string): Promise<number> {
  const env = { PATH: process.env['PATH'], OUT: out };
  const child = spawn('bash', ['-c', timed, 'hour', program, ...args], { env, stdio: ['ignore', 'pipe', 'inherit'] });
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => (output += chunk));
  await new Promise((resolve) => child.on('close', resolve));
  const [, user = NaN, system = NaN] = /cpu (\S+) (\S+)/.exec(output)?.map(Number) ?? [];
  return user + system;
}

/** Makes the times in the state file a minute older. */
function age(state: string): void {
  const keys = /"(current_timestamp|collected_at|time|since|not_archived_since|listed_at)":(\d+)/g;
  const older = readFileSync(state, 'utf8').replaceAll(
    keys,
    (_, key: string, at: string) => `"${key}":${Number(at) - 60}`,
  );
  writeFileSync(state, older);
}

async function hour(name: string, options: readonly string[]): Promise<Cost> {
  const state = join(folder, `${name}.state`);
  const out = join(folder, 'out');
  writeFileSync(callsFile, '');
  let cpu = 0;
  const statuses = new Set<string>();
  for (let minute = 0; minute < Number(minutes); minute++) {
    cpu += await run([...given, '--state', state, ...options], out);
    const { health, walg_integrity: integrity } = JSON.parse(readFileSync(out, 'utf8')) as Told;
    const archiving = health.checks.find((check) => check.name === 'archiving')?.status;
    statuses.add(`wal-verify ${integrity?.integrity.status ?? 'unknown'}, archiving ${archiving ?? 'unknown'}`);
    age(state);
    archive();
  }
  const calls = new Map<string, number>();
  for (const call of readFileSync(callsFile, 'utf8').trim().split(/ *\n/)) calls.set(call, (calls.get(call) ?? 0) + 1);
  return { calls, cpu, statuses };
}

interface Told {
  health: { checks: { name: string; status: string }[] };
  walg_integrity: { integrity: { status: string } } | null;
}

const replies = recorded('test/fixtures/patroni/v4.1.4', 's1_healthy', 'node1');
const patroni = await startPatroni((path) =>
  replies(path)
    .toString()
    .replace(/"location": \d+/, `"location": ${String(current * SEGMENT + 5000)}`),
);
mkdirSync(wal, { recursive: true });
backUp();
while (current < FIRST + Number(segments)) archive();
const environment = join(folder, 'env');
writeFileSync(environment, `WALG_FILE_PREFIX=${storage}\n`);
const counting = join(folder, 'wal-g');
writeFileSync(counting, `#!/bin/sh\necho "$1 \${2%%-*}" >>${callsFile}\nexec ${resolve(walg)} "$@"\n`, { mode: 0o755 });
const given = ['--patroni-url', patroni.url, '--leader-api', 'never', '--env', environment, '--wal-g', counting];

try {
  console.log(`${minutes} runs beside ${segments} segments`);
  for (const [name, options] of [
    ['in every run', []],
    ['--verify-every 1h', ['--verify-every', '1h']],
  ] as const) {
    const { calls, cpu, statuses } = await hour(name.replaceAll(' ', '-'), options);
    const counts = [...calls].sort().map(([command, times]) => `${command} ${times}`);
    console.log(`${name.padEnd(18)} CPU ${cpu.toFixed(1)} s; ${counts.join(', ')}; ${[...statuses].join('; ')}`);
  }
} finally {
  await patroni.close();
  rmSync(folder, { recursive: true });
}
