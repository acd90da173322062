import { expect, test } from 'vitest';
import { formatLsn } from '../../src/wal/lsn.ts';
import { configuredSize, segmentSize, sizeOfNames } from '../../src/wal/segment-size.ts';

const SIZES = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024];
const MEGABYTE = 1024n * 1024n;

/** A backup that starts in the segment of this number, as PostgreSQL counts them from the beginning of the WAL. */
function backupIn(segment: bigint, megabytes: number, offset = 0x28n) {
  const size = BigInt(megabytes) * MEGABYTE;
  const perLog = 0x1_0000_0000n / size;
  const [log, number] = [segment / perLog, segment % perLog].map((part) =>
    part.toString(16).toUpperCase().padStart(8, '0'),
  );
  return {
    start_lsn: formatLsn(String(segment * size + offset)),
    wal_file_name: `00000001${log ?? ''}${number ?? ''}`,
  };
}

test.each(SIZES)('segments of %i MB', (megabytes) => {
  const perLog = 4096n / BigInt(megabytes);
  for (const segment of [1n, 2n, 3n, perLog - 1n, perLog + 1n, 1000n * perLog + 3n])
    for (const offset of [0x28n, BigInt(megabytes) * MEGABYTE - 1n])
      expect(segmentSize([backupIn(segment, megabytes, offset)])).toBe(megabytes);
});

test.each([
  ['recorded with 16 MB', [{ start_lsn: '0/2000028', wal_file_name: '000000010000000000000002' }], 16],
  ['no backup', [], undefined],
  ['a backup without details', [{ start_lsn: null, wal_file_name: '000000010000000000000002' }], undefined],
  ['a backup that names no segment', [{ start_lsn: '0/2000028', wal_file_name: 'Z'.repeat(24) }], undefined],
  ['segment 0 of any size', [{ start_lsn: '5/28', wal_file_name: '000000010000000500000000' }], undefined],
  [
    'a name that does not belong to the position',
    [{ start_lsn: '1/2000028', wal_file_name: '000000010000000000000002' }],
    undefined,
  ],
  [
    'a position that does not belong to the name',
    [{ start_lsn: '0/2000028', wal_file_name: '000000010000000000000003' }],
    undefined,
  ],
  ['the first conclusive one is used', [backupIn(64n, 64), backupIn(5n, 64), backupIn(5n, 16)], 64],
])('%s', (_, backups, size) => {
  expect(segmentSize(backups)).toBe(size);
});

test.each([
  ['64', 64],
  ['1', 1],
  ['1024', 1024],
  ['', undefined],
  ['0', undefined],
  ['-16', undefined],
  ['48', undefined],
  ['16MB', undefined],
  [undefined, undefined],
])('WALG_PG_WAL_SIZE=%s tells %s', (value, size) => {
  expect(configuredSize(value === undefined ? {} : { WALG_PG_WAL_SIZE: value })).toBe(size);
});

const found = (start: string, end: string, count: number) => ({
  timeline_id: 1,
  start_segment: start,
  end_segment: end,
  segments_count: count,
  status: 'FOUND',
});
const FIRST = '000000010000000000000000';

test.each([
  ['nothing was found', [], undefined],
  ['names of the default size', [found(FIRST, '0000000100000000000000FF', 256)], 16],
  ['few names, as any size has them', [found(FIRST, '000000010000000000000003', 4)], 16],
  ['a log of 64 segments', [found(FIRST, '000000010000000100000000', 65)], 64],
  ['a number that only segments of 1 MB have', [found(FIRST, '000000010000000000000FFF', 4096)], 1],
  ['a number that two sizes have', [found(FIRST, '0000000100000000000003FF', 1024)], undefined],
  ['invalid names', [found('', '', 3)], undefined],
])('the size by the names under which WAL was found: %s', (_title, rows, size) => {
  expect(sizeOfNames(rows)).toBe(size);
});
