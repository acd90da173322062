import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Memory } from '../../src/document/memory.ts';
import { configBody, healthy, LEADER_AT, moment } from './cases/healthy.ts';
import { startMoment } from './run.ts';

const KIB = 1024;

/** The leader's position is 173 KiB after the newest archived segment. */
function quiet(archive_timeout: number) {
  const cluster = healthy();
  const leader = { ...cluster.nodes['pg-a'], xlog: { location: LEADER_AT + 173 * KIB } };
  return moment({ ...cluster, nodes: { ...cluster.nodes, 'pg-a': leader }, config: configBody({ archive_timeout }) });
}

/** Runs, makes the state of that run this many minutes older, and runs again. */
async function lookTwice(archive_timeout: number, minutes: number, ...args: string[]) {
  const host = await startMoment(quiet(archive_timeout));
  const check = async (...more: string[]) => {
    const { stdout } = await host.run('--check', ...more);
    return stdout.split('\n').find((line) => line.includes('] archiving: ')) ?? '';
  };
  const without = await check();
  await check('--state', 'state.json');
  const path = join(host.folder, 'state.json');
  const { positions, ...rest } = JSON.parse(readFileSync(path, 'utf8')) as Memory;
  const older = positions.map(({ time, ...position }) => ({ ...position, time: time - minutes * 60 }));
  writeFileSync(path, JSON.stringify({ ...rest, positions: older }));
  return { without, second: await check('--state', 'state.json', ...args) };
}

test('a quiet cluster without archive_timeout: five minutes are no warning, an hour and more are one', async () => {
  const { without, second } = await lookTwice(0, 5);
  expect(without).toMatch(/^\[OK\] .*; 173 KiB of WAL is not archived yet; its age is known from the second run/);
  expect(second).toMatch(/^\[OK\] .*; 173 KiB of WAL is not archived yet, the oldest of it for 5 min$/);
  expect((await lookTwice(0, 61)).second).toMatch(
    /^\[WARNING\] archiving: 173 KiB of WAL is not archived, the oldest of it for 1 h 1 min, more than 1 h \(--wal-age-max\): archive_timeout is 0: a segment is archived only when its 16 MiB are full; set archive_timeout to limit how much can be lost; archive_mode is on /,
  );
});

test('with an archive_timeout of a minute the limit is 15 min, or --wal-age-max', async () => {
  expect((await lookTwice(60, 14)).second).toMatch(/^\[OK\]/);
  expect((await lookTwice(60, 16)).second).toMatch(/^\[WARNING\] .* more than 15 min .* archive_timeout is 1 min, so /);
  expect((await lookTwice(60, 3, '--wal-age-max', '2m')).second).toMatch(/^\[WARNING\] .* more than 2 min /);
});
