import { expect, test } from 'vitest';
import { parseSize } from '../../src/options/values.ts';

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
