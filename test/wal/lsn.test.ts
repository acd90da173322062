import { expect, test } from 'vitest';
import { formatLsn, parseLsn } from '../../src/wal/lsn.ts';

test.each([
  [0, '0/0'],
  [0x2000028, '0/2000028'],
  [4294967296, '1/0'],
  [3325915299880, '306/60000028'],
  ['18446744073709551615', 'FFFFFFFF/FFFFFFFF'],
])('byte %s of the WAL is %s', (bytes, lsn) => {
  expect(formatLsn(bytes)).toBe(lsn);
  expect(parseLsn(lsn)).toBe(BigInt(bytes));
});

test.each(['', '0', '0/', 'G/0', '0/123456789', '0/0 '])('"%s" is no position', (text) => {
  expect(parseLsn(text)).toBeUndefined();
});
