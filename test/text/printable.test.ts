import { expect, test } from 'vitest';
import { printable } from '../../src/text/printable.ts';

test.each([
  ['node1', 'node1'],
  ['two\nlines\r\n', 'two lines'],
  ['\u001b[31mred\u0007', '[31mred'],
  ['\u202eabc\u2066', 'abc'],
  ['8\u009b2J', '8 2J'],
  ['half \ud83d', 'half \ufffd'],
  ['東京 👍', '東京 👍'],
])('%j is shown as %j', (text, shown) => {
  expect(printable(text)).toBe(shown);
});
