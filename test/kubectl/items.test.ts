import { expect, test } from 'vitest';
import { Items } from '../../src/kubectl/items.ts';

function read(json: string, size = Infinity) {
  const bytes = Buffer.from(json);
  const found: unknown[] = [];
  const items = new Items((item) => found.push(item));
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

/** As API servers write them: one after the other, each with its metadata first. */
const USUAL = Array.from({ length: 20 }, (_, index) => ({
  metadata: { name: `status-${String(index)}`, owners: [{ uid: '"}]},{' }] },
  data: { status: '},{"metadata":{'.repeat(index % 7), name: 'ü ☃ 🐘' },
}));

test.each([5, 64, 1000, 65_536, Infinity])('the items of an API server, in chunks of %d bytes', (size) => {
  for (const list of [
    { ...LIST, items: USUAL },
    { items: USUAL, ...LIST },
    { ...LIST, items: USUAL.flatMap((item) => [item, ...AWKWARD, { nested: [item, item] }]) },
    { ...LIST, items: [{ metadata: {}, data: { status: 'x'.repeat(2_000_000) } }, ...USUAL] },
  ])
    expect(read(JSON.stringify(list), size)).toEqual({ found: list.items, frame: { ...LIST, items: [] } });
});

test('an element of a list within an item is not an item', () => {
  const inner = { metadata: { name: 'inner' } };
  const items = [...USUAL, { metadata: { name: 'outer', list: [inner, inner, inner] } }, ...USUAL];
  for (const size of [10, 100, Infinity]) expect(read(JSON.stringify({ items }), size).found).toEqual(items);
});

test.each([
  ['cut off', (json: string) => json.slice(0, 1500)],
  ['cut off within a text', (json: string) => json.slice(0, json.indexOf('status-9'))],
  ['not JSON', (json: string) => json.replace('"status-9"', 'status-9')],
  [
    'with an item too many brackets',
    (json: string) => json.replace('},{"metadata":{"name":"status-9"', '}},{"metadata":{"name":"status-9"'),
  ],
])('a list that is %s is not accepted', (_, spoil) => {
  const list = spoil(JSON.stringify({ ...LIST, items: USUAL }));
  for (const size of [10, 100, Infinity]) expect(() => read(list, size)).toThrow(SyntaxError);
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
