import { expect, test } from 'vitest';
import { walgBackups } from '../../src/collectors/walg-backups.ts';
import { patroniSaying, script, walg } from '../stand-ins/walg-run.ts';

interface Row {
  backup_name: string;
  time: string;
  storage_name?: string;
  start_time?: string;
  finish_time?: string;
  is_permanent?: boolean;
  compressed_size?: number;
  system_identifier?: number;
}

/** A backup on this day of November, which starts in the segment with the number of the day, ends at 03:00 and has 100 bytes. */
function backup(day: number, change: Partial<Row> & { delta?: boolean } = {}): Row {
  const { delta = false, ...more } = change;
  const date = `2026-11-${String(day).padStart(2, '0')}`;
  return {
    backup_name: `base_0000000100000000000000${String(day).padStart(2, '0')}${delta ? '_D_000000010000000000000001' : ''}`,
    time: `${date}T03:00:01Z`,
    storage_name: 'default',
    start_time: `${date}T02:00:00Z`,
    finish_time: `${date}T03:00:00Z`,
    is_permanent: false,
    compressed_size: 100,
    ...more,
  };
}

/** Its fields in the plain list. */
function plain({ backup_name, time, storage_name }: Row): Row {
  return { backup_name, time, ...(storage_name !== undefined && { storage_name }) };
}

async function collect(rows: readonly Row[]) {
  const stdout = JSON.stringify(rows.map((row) => ({ ...row, wal_file_name: row.backup_name.slice(5, 29) })));
  const path = script(`cat <<'EOF'\n${stdout}\nEOF`);
  const { part } = await walgBackups.collect({ walg: walg({ path }), patroni: patroniSaying({}) });
  return part;
}

const day = (number: number) => `2026-11-${String(number).padStart(2, '0')}T03:00:00Z`;

test.each<{ name: string; rows: Row[]; expected: object }>([
  {
    name: 'none',
    rows: [],
    expected: { count: 0, full: 0, delta: 0, permanent: 0, storages: {}, compressed_size: 0, restorable: null },
  },
  {
    name: 'one',
    rows: [backup(1)],
    expected: {
      count: 1,
      full: 1,
      delta: 0,
      permanent: 0,
      storages: { default: 1 },
      compressed_size: 100,
      restorable: { from: day(1), to: day(1) },
    },
  },
  {
    name: 'full, permanent and delta ones',
    rows: [backup(1, { is_permanent: true }), backup(2), backup(3, { delta: true }), backup(4)],
    expected: {
      count: 4,
      full: 3,
      delta: 1,
      permanent: 1,
      storages: { default: 4 },
      compressed_size: 400,
      restorable: { from: day(2), to: day(4) },
    },
  },
  {
    name: 'only permanent ones: the WAL between them may have been deleted',
    rows: [backup(1, { is_permanent: true }), backup(2, { is_permanent: true })],
    expected: {
      count: 2,
      full: 2,
      delta: 0,
      permanent: 2,
      storages: { default: 2 },
      compressed_size: 200,
      restorable: null,
    },
  },
  {
    name: 'those of another cluster, before a pg_upgrade',
    rows: [
      backup(1, { system_identifier: 1 }),
      backup(2, { system_identifier: 2 }),
      backup(3, { system_identifier: 2 }),
    ],
    expected: {
      count: 3,
      full: 3,
      delta: 0,
      permanent: 0,
      storages: { default: 3 },
      compressed_size: 300,
      restorable: { from: day(2), to: day(3) },
    },
  },
  {
    name: 'a delta whose full backup was deleted',
    rows: [backup(1, { delta: true }), backup(2), backup(3, { delta: true })],
    expected: {
      count: 3,
      full: 1,
      delta: 2,
      permanent: 0,
      storages: { default: 3 },
      compressed_size: 300,
      restorable: { from: day(2), to: day(3) },
    },
  },
  {
    name: 'two storages: one backup counts once, its bytes twice',
    rows: [
      backup(1),
      backup(1, { storage_name: 'second', time: '2026-11-09T00:00:00Z' }),
      backup(2, { storage_name: 'second' }),
    ],
    expected: {
      count: 2,
      full: 2,
      delta: 0,
      permanent: 0,
      storages: { default: 1, second: 2 },
      compressed_size: 300,
      restorable: { from: day(1), to: day(2) },
    },
  },
  {
    name: 'without details: what is not known is null, and no sum',
    rows: [plain(backup(1)), plain(backup(2, { delta: true }))],
    expected: {
      count: 2,
      full: 1,
      delta: 1,
      permanent: null,
      storages: { default: 2 },
      compressed_size: null,
      restorable: null,
    },
  },
  {
    name: 'one without details among others',
    rows: [backup(1), plain(backup(2))],
    expected: {
      count: 2,
      full: 2,
      delta: 0,
      permanent: null,
      storages: { default: 2 },
      compressed_size: null,
      restorable: null,
    },
  },
  {
    name: 'before 3.0 no storage has a name',
    rows: [backup(1)].map(({ storage_name: _, ...row }) => row),
    expected: {
      count: 1,
      full: 1,
      delta: 0,
      permanent: 0,
      storages: { default: 1 },
      compressed_size: 100,
      restorable: { from: day(1), to: day(1) },
    },
  },
])('backups: $name', async ({ rows, expected }) => {
  const { oldest: _oldest, newest_full: _full, recent: _recent, ...counts } = (await collect(rows)).walg_backups ?? {};
  expect(counts).toEqual(expected);
});

test('the oldest, the newest full, and the newest 24', async () => {
  const rows = Array.from({ length: 30 }, (_, index) => backup(index + 1, { delta: index >= 28 }));
  const { walg_last_backup: last, walg_backups: backups } = await collect(rows);
  const reference = ({ backup_name, time, start_time, finish_time }: Row) => ({
    backup_name,
    time,
    start_time,
    finish_time,
    wal_file_name: backup_name.slice(5, 29),
    start_lsn: null,
  });
  expect(backups?.oldest).toEqual(reference(backup(1)));
  expect(backups?.newest_full).toEqual(reference(backup(28)));
  expect(backups?.recent.map(({ time }) => time)).toEqual(
    rows
      .map(({ time }) => time)
      .reverse()
      .slice(0, 24),
  );
  expect(last).toEqual(backups?.recent[0]);
});
