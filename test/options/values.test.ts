import { expect, test } from 'vitest';
import { parseDuration } from '../../src/options/values.ts';

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
