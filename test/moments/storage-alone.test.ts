import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { StatusDocument } from '../../src/document/schema.ts';
import { healthy, moment } from './cases/healthy.ts';
import { failed, type Moment } from './moment.ts';
import { recorded } from './recorded.ts';
import { startMoment } from './run.ts';

const DOWN = failed(
  'ERROR: 2026/11/25 20:27:30.000000 Connect: postgres connection failed: failed to connect to `host=/tmp`: dial error: no such file or directory\n',
);

/** Every database host is lost; only the WAL-G environment is left. */
function burntDown(name: string, more: Partial<Moment['walg']> = {}): Moment {
  const was = recorded(name);
  return { ...was, members: {}, walg: { ...was.walg, verify: DOWN, verifyAsking: DOWN, ...more } };
}

const callsOf = (folder: string) => {
  const file = join(folder, 'walg-calls');
  return existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n') : [];
};
const shows = (folder: string) => callsOf(folder).filter((call) => call.startsWith('wal-show'));

test.each([
  ['10-hole-after-archive-off'],
  ['33-holes-settled'],
  ['35-delta-base-gone'],
  ['38-replica-backup-not-yet-restorable'],
])('%s: what can be restored, known from nothing but the environment of WAL-G', async (name) => {
  const host = await startMoment(burntDown(name));
  const { stdout, stderr, status } = await host.run('--format', 'report');
  const { recovery } = JSON.parse((await host.run('--skip', 'patroni')).stdout) as StatusDocument;
  const untimed = stdout.replaceAll(/ +\d+ ms/g, ' N ms');
  const said = [untimed, `stderr:\n${stderr}`, `exit status ${status}\n`, JSON.stringify(recovery, null, 2)].join('\n');
  await expect(`${said}\n`).toMatchFileSnapshot(join(import.meta.dirname, 'storage-alone', `${name}.txt`));
  expect(shows(host.folder)).toEqual(Array.from({ length: 2 }, () => 'wal-show --detailed-json --without-backups'));
});

test('if WAL-G lacks wal-show or cannot read the storage, the original failure is reported', async () => {
  const says = async (more: Partial<Moment['walg']>) => {
    const host = await startMoment(burntDown('33-holes-settled', more));
    const document = JSON.parse((await host.run('--skip', 'patroni')).stdout) as StatusDocument;
    const { ok, error } = document.collectors?.walg_verify ?? {};
    return { shows: shows(host.folder).length, windows: document.recovery?.windows, ok, error };
  };
  const without = await says({ version: 'wal-g version v0.2.15\tabc\tdate\tPostgreSQL' });
  expect(without).toMatchObject({ shows: 0, windows: null, ok: false });
  expect(await says({ show: failed('ERROR: 2026/11/25 20:27:30.000000 access denied\n') })).toEqual({
    ...without,
    shows: 1,
  });
  expect(await says({ show: { stdout: '[{"id":', stderr: '', status: 0 } })).toEqual({ ...without, shows: 1 });
});

test('if the position is known and the timelines agree, the storage is not listed without --state', async () => {
  const host = await startMoment(recorded('02-healthy'));
  await host.run();
  expect(shows(host.folder)).toEqual([]);
});

test('with --state it is listed once an hour, and what was found is kept in between', async () => {
  const host = await startMoment(recorded('02-healthy'));
  const run = async () => (JSON.parse((await host.run('--state', 'state.json')).stdout) as StatusDocument).recovery;
  const first = await run();
  expect(shows(host.folder)).toEqual([]);
  const second = await run();
  expect(shows(host.folder)).toHaveLength(1);
  expect(second?.stored?.timelines.length).toBeGreaterThan(0);
  expect(await run()).toEqual(second);
  expect(shows(host.folder)).toHaveLength(1);
  expect(first?.windows).toEqual(second?.windows);
});

test('an unexpected timeline is examined', async () => {
  const timeline = { status: 'FAILURE', current_timeline_id: 3, highest_storage_timeline_id: 6 };
  const host = await startMoment(moment(healthy(), { storage: { timeline } }));
  const { recovery, collectors } = JSON.parse((await host.run()).stdout) as StatusDocument;
  expect(shows(host.folder)).toHaveLength(1);
  expect(recovery).toMatchObject({ stored: { timelines: [{ timeline: 3, relation: 'current' }] } });
  expect(recovery?.from_storage_alone).toBeUndefined();
  expect(Object.values(collectors ?? {}).map((run) => run?.ok)).toEqual([true, true, true]);
});
