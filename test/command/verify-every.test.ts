import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Memory } from '../../src/document/memory.ts';
import type { StatusDocument } from '../../src/document/schema.ts';
import { NODE1, startHost, type Host } from '../stand-ins/host.ts';

const EVERY_HOUR = ['--state', 'state.json', '--verify-every', '1h'];
const SYSTEM = '7710362530892479391';
const SEGMENT = 16 * 1024 * 1024;
const nameOf = (number: number, timeline = 1) =>
  [timeline, Math.floor(number / 256), number % 256]
    .map((part) => part.toString(16).toUpperCase().padStart(8, '0'))
    .join('');

/** A cluster with a leader that writes, its storage, and the output of a wal-g of this kind. */
async function startArchive(kind: '3.0.9' | '3.0.8' | 'broken' = '3.0.9') {
  const leader = { segment: 17, name: 'node1', timeline: 1 };
  const host = await startHost({
    patroni: (path) => {
      const reply = NODE1(path)
        .toString()
        .replace(/"location": \d+/, `"location": ${String(leader.segment * SEGMENT + 5000)}`)
        .replaceAll('"timeline": 1', `"timeline": ${String(leader.timeline)}`);
      return path === '/cluster' || path === '/patroni' ? reply.replaceAll('"node1"', `"${leader.name}"`) : reply;
    },
  });
  const { folder } = host;
  mkdirSync(join(folder, 'wal'));
  const stat = {
    '3.0.9': [
      `if [ -e "wal/\${3#wal_005/}" ]; then printf 'obj  66108 2026-11-21 20:32:29 +0000 UTC %s\\n' "$3"`,
      `else echo "ERROR: stat object \\"$3\\": object '/x/$3' not found in storage" >&2; exit 1; fi`,
    ],
    '3.0.8': ['echo "Storage tools allows to interact with the configured storage."'],
    broken: ['echo "ERROR: stat object: connection refused" >&2; exit 1'],
  }[kind];
  host.program(
    'wal-g',
    'echo "$*" >>calls',
    'case "$1" in',
    `--version) printf 'wal-g version v${kind === 'broken' ? '3.0.9' : kind}\\tabc\\tdate\\tPostgreSQL\\n' ;;`,
    'backup-list) cat backups.json ;;',
    'wal-verify) [ ! -e fails ] || { echo "ERROR: access denied" >&2; exit 1; }; cat verify.json ;;',
    "wal-show) [ ! -e slow ] || exit 1; echo '[]' ;;",
    ...[`st)`, ...stat, ';;'],
    'esac',
  );
  const archive = (...numbers: number[]) => {
    for (const number of numbers) writeFileSync(join(folder, 'wal', `${nameOf(number)}.lz4`), '');
  };
  const backup = (start: number) => {
    const time = new Date(Date.now() - 3_600_000).toISOString();
    const positions = { start_lsn: start * SEGMENT + 40, finish_lsn: start * SEGMENT + 256 };
    const name = `base_${nameOf(start)}`;
    const text = JSON.stringify([
      {
        ...{ backup_name: name, time, wal_file_name: nameOf(start), storage_name: 'default' },
        ...{ start_time: time, finish_time: time, hostname: 'db1', data_dir: '/', pg_version: 150018 },
        ...{ is_permanent: false, system_identifier: 0, uncompressed_size: 1, compressed_size: 1, ...positions },
      },
    ]);
    writeFileSync(join(folder, 'backups.json'), text.replace('"system_identifier":0', `"system_identifier":${SYSTEM}`));
  };
  /** `rows`: first and last segment, and their status in WAL-G. */
  const verify = (status: string, ...rows: [number, number, string][]) => {
    const details = rows.map(([first, last, found]) => ({
      ...{ timeline_id: 1, start_segment: nameOf(first), end_segment: nameOf(last) },
      ...{ segments_count: last - first + 1, status: found },
    }));
    const timeline = { status: 'OK', details: { current_timeline_id: 1, highest_storage_timeline_id: 1 } };
    writeFileSync(join(folder, 'verify.json'), JSON.stringify({ integrity: { status, details }, timeline }));
  };
  backup(2);
  verify('OK', [2, 16, 'FOUND']);
  archive(...Array.from({ length: 15 }, (_, index) => index + 2));
  return { host, leader, archive, backup, verify };
}

/** The calls of wal-g since the last time. */
function calls(host: Host): string[] {
  const file = join(host.folder, 'calls');
  const made = existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n') : [];
  rmSync(file, { force: true });
  return made.filter((call) => !/^(--version|backup-list)/.test(call)).sort();
}

const stateOf = (host: Host) => JSON.parse(readFileSync(join(host.folder, 'state.json'), 'utf8')) as Memory;

/** Makes the times in the state this much older, including that of the verification. */
function age(host: Host, seconds: number): number {
  const text = readFileSync(join(host.folder, 'state.json'), 'utf8').replaceAll(
    /"(current_timestamp|collected_at|time|since|not_archived_since|listed_at|backlog_not_known_since)":(\d+)/g,
    (_, key: string, value: string) => `"${key}":${String(Number(value) - seconds)}`,
  );
  writeFileSync(join(host.folder, 'state.json'), text);
  return stateOf(host).document.collectors?.walg_verify?.collected_at ?? 0;
}

async function run(host: Host, ...args: string[]): Promise<StatusDocument> {
  const { stdout, stderr } = await host.run(...EVERY_HOUR, ...args);
  expect(stderr).toBe('');
  return JSON.parse(stdout) as StatusDocument;
}

const checkOf = ({ health }: StatusDocument, name: string) => health?.checks.find((check) => check.name === name);
const VERIFY = expect.stringMatching(/^wal-verify integrity timeline/) as string;

/** A first run, which verified this many seconds ago. */
async function afterFirstRun(archive: Awaited<ReturnType<typeof startArchive>>, seconds: number): Promise<number> {
  await run(archive.host);
  expect(calls(archive.host)).toContainEqual(VERIFY);
  return age(archive.host, seconds);
}

test('between two verifications nothing is listed: the last result is shown with its time, and st stat finds newly archived segments', async () => {
  const archive = await startArchive();
  const { host, leader } = archive;
  const at = await afterFirstRun(archive, 1380);
  leader.segment = 30;
  archive.archive(29);
  const document = await run(host);
  expect(calls(host)).toEqual([`st stat wal_005/${nameOf(29)}.lz4`]);
  expect(document.walg_integrity).toEqual(stateOf(host).document.walg_integrity);
  expect(document.collectors?.walg_verify).toMatchObject({ ok: true, partial: false, error: null, collected_at: at });
  expect(document.collectors?.patroni?.collected_at).toBe(document.current_timestamp);
  const when = new Date(at * 1000).toISOString().slice(0, 19).replace('T', ' ');
  expect(checkOf(document, 'wal_integrity')).toMatchObject({
    status: 'ok',
    value: 0,
    message: `no WAL is missing from ${nameOf(2)} to ${nameOf(16)}; verified by WAL-G 23 min ago, at ${when} UTC (--verify-every)`,
  });
  expect(checkOf(document, 'wal_timeline')).toMatchObject({ status: 'ok' });
  expect(checkOf(document, 'wal_timeline')?.message).toContain(`verified by WAL-G 23 min ago, at ${when} UTC`);
  expect(document.recovery).toMatchObject({ archived_up_to: '0/1E000000', not_archived_bytes: 5000 });
  // not checked, so not reported as ok
  expect(document.recovery?.windows?.at(-1)).toMatchObject({ end_lsn: '0/11000000' });

  const report = await host.run(...EVERY_HOUR, '--format', 'report');
  expect(report.stdout).toContain(`the result of ${when} UTC (--verify-every)`);
  const { stdout: metrics } = await host.run(...EVERY_HOUR, '--format', 'prometheus');
  expect(metrics).toContain(
    `postgres_status_collector_last_success_timestamp_seconds{scope="demo",collector="walg_verify"} ${String(at)}\n`,
  );
  expect(metrics).toContain('postgres_status_archive_lag_segments{scope="demo"} 0\n');
  // the segment is known to be there
  expect(calls(host)).toEqual([]);
});

test('an archiver that is behind: its position is narrowed down, and judged as of now', async () => {
  const archive = await startArchive();
  const { host, leader } = archive;
  await afterFirstRun(archive, 600);
  leader.segment = 100;
  archive.archive(...Array.from({ length: 20 }, (_, index) => index + 17));
  const document = await run(host);
  expect(checkOf(document, 'wal_integrity')).toMatchObject({ status: 'warning', value: 63, unit: 'segments' });
  expect(checkOf(document, 'wal_integrity')?.message).toContain(
    `the archiver is 63 segments (1008 MiB) behind, nothing has arrived since ${nameOf(36)}`,
  );
  expect(document.recovery).toMatchObject({ archived_up_to: '0/25000000', not_archived_bytes: 63 * SEGMENT + 5000 });
  expect(calls(host).length).toBeLessThan(10);
  age(host, 1200);
  const later = await run(host, '--wal-age-max', '15m');
  expect(checkOf(later, 'archiving')).toMatchObject({ status: 'warning' });
  expect(checkOf(later, 'archiving')?.message).toMatch(/of WAL is not archived, the oldest of it for /);
});

test('WAL that was not archived at the verification has arrived', async () => {
  const archive = await startArchive();
  const { host } = archive;
  archive.verify('FAILURE', [2, 12, 'FOUND'], [13, 16, 'MISSING_UPLOADING']);
  await afterFirstRun(archive, 600);
  const document = await run(host);
  expect(checkOf(document, 'wal_integrity')).toMatchObject({ status: 'ok', value: 0 });
  expect(checkOf(document, 'wal_integrity')?.message).toMatch(
    `no WAL is missing from ${nameOf(2)} to ${nameOf(16)}; verified by WAL-G 10 min ago`,
  );
});

test('the storage is not listed in between, even if it was never listed completely', async () => {
  const archive = await startArchive();
  const { host } = archive;
  await run(host);
  // on a fast machine both runs may be in the same second, and then none was earlier
  age(host, 2);
  for (const _again of [1, 2]) {
    calls(host);
    await run(host);
    expect(calls(host)).toEqual([]);
  }
});

test('WAL that was lost at the verification stays lost', async () => {
  const archive = await startArchive();
  archive.verify('FAILURE', [2, 5, 'FOUND'], [6, 6, 'MISSING_LOST'], [7, 16, 'FOUND']);
  await afterFirstRun(archive, 600);
  const document = await run(archive.host);
  expect(calls(archive.host)).toEqual([]);
  expect(checkOf(document, 'wal_integrity')).toMatchObject({ status: 'critical' });
  expect(document.wal?.lost).toEqual({ segments: 1, ranges: 1 });
});

describe.each(['3.0.8', 'broken'] as const)('a wal-g that cannot tell (%s)', (kind) => {
  test('the backlog is not known since the verification, and never ok', async () => {
    const archive = await startArchive(kind);
    const { host, leader } = archive;
    const at = await afterFirstRun(archive, 1380);
    leader.segment = 30;
    const when = `${new Date(at * 1000).toISOString().slice(0, 19).replace('T', ' ')} UTC`;
    for (const _again of [1, 2]) {
      const document = await run(host);
      expect(calls(host)).toEqual([`st stat wal_005/${nameOf(29)}.lz4`]);
      expect(document.wal).toMatchObject({ backlog_not_known_since: at, waiting: { segments: 0, ranges: 0 } });
      expect(document.recovery).toMatchObject({ archived_up_to: null, not_archived_bytes: null });
      const integrity = checkOf(document, 'wal_integrity');
      expect(integrity).toMatchObject({ status: 'unknown' });
      expect(integrity?.value).toBeUndefined();
      expect(integrity?.message).toContain(`how far the archiver is behind is not known since ${when}`);
      expect(checkOf(document, 'archiving')).toMatchObject({ status: 'unknown' });
    }
    const { stdout } = await host.run(...EVERY_HOUR, '--format', 'prometheus');
    expect(stdout).not.toContain('postgres_status_archive_lag_');
  });
});

test('an archive that is compressed in another way: its names are not known, so nothing is said to be missing', async () => {
  const archive = await startArchive();
  await afterFirstRun(archive, 600);
  archive.leader.segment = 30;
  writeFileSync(join(archive.host.folder, 'env', 'WALG_COMPRESSION_METHOD'), 'zstd');
  // the environment has changed
  await run(archive.host);
  expect(calls(archive.host)).toContainEqual(VERIFY);
  age(archive.host, 60);
  archive.leader.segment = 40;
  expect(checkOf(await run(archive.host), 'wal_integrity')).toMatchObject({ status: 'unknown' });
});

describe('WAL-G verifies again', () => {
  test.each([
    ['once the result is older', (archive: Archive) => void age(archive.host, 3100)],
    ['after a change of the leader', ({ leader }: Archive) => (leader.name = 'node2')],
    ['after a change of the timeline', ({ leader }: Archive) => (leader.timeline = 2)],
    [
      'after a backup',
      ({ backup }: Archive) => {
        backup(16);
      },
    ],
    [
      'after a change of the environment',
      ({ host }: Archive) => {
        writeFileSync(join(host.folder, 'env', 'WALG_S3_PREFIX'), 's3://elsewhere');
      },
    ],
    [
      'if the time of the result is in the future',
      ({ host }: Archive) => {
        age(host, -1000);
      },
    ],
    [
      'if the state does not contain the environment',
      ({ host }: Archive) => {
        const { walg_environment: _, ...others } = stateOf(host);
        writeFileSync(join(host.folder, 'state.json'), JSON.stringify(others));
      },
    ],
    [
      'without a state',
      ({ host }: Archive) => {
        rmSync(join(host.folder, 'state.json'));
      },
    ],
  ] as [string, (archive: Archive) => void][])('%s', async (_, change) => {
    const archive = await startArchive();
    await afterFirstRun(archive, 600);
    change(archive);
    const document = await run(archive.host);
    expect(calls(archive.host)).toContainEqual(VERIFY);
    expect(document.collectors?.walg_verify?.collected_at).toBe(document.current_timestamp);
    expect(JSON.stringify(document)).not.toContain('--verify-every');
  });

  test('if the newest backup waits for its WAL', async () => {
    const archive = await startArchive();
    archive.backup(16);
    archive.verify('FAILURE', [2, 15, 'FOUND'], [16, 16, 'MISSING_UPLOADING']);
    await afterFirstRun(archive, 60);
    await run(archive.host);
    expect(calls(archive.host)).toContainEqual(VERIFY);
  });

  test('a failure is not hidden by an older result', async () => {
    const archive = await startArchive();
    await afterFirstRun(archive, 4000);
    writeFileSync(join(archive.host.folder, 'fails'), '');
    const { status, stdout } = await archive.host.run(...EVERY_HOUR);
    expect(status).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({
      walg_integrity: null,
      collectors: { walg_verify: { ok: false, collected_at: null } },
    });
  });
});

type Archive = Awaited<ReturnType<typeof startArchive>>;

test.each([
  [['--verify-every', '1h'], '--verify-every needs --state, which keeps the last result for the next run'],
  [['--verify-every', '2d', '--state', 's'], '--verify-every: "2d" is not between 1s and 1d'],
  [['--verify-every', 'hourly', '--state', 's'], '--verify-every: "hourly" is not a duration such as 50s, 1m30s or 8d'],
])('%s is refused', async (args, sentence) => {
  const host = await startHost();
  expect(await host.run(...args)).toEqual({ status: 2, stdout: '', stderr: `postgres-status: ${sentence}\n` });
});
