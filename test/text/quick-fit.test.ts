import * as z from 'zod/mini';
import { expect, test } from 'vitest';
import { statusDocument } from '../../src/document/schema.ts';
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

/** A number that JSON.parse may have changed. */
function holdsLarge(value: unknown): boolean {
  if (typeof value === 'object' && value !== null) return Object.values(value).some(holdsLarge);
  return value === 2 ** 60 || value === Infinity;
}

test('a value that fits also fits for zod, and a value that zod rejects never fits', async () => {
  const document = await healthyDocument();
  expect(fits(document)).toBe(true);
  let count = 0;
  for (const variant of variants(document)) {
    count += 1;
    const fitsZod = z.safeParse(statusDocument, variant, { jitless: true }).success;
    const expected = fitsZod && !holdsLarge(variant);
    if (fits(variant) !== expected) expect({ variant, quickly: fits(variant) }).toEqual({ variant, quickly: expected });
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
  [1, true],
  [0.1 + 0.2, true],
  [-(2 ** 53 - 1), true],
  [2 ** 53, false],
  [1e300, false],
  [Infinity, false],
])('a number outside the schema, %s, is kept as it is: %s', async (later, fitting) => {
  const document = await healthyDocument();
  expect([fits({ ...document, later }), fits({ ...document, later: [{ later }] })]).toEqual([fitting, fitting]);
});

test('the seven keys of older producers fit', () => {
  expect(fits(JSON.parse(JSON.stringify(olderDocument)))).toBe(true);
});
