import { expect, test } from 'vitest';
import { CollectError, TimeLimitError } from '../../src/errors.ts';
import { listBackups } from '../../src/walg/backups.ts';
import { withVersion } from '../../src/walg/version.ts';
import { WalgFailure } from '../../src/walg/program.ts';

interface Answer {
  stdout?: string;
  stderr?: string;
  status?: number;
  late?: true;
}

/** A WAL-G with these outputs, and its calls. */
function walgAnswering(answers: { detail: Answer; plain?: Answer; version?: string }, environment = {}) {
  const asked: string[] = [];
  const walg = withVersion({
    environment,
    program: () => 'wal-g',
    remaining: () => 60_000,
    run(args: readonly string[]) {
      const name = args.includes('--detail') ? 'detail' : args.includes('--version') ? 'version' : 'plain';
      asked.push(name);
      const version: Answer = {
        stdout: `wal-g version ${answers.version ?? 'v3.0.9'}\t3e493188\t2026.08.20\tPostgreSQL`,
      };
      const {
        stdout = '',
        stderr = '',
        status = 0,
        late,
      } = name === 'version' ? version : (answers[name] ?? { status: 99 });
      const finished = { status, signal: null, stdout, stderr, timedOut: false, overflowed: false };
      if (late) return Promise.reject(new TimeLimitError('late'));
      return status === 0 ? Promise.resolve(finished) : Promise.reject(new WalgFailure(`wal-g ${name}`, finished));
    },
  });
  return { walg, asked };
}

const ROW = {
  backup_name: 'base_0000000100000000000000A1',
  time: '2026-08-20T02:00:19.896Z',
  wal_file_name: '0000000100000000000000A1',
  storage_name: 'default',
};
const TIMES = { start_time: '2026-08-20T02:00:01.793015Z', finish_time: '2026-08-20T02:00:18.538578Z' };
const rows = (...all: object[]) => ({ stdout: `${JSON.stringify(all)}\n` });
const NOTHING = { stderr: 'INFO: 2026/08/20 10:00:00.000000 No backups found\n' };
const FAILED = { status: 1, stderr: 'ERROR: 2026/08/20 10:00:00.000000 metadata.json not found\n' };
const UNREADABLE = (version: string) =>
  `wal-g backup-list printed nothing: either there is no backup, or WAL-G ${version} cannot read the storage; WAL-G 2.0 or newer distinguishes the two`;
const GHOSTS = (version: string) =>
  `wal-g detail failed with exit status 1: metadata.json not found; without --detail WAL-G ${version} may list deleted backups as new ones: install WAL-G 3.0.8 or newer`;

// see src/walg/README.md; the recordings are tested in test/collectors/walg-situations
test.each([
  ['3.0.8: []', { detail: rows() }, ['detail']],
  ['3.0.6: [] with --detail', { detail: rows(), version: 'v3.0.6' }, ['detail']],
  ["Go's empty list", { detail: { stdout: 'null\n' } }, ['detail']],
  [
    '2.0.0 to 3.0.5: not one byte',
    { detail: NOTHING, plain: NOTHING, version: 'v2.0.0' },
    ['detail', 'plain', 'version'],
  ],
  [
    'one that prints [] only without --detail',
    { detail: NOTHING, plain: rows(), version: 'v1.1' },
    ['detail', 'plain'],
  ],
])('no backups, %s', async (_, answers, asked) => {
  const stand = walgAnswering(answers);
  expect(await listBackups(stand.walg)).toEqual({ backups: [], failures: [] });
  expect(stand.asked).toEqual(asked);
});

test.each([
  [
    '0.2.10 exits 1 where there is no backup',
    { detail: FAILED, plain: FAILED, version: 'v0.2.10' },
    'wal-g detail failed with exit status 1: metadata.json not found',
    ['detail', 'plain'],
  ],
  [
    '0.2.13 to 1.1 print nothing',
    { detail: NOTHING, plain: NOTHING, version: 'v1.1.1-rc' },
    UNREADABLE('1.1.1'),
    ['detail', 'plain', 'version'],
  ],
  [
    'a build that does not know its version prints nothing',
    { detail: NOTHING, plain: NOTHING, version: 'devel' },
    UNREADABLE('of unknown version'),
    ['detail', 'plain', 'version'],
  ],
  [
    '2.0.0 to 3.0.5 print nothing with --detail, and fail without',
    { detail: NOTHING, plain: FAILED, version: 'v3.0.5' },
    'wal-g plain failed with exit status 1: metadata.json not found',
    ['detail', 'plain'],
  ],
  [
    'empty without --detail, which failed',
    { detail: FAILED, plain: rows() },
    'wal-g detail failed with exit status 1: metadata.json not found',
    ['detail', 'plain'],
  ],
  ['both late', { detail: { late: true as const }, plain: { late: true as const } }, 'late', ['detail', 'plain']],
  [
    'before 0.2.10 it knows no --json',
    {
      detail: { status: 1, stdout: 'unknown flag: --detail\n', stderr: 'Error: unknown flag: --detail\n' },
      plain: { status: 1 },
    },
    'wal-g detail failed with exit status 1: unknown flag: --detail',
    ['detail', 'plain'],
  ],
  [
    '3.0.6 may list ghosts without --detail',
    { detail: FAILED, plain: rows(ROW), version: 'v3.0.6' },
    GHOSTS('3.0.6'),
    ['detail', 'plain', 'version'],
  ],
  [
    '3.0.7 may list ghosts without --detail',
    { detail: FAILED, plain: rows(ROW, { ...ROW, time: '2026-11-20T02:00:19Z' }), version: 'v3.0.7' },
    GHOSTS('3.0.7'),
    ['detail', 'plain', 'version'],
  ],
  [
    'one of unknown version may list ghosts too',
    { detail: FAILED, plain: rows(ROW), version: 'devel' },
    GHOSTS('of unknown version'),
    ['detail', 'plain', 'version'],
  ],
])('not known: %s', async (_, answers, message, asked) => {
  const stand = walgAnswering(answers);
  await expect(listBackups(stand.walg)).rejects.toThrow(message);
  expect(stand.asked).toEqual(asked);
});

const STORAGE_DOWN = 'ERROR: 2026/08/20 10:00:00.000000 storage second is dead\n';
const LISTED = (storages: string) => `INFO: 2026/08/20 10:00:00.000000 List backups from storages: [${storages}]\n`;

test.each<[string, Parameters<typeof walgAnswering>[0], object, string[]]>([
  [
    '3.0.8: a metadata.json is missing',
    { detail: FAILED, plain: rows(ROW), version: 'v3.0.8' },
    {},
    ['wal-g detail failed with exit status 1: metadata.json not found'],
  ],
  ['--detail ran out of time', { detail: { late: true }, plain: rows(ROW) }, {}, ['late']],
  [
    '--detail printed nothing',
    { detail: NOTHING, plain: rows(ROW) },
    {},
    ['wal-g backup-list --detail --json printed nothing'],
  ],
  [
    'an ERROR with exit status 0',
    { detail: { ...rows(ROW), stderr: STORAGE_DOWN } },
    {},
    ['wal-g backup-list --detail --json: storage second is dead'],
  ],
  [
    'an ERROR with exit status 0, and no backup',
    { detail: { ...rows(), stderr: STORAGE_DOWN } },
    {},
    ['wal-g backup-list --detail --json: storage second is dead'],
  ],
  [
    'the primary storage left out without a message',
    { detail: { ...rows({ ...ROW, storage_name: 'second' }), stderr: LISTED('second') } },
    {},
    [
      'wal-g backup-list --detail --json: WAL-G left out the primary storage because it was down (storages read: second)',
    ],
  ],
])('partial: %s', async (_, answers, environment, failures) => {
  const listing = await listBackups(walgAnswering(answers, environment).walg);
  expect(listing.backups.map(({ backup_name: name }) => name)).toEqual(
    answers.detail.stdout === '[]\n' ? [] : [ROW.backup_name],
  );
  expect(listing.failures.map(({ message }) => message)).toEqual(failures);
  expect(listing.failures.every((failure) => failure instanceof CollectError)).toBe(true);
});

test.each([
  ['all storages', LISTED('default second'), {}],
  ['the one that was asked for', LISTED('second'), { WALG_TARGET_STORAGE: 'second' }],
  ['a warning', 'WARNING: 2026/08/20 10:00:00.000000 Failed to read storage status cache file\n', {}],
])('whole: %s', async (_, stderr, environment) => {
  const listing = await listBackups(walgAnswering({ detail: { ...rows(ROW), stderr } }, environment).walg);
  expect(listing.failures).toEqual([]);
});

test.each([
  ['a row without a name', [{ ...ROW, backup_name: undefined }], 'field "[0].backup_name" is not a string'],
  ['an invalid time', [{ ...ROW, time: 'yesterday' }], 'field "[0].time" is not valid: it is not a time'],
  ['an invalid size', [ROW, { ...ROW, compressed_size: 'big' }], 'field "[1].compressed_size" is not a number'],
  ['an object', { backups: [] }, 'the reply is not an array'],
])('a reply that is not valid: %s', async (_, reply, message) => {
  const { walg } = walgAnswering({ detail: { stdout: JSON.stringify(reply) }, plain: FAILED });
  await expect(listBackups(walg)).rejects.toThrow(`wal-g backup-list --detail --json: ${message}`);
});

async function listed(...all: object[]) {
  const { backups } = await listBackups(walgAnswering({ detail: rows(...all) }).walg);
  return backups.map(({ backup_name: name, storage_name: storage, time }) => [name, storage, time]);
}

const OLD = { ...ROW, backup_name: 'base_0000000100000000000000A1', time: '2026-08-20T02:00:00Z' };
const NEW = { ...ROW, backup_name: 'base_0000000100000000000000B1', time: '2026-08-21T02:00:00Z' };
const asListed = (...backups: (typeof ROW)[]) =>
  backups.map(({ backup_name: name, storage_name: storage, time }) => [name, storage, time]);

test.each<[string, object[], (typeof ROW)[]]>([
  ['oldest first (1.1 and newer)', [OLD, NEW], [NEW, OLD]],
  ['newest first (before 1.1)', [NEW, OLD], [NEW, OLD]],
  ['the same moment: the later WAL', [{ ...OLD, time: NEW.time }, NEW], [NEW, { ...OLD, time: NEW.time }]],
  [
    'the local time of a file storage',
    [{ ...OLD, time: '2026-08-21T03:30:00.591384871+02:00' }, NEW],
    [NEW, { ...OLD, time: '2026-08-21T03:30:00.591384871+02:00' }],
  ],
  [
    'copied objects: start times are right',
    [
      { ...NEW, start_time: NEW.time },
      { ...OLD, start_time: OLD.time, time: '2026-11-01T00:00:00Z' },
    ],
    [NEW, { ...OLD, time: '2026-11-01T00:00:00Z' }],
  ],
  [
    'a start time is missing: storage times for all',
    [
      { ...NEW, start_time: '0001-01-01T00:00:00Z' },
      { ...OLD, start_time: '2026-12-01T00:00:00Z' },
    ],
    [NEW, OLD],
  ],
  [
    'one name twice in a versioned bucket: its earliest time',
    [OLD, NEW, { ...OLD, time: '2026-11-01T00:00:00Z' }],
    [NEW, OLD],
  ],
  [
    'a copy that came to a failover storage later',
    [OLD, NEW, { ...OLD, storage_name: 'another', time: '2026-11-01T00:00:00Z' }],
    [NEW, OLD, { ...OLD, storage_name: 'another', time: '2026-11-01T00:00:00Z' }],
  ],
  [
    'copies of the same age: the primary storage first',
    [{ ...OLD, storage_name: 'another' }, { ...OLD, storage_name: 'z' }, OLD],
    [OLD, { ...OLD, storage_name: 'another' }, { ...OLD, storage_name: 'z' }],
  ],
])('newest by time, never by position: %s', async (_, given, expected) => {
  expect(await listed(...given)).toEqual(asListed(...expected));
});

test('all fields of a backup in the document, without its user_data', async () => {
  const row = {
    ...ROW,
    ...TIMES,
    date_fmt: '%Y-%m-%dT%H:%M:%S.%fZ',
    hostname: 'db1',
    data_dir: '/var/lib/postgresql/16/main',
    pg_version: 160004,
    start_lsn: 3325915299880,
    finish_lsn: 3325916080832,
    is_permanent: false,
    system_identifier: 0,
    uncompressed_size: 2604967632,
    compressed_size: 858502390,
    user_data: { any: 'json' },
  };
  const stdout = JSON.stringify([row]).replace('"system_identifier":0', '"system_identifier":7507672962298572862');
  const { backups } = await listBackups(walgAnswering({ detail: { stdout } }).walg);
  expect(backups).toEqual([
    {
      ...ROW,
      ...TIMES,
      duration_seconds: 16.745,
      start_lsn: '306/60000028',
      finish_lsn: '306/600BEAC0',
      compressed_size: 858502390,
      uncompressed_size: 2604967632,
      is_permanent: false,
      is_delta: false,
      pg_version: 160004,
      system_identifier: '7507672962298572862',
      hostname: 'db1',
    },
  ]);
});

test('fields that the plain list lacks are null', async () => {
  const { storage_name: _, ...row } = {
    ...ROW,
    backup_name: 'base_0000000100000000000000A1_D_00000001000000000000009F',
  };
  const { backups } = await listBackups(walgAnswering({ detail: rows(row) }).walg);
  expect(backups).toEqual([
    {
      ...row,
      start_time: null,
      finish_time: null,
      duration_seconds: null,
      start_lsn: null,
      finish_lsn: null,
      compressed_size: null,
      uncompressed_size: null,
      is_permanent: null,
      is_delta: true,
      pg_version: null,
      system_identifier: null,
      hostname: null,
    },
  ]);
});
