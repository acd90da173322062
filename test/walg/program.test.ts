import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { CollectError, TimeLimitError } from '../../src/errors.ts';
import { WalgFailure } from '../../src/walg/program.ts';
import { calls, collectWalg, recording, replaying, script, temporaryFolder, walg } from '../stand-ins/walg-run.ts';
import { WALG } from '../stand-ins/collect.ts';

test('--wal-g names the program', async () => {
  expect(await walg({ path: script('echo "$@"') }).run(['--version'])).toEqual({
    status: 0,
    signal: null,
    stdout: '--version\n',
    stderr: '',
    timedOut: false,
    overflowed: false,
  });
});

test('without it PATH is searched, the one of the WAL-G environment if it has one', async () => {
  const [one, other] = [script('echo one'), script('echo other')];
  const environment = { PATH: `relative:/nonexistent:${dirname(one)}` };
  const variables = new Map([['PATH', dirname(other)]]);
  expect((await walg({ path: undefined, environment }).run([])).stdout).toBe('one\n');
  expect((await walg({ path: undefined, environment, variables }).run([])).stdout).toBe('other\n');
});

test.each([
  ['does not exist', () => join(temporaryFolder(), 'wal-g')],
  ['is not executable', () => notExecutable()],
  ['is a directory', () => folder()],
  ['is a broken link', () => brokenLink()],
])('a --wal-g that %s', async (_, make) => {
  const path = make();
  await expect(walg({ path }).run(['--version'])).rejects.toThrow(
    new CollectError(`${path} is not an executable file: correct --wal-g`),
  );
});

function notExecutable(): string {
  const path = join(temporaryFolder(), 'wal-g');
  writeFileSync(path, '#!/bin/sh\n', { mode: 0o644 });
  return path;
}

function folder(): string {
  const path = join(temporaryFolder(), 'wal-g');
  mkdirSync(path);
  return path;
}

function brokenLink(): string {
  const path = join(temporaryFolder(), 'wal-g');
  symlinkSync('/nonexistent', path);
  return path;
}

test('one whose interpreter is missing cannot be started', async () => {
  const path = join(temporaryFolder(), 'wal-g');
  writeFileSync(path, '#!/nonexistent/sh\n', { mode: 0o755 });
  await expect(walg({ path }).run([])).rejects.toThrow(
    new CollectError(`${path} cannot be started (no such file or directory)`),
  );
});

test.each([
  ['is killed', 'kill -KILL $$', CollectError, 'wal-g backup-list was terminated by SIGKILL'],
  [
    'fails',
    'echo "ERROR: 2026/11/21 06:53:31.974727 why" >&2; exit 1',
    WalgFailure,
    'wal-g backup-list failed with exit status 1: why',
  ],
  [
    'panics',
    'echo "panic: nil map" >&2; exit 2',
    WalgFailure,
    'wal-g backup-list failed with exit status 2: panic: nil map',
  ],
  ['fails without a message', 'exit 1', WalgFailure, 'wal-g backup-list failed with exit status 1: no reason given'],
  ['prints more than 16 MiB', 'head -c 17000000 /dev/zero', CollectError, 'wal-g backup-list printed too much'],
])('a wal-g that %s', async (_, text, type, message) => {
  const error: unknown = await walg({ path: script(text) })
    .run(['backup-list'])
    .catch((error: unknown) => error);
  expect(error).toBeInstanceOf(type);
  expect(error).toHaveProperty('message', message);
});

test('one that exceeds its time is terminated, whatever its exit status: WAL-G 3.0.9 exits with 1 on SIGTERM', async () => {
  const late = walg({ path: script('trap "exit 1" TERM; sleep 3600 & wait') }).run(['backup-list'], { time: 300 });
  await expect(late).rejects.toThrow(TimeLimitError);
  await expect(late).rejects.toThrow(/^wal-g backup-list did not finish within \d+\.\d s and was terminated$/);
});

test('without time left it is not started', async () => {
  const file = join(temporaryFolder(), 'calls');
  const late = walg({ environment: { WALG_CALLS: file }, time: 0 }).run(['backup-list']);
  await expect(late).rejects.toThrow(new TimeLimitError('wal-g backup-list was not started: no time was left'));
  expect(calls(file)).toEqual([]);
});

test.each([
  ['missing', () => join(temporaryFolder(), 'wal-g'), /^.+ is not an executable file: correct --wal-g$/],
  [
    'killed',
    () => script('kill -KILL $$'),
    /^wal-g (backup-list --detail|wal-verify integrity timeline) --json was terminated by SIGKILL$/,
  ],
  [
    'hanging',
    () => script('trap "" TERM; sleep 3600 & wait; wait'),
    /^wal-g \S+ .+ did not finish within \d\.\d s and was terminated$/,
  ],
  ['printing megabytes', () => script('head -c 17000000 /dev/zero'), /^wal-g \S+ .+ printed too much$/],
  ['printing HTML', () => script('echo "<html></html>"'), /^wal-g \S+ .+ printed no complete JSON \(14 characters\)$/],
  ['printing something else', () => script('echo "[1]"'), /^wal-g \S+ .+: (field "\[0\]"|the reply) is not an object$/],
])('a wal-g that is %s costs its own fields, and each collector says why', async (state, make, error) => {
  const environment = { PGHOST: '/var/run/postgresql', PGPORT: '5432' };
  const time = state === 'hanging' ? 2_000 : 60_000;
  const document = await collectWalg({ path: make(), environment, time });
  expect(document).toMatchObject({
    walg_last_backup: null,
    walg_backups: null,
    walg_timeline: null,
    walg_integrity: null,
  });
  for (const run of [document.collectors?.walg_backups, document.collectors?.walg_verify])
    expect(run).toMatchObject({
      ok: false,
      partial: false,
      collected_at: null,
      error: expect.stringMatching(error) as string,
    });
});

test('10 MB of stderr before a valid reply', async () => {
  const noisy = script(
    `yes "WARNING: 2026/11/21 06:53:32.154827 Could not parse" | head -c 10000000 >&2; exec ${WALG} "$@"`,
  );
  const environment = replaying(recording('v3.0.9', 'healthy-many'));
  const [loud, quiet] = await Promise.all([collectWalg({ path: noisy, environment }), collectWalg({ environment })]);
  const { walg_backups, walg_last_backup, walg_timeline, walg_integrity } = quiet;
  expect(loud).toMatchObject({ walg_backups, walg_last_backup, walg_timeline, walg_integrity });
});
