import { expect, test } from 'vitest';
import { formatBriefBytes, formatBriefDuration, formatBytes, formatDuration } from '../../src/text/units.ts';

test.each([
  [0, '0 s'],
  [0.04, '0 s'],
  [0.44, '0.4 s'],
  [1, '1 s'],
  [9.94, '9.9 s'],
  [9.96, '10 s'],
  [45, '45 s'],
  [59.6, '1 min'],
  [61, '1 min 1 s'],
  [3_599, '59 min 59 s'],
  [3_600, '1 h'],
  [12_000, '3 h 20 min'],
  [86_399, '23 h 59 min'],
  [90_000, '1 d 1 h'],
  [86_430, '1 d'],
  [777_600, '9 d'],
  [-65, '-1 min 5 s'],
])('%d seconds are %s', (seconds, text) => {
  expect(formatDuration(seconds)).toBe(text);
});

test('a length of time in one unit is cut, not rounded: an age of 1 h 59 min is not yet 2 h', () => {
  expect(formatDuration(7_140, 1)).toBe('1 h');
});

test.each([
  [0, '0 B'],
  [1_023, '1023 B'],
  [1_024, '1 KiB'],
  [1_536, '1.5 KiB'],
  [1_048_166, '1 MiB'],
  [16_777_216, '16 MiB'],
  [858_502_390, '819 MiB'],
  [2_604_967_632, '2.4 GiB'],
  [2 ** 60, '1024 PiB'],
  [-2_048, '-2 KiB'],
])('%d bytes are %s', (bytes, text) => {
  expect(formatBytes(bytes)).toBe(text);
});

test.each([
  [0.3, '0s'],
  [45, '45s'],
  [1_020, '17m'],
  [7_140, '1h'],
  [777_600, '9d'],
  [-180, '-3m'],
])('%f s in a narrow column', (seconds, text) => {
  expect(formatBriefDuration(seconds)).toBe(text);
});

test.each([
  [0, '0'],
  [512, '512'],
  [1_572_864, '1.5Mi'],
  [3_400_000_000, '3.2Gi'],
])('%i bytes in a narrow column', (bytes, text) => {
  expect(formatBriefBytes(bytes)).toBe(text);
});
