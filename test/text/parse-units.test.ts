import { expect, test } from 'vitest';
import { parseDuration, parseSize } from '../../src/text/parse-units.ts';

test.each([
  ['50', 50_000],
  ['0.5', 500],
  ['50s', 50_000],
  ['500ms', 500],
  ['1m30s', 90_000],
  ['1.5h', 5_400_000],
  ['8d', 691_200_000],
  ['1w', 604_800_000],
])('%s is a duration', (text, milliseconds) => {
  expect(parseDuration(text)).toBe(milliseconds);
});

test.each(['', 's', '50 s', '-1s', '1e3', '50S', '1y', '1s1', '.5s', '٣s'])('%j is none', (text) => {
  expect(() => parseDuration(text)).toThrow('is not a duration such as 50s, 1m30s or 8d');
});

test.each([
  ['0', 0],
  ['512', 512],
  ['512B', 512],
  ['64kB', 65_536],
  ['64KiB', 65_536],
  ['16MB', 16_777_216],
  ['16 MiB', 16_777_216],
  ['1g', 1_073_741_824],
  ['1.5GB', 1_610_612_736],
  ['2TiB', 2_199_023_255_552],
])('%s is %d bytes', (text, bytes) => {
  expect(parseSize(text)).toBe(bytes);
});

test.each(['', 'MB', '-1MB', '1XB', '1,5GB', '16 cows'])('"%s" is no size', (text) => {
  expect(() => parseSize(text)).toThrow('is not a size such as 16MiB or 1GB');
});
