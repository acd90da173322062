import * as z from 'zod/mini';
import { expect, test } from 'vitest';
import { statusDocument } from '../../src/document/schema.ts';
import { mayHoldLongNumber } from '../../src/text/bounds.ts';
import { quickFit } from '../../src/text/quick-fit.ts';
import { olderDocument } from '../formats/situations.ts';
import { healthyDocument } from '../stand-ins/saved.ts';

const fits = quickFit(statusDocument);

/** Copies of the value, with another value at each place in turn. */
function* variants(value: unknown): Generator {
  for (const other of [null, 'text', 'x'.repeat(5000), 1.5, -1, 2 ** 60, Infinity, true, [], {}, [1]]) yield other;
  if (typeof value !== 'object' || value === null) return;
  for (const [key, field] of Object.entries(value)) {
    for (const other of variants(field))
      yield Array.isArray(value) ? value.with(Number(key), other) : { ...value, [key]: other };
    if (Array.isArray(value)) continue;
    const { [key as never]: _left, ...rest } = value as Record<string, unknown>;
    yield rest;
  }
}

test('a value that fits also fits for zod, and a value that zod rejects never fits', async () => {
  const document = await healthyDocument();
  expect(fits(document)).toBe(true);
  let count = 0;
  for (const variant of variants(document)) {
    count += 1;
    const fitsZod = z.safeParse(statusDocument, variant, { jitless: true }).success;
    if (fits(variant) !== fitsZod) expect({ variant, quickly: fits(variant) }).toEqual({ variant, quickly: fitsZod });
  }
  expect(count).toBeGreaterThan(1000);
});

test('a value without a schema must not be nested too deep', async () => {
  const document = await healthyDocument();
  const nested = (levels: number): unknown => (levels === 0 ? 1 : [nested(levels - 1)]);
  expect([10, 100].map((levels) => fits({ ...document, later: nested(levels) }))).toEqual([true, false]);
});

test('an unsupported schema or check never fits', () => {
  const unknown = [z.literal('a'), z.string().check(z.minLength(1)), z.strictObject({}), z.date(), z.int32()];
  expect(unknown.map((schema) => quickFit(schema)('a'))).toEqual(unknown.map(() => false));
});

test.each([
  ['{"a":1234567890123456}', true],
  ['{"a":-1234567890123456}', true],
  ['[1, 9007199254740993]', true],
  ['{"a":1e400}', true],
  ['{"a": 0.5E10}', true],
  ['{"a":1234567890}', false],
  ['{"a":0.30000000000000004}', false],
  ['{"a":"base_0000000A00000007000000D1, 000000010000000000000009"}', false],
])('%s may hold a long number: %s', (json, may) => {
  expect(mayHoldLongNumber(json)).toBe(may);
});

test('the seven keys of older producers fit', () => {
  expect(fits(JSON.parse(JSON.stringify(olderDocument)))).toBe(true);
});
