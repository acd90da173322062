import { expect, test } from 'vitest';
import { clip, clipMiddle, pad, width, wrap } from '../../../src/formats/report/text.ts';

test.each([
  ['node1', 5],
  ['dänge', 5],
  ['da\u0308nge', 5],
  ['東京', 4],
  ['한국어', 6],
  ['👍🏽', 2],
  ['👩‍💻', 2],
  ['❤️', 2],
  ['a\u200bb', 2],
  ['━┄✓✗…–', 6],
])('%s takes %d cells', (text, cells) => {
  expect(width(text)).toBe(cells);
});

test.each([
  { text: 'acid-postgres-0', columns: 15, clipped: 'acid-postgres-0', middle: 'acid-postgres-0' },
  { text: 'acid-postgres-0', columns: 10, clipped: 'acid-post…', middle: 'acid-…es-0' },
  { text: '東京データベース-0', columns: 10, clipped: '東京デー…', middle: '東京…ス-0' },
  { text: '東京データベース-0', columns: 9, clipped: '東京デー…', middle: '東京…ス-0' },
  { text: 'abc', columns: 1, clipped: '…', middle: '…' },
])('$text on $columns columns', ({ text, columns, clipped, middle }) => {
  expect([clip(text, columns), clipMiddle(text, columns)]).toEqual([clipped, middle]);
});

test.each([
  { text: 'a few words to wrap', columns: 9, lines: ['a few', 'words to', 'wrap'] },
  { text: 'short', columns: 80, lines: ['short'] },
  { text: '', columns: 80, lines: [''] },
  { text: 'see 000000010000000000000002 there', columns: 10, lines: ['see', '0000000100', '0000000000', '0002 there'] },
  { text: '東京データベース', columns: 5, lines: ['東京', 'デー', 'タベ', 'ース'] },
])('$text wrapped at $columns', ({ text, columns, lines }) => {
  expect(wrap(text, columns)).toEqual(lines);
});

test('padding is measured in cells', () => {
  expect([pad('東', 4), pad('東', 4, 'right'), pad('long', 2)]).toEqual(['東  ', '  東', 'long']);
});
