import { expect, test } from 'vitest';
import { Items } from '../../src/kubectl/items.ts';

function read(json: string, size = Infinity) {
  const bytes = Buffer.from(json);
  const found: unknown[] = [];
  const items = new Items((item) => found.push(JSON.parse(item)));
  for (let at = 0; at < bytes.length; at += size) items.add(bytes.subarray(at, Math.min(at + size, bytes.length)));
  return { found, frame: JSON.parse(items.frame()) as unknown };
}

const AWKWARD = [
  { metadata: { name: 'a', list: [[], [1, 2], {}] }, data: { status: '{"a":"b\\"]}[,"}', empty: '' } },
  {},
  { data: { 'x"y': 'ends in backslashes \\\\', quotes: '"""', 'ü ☃ 🐘': '\\"\\\\"\\', control: '\u0000\n' } },
  { metadata: null },
];
const LIST = { kind: 'List', metadata: { continue: 'a,b]', deep: { items: [{ no: 'item' }] } } };

test.each([1, 2, 3, 5, 7, 16, 64, Infinity])('the items, and the list without them, in chunks of %d bytes', (size) => {
  for (const indent of [undefined, 2])
    for (const list of [
      { ...LIST, items: AWKWARD },
      { items: AWKWARD, ...LIST },
    ])
      expect(read(JSON.stringify(list, null, indent), size)).toEqual({
        found: AWKWARD,
        frame: { ...LIST, items: [] },
      });
});

test.each(['{"items":[]}', '{"items":null}', '{}', '{"items":[1]}', '[]'])('%s has no items', (json) => {
  const { found, frame } = read(json, 1);
  expect({ found, frame: JSON.stringify(frame) }).toEqual({ found: [], frame: json });
});

test.each([
  ['nested too deep', `{"items":[${'['.repeat(100)}`, 'nested more than 64 levels deep'],
  ['endless', `{"items":[{"a":"${'x'.repeat(9_000_000)}`, 'an object of more than 8388608 bytes'],
  ['of too many values', `{"items":[[${'1,'.repeat(1_100_000)}`, 'an object of more than 1000000 values'],
  [
    'with an endless text around its items',
    `{"a":"${'x'.repeat(100_000)}`,
    'a list without its items of more than 65536',
  ],
])('a list that is %s', (_, json, why) => {
  expect(() => read(json, 65_536)).toThrow(why);
});
