import { expect, test } from 'vitest';
import { parseSegment } from '../../src/wal/rows.ts';

test.each([
  { name: '000000010000000000000002', size: 16, segment: { timeline: 1, number: 2 } },
  { name: '0000000A00000007000000D1', size: 16, segment: { timeline: 10, number: 7 * 256 + 209 } },
  { name: '000000010000000100000003', size: 1024, segment: { timeline: 1, number: 7 } },
  { name: '00000001.history', size: 16, segment: undefined },
  { name: 'Z'.repeat(24), size: 16, segment: undefined },
])('$name with segments of $size MB', ({ name, size, segment }) => {
  expect(parseSegment(name, size)).toEqual(segment);
});
