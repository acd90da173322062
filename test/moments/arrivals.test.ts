import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { StatusDocument } from '../../src/document/schema.ts';
import { backup, DAY, healthy, HOUR, moment, row, segment, segmentName, type Storage } from './cases/healthy.ts';
import { startMoment } from './run.ts';

const calls = (folder: string) => {
  const file = join(folder, 'walg-calls');
  return existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n') : [];
};
const stats = (folder: string) => calls(folder).filter((call) => call.startsWith('st '));

async function callsOf(storage: Storage) {
  const host = await startMoment(moment(healthy(), { storage }));
  await host.run();
  return calls(host.folder);
}

async function run(storage: Storage) {
  const host = await startMoment(moment(healthy(), { storage }));
  const { stdout, status } = await host.run();
  const { recovery } = JSON.parse(stdout) as StatusDocument;
  const { stdout: report } = await host.run('--format', 'report');
  return { status, recovery, report, asked: stats(host.folder).slice(0, stats(host.folder).length / 2) };
}

const [B0, LAST] = [segment(1, 0xb0), segment(2, 0x17)];
const NEWEST = segmentName(3, LAST);

test('the arrival of the newest segment, which ends the window', async () => {
  const { status, recovery, report, asked } = await run({ more: { arrivals: { [NEWEST]: '2026-11-25 19:58:30' } } });
  expect(status).toBe(0);
  expect(asked).toEqual([`st stat wal_005/${NEWEST}.lz4`]);
  expect(recovery).toMatchObject({
    newest_wal_arrived_at: '2026-11-25 19:58:30+00:00',
    windows: [{ last_segment: NEWEST, to_at_most: '2026-11-25 19:58:30+00:00' }],
  });
  expect(report.replaceAll(/\s+/g, ' ')).toContain('the newest segment arrived at 19:58:30 UTC');
});

test('an arrival earlier than the proven end comes from a wrong clock', async () => {
  const { recovery } = await run({ more: { arrivals: { [NEWEST]: '2026-11-01 00:00:00' } } });
  expect(recovery?.windows?.map((window) => window.to_at_most)).toEqual([undefined]);
});

test('a segment without an arrival has no effect', async () => {
  const { status, recovery, asked } = await run({});
  expect({ status, asked: asked.length, arrived: recovery?.newest_wal_arrived_at }).toEqual({ status: 0, asked: 1 });
});

test('the arrivals of the newest five windows are requested', async () => {
  const starts = [0, 1, 2, 3, 4, 5, 6, 7].map((index) => B0 + index * 8);
  const { status, recovery, asked } = await run({
    backups: starts.map((first, index) => backup(first, (8 - index) * DAY - 20 * HOUR)),
    integrity: 'FAILURE',
    rows: starts.flatMap((first, index) => [
      row(3, first, first + 5),
      ...(index === 7 ? [row(3, first + 6, LAST)] : [row(3, first + 6, first + 7, 'MISSING_LOST')]),
    ]),
  });
  expect(status).toBe(0);
  expect(recovery?.windows).toHaveLength(8);
  const last = [...starts.slice(3, 7).map((first) => segmentName(3, first + 5)), NEWEST];
  expect(asked.toSorted()).toEqual(last.map((name) => `st stat wal_005/${name}.lz4`));
});

test('a usual run starts wal-g three times, and an older one, which prints its help, no more often', async () => {
  for (const version of ['wal-g version v3.0.9', 'wal-g version v3.0.8'])
    // two of them run at once
    expect((await callsOf({ more: { version: `${version}\tabc\t2025.11.01_10:00:00\tPostgreSQL` } })).sort()).toEqual([
      'backup-list --detail --json',
      `st stat wal_005/${NEWEST}.lz4`,
      expect.stringMatching(/^wal-verify integrity timeline --json --timeline 3 --lsn /),
    ]);
});

test('with --state a known arrival is not requested again', async () => {
  const arrivals = { [NEWEST]: '2026-11-25 19:58:30' };
  const host = await startMoment(moment(healthy(), { storage: { more: { arrivals } } }));
  const told = [];
  for (let look = 0; look < 2; look++) {
    const { stdout } = await host.run('--state', join(host.folder, 'state'));
    const { recovery } = JSON.parse(stdout) as StatusDocument;
    told.push([recovery?.newest_wal_arrived_at, recovery?.windows?.map((window) => window.to_at_most)]);
  }
  expect(told[1]).toEqual(told[0]);
  expect(told[0]).toEqual(['2026-11-25 19:58:30+00:00', ['2026-11-25 19:58:30+00:00']]);
  expect(stats(host.folder)).toEqual([`st stat wal_005/${NEWEST}.lz4`]);
});
