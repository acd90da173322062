import * as z from 'zod/mini';
import { describe, expect, test } from 'vitest';
import { fit, parseJson } from '../../src/text/json.ts';

describe('JSON without losing digits', () => {
  test.for<[text: string, value: unknown]>([
    ['7710362530892479391', '7710362530892479391'],
    ['-7710362530892479391', '-7710362530892479391'],
    ['9007199254740991', 9007199254740991],
    ['9007199254740992', '9007199254740992'],
    ['1.5', 1.5],
    ['1e300', 1e300],
    ['"7710362530892479391"', '7710362530892479391'],
    ['{"a": [7710362530892479391, null, true]}', { a: ['7710362530892479391', null, true] }],
  ])('%s', ([text, value]) => {
    expect(parseJson(text, { elements: 10 })).toEqual(value);
  });

  test.for(['', '{', '{"a": 1', 'NaN', '{} {}'])('%j is not JSON', (text) => {
    expect(() => parseJson(text, { elements: 10 })).toThrow(SyntaxError);
  });
});

describe('the first field that does not fit is named', () => {
  const reply = z.object({
    name: z.string(),
    port: z.int(),
    lag: z.union([z.number(), z.string()]),
    at: z.nullable(z.array(z.object({ on: z.boolean() }))),
    by: z.record(z.string(), z.number()),
    size: z.int().check(z.nonnegative('it is less than nothing')),
  });
  const strict = z.object({ inner: z.strictObject({}) });
  const good = { name: 'a', port: 1, lag: 0, at: [], by: {}, size: 0 };

  test.for<[value: unknown, message: string]>([
    [null, 'URL: the reply is not an object'],
    [[], 'URL: the reply is not an object'],
    [{}, 'URL: field "name" is not a string'],
    [{ ...good, port: 1.5 }, 'URL: field "port" is not an integer'],
    [{ ...good, lag: null }, 'URL: field "lag" is not a number or a string'],
    [{ ...good, at: {} }, 'URL: field "at" is not an array'],
    [{ ...good, at: [{ on: true }, { on: 1 }] }, 'URL: field "at[1].on" is not a boolean'],
    [{ ...good, by: [] }, 'URL: field "by" is not an object'],
    [{ ...good, size: -1 }, 'URL: field "size" is not valid: it is less than nothing'],
  ])('%j', ([value, message]) => {
    expect(() => fit(reply, value, 'URL')).toThrow(expect.objectContaining({ name: 'CollectError', message }) as Error);
  });

  test('a key that is not known', () => {
    expect(() => fit(strict, { inner: { extra: 1 } }, 'file')).toThrow('file: field "inner.extra" is not known');
  });

  test('a value of another type', () => {
    expect(() => fit(strict, [], 'file', 'it')).toThrow('file: it is not an object');
  });
});

describe('a long list', () => {
  const element = z.object({ at: z.int(), more: z.optional(z.array(z.int())) });
  const inner = z.looseObject({ list: z.nullable(z.array(element).check(z.maxLength(1000))), other: z.array(element) });
  const schema = z.object({ inner: z.optional(inner), size: z.int() });
  const many = (length: number) => Array.from({ length }, (_, at) => ({ at, more: [at], unknown: true }));
  const known = (length: number) => many(length).map(({ at, more }) => ({ at, more }));
  const value = (length: number) => ({ inner: { list: many(length), other: many(3), x: 'y' }, size: 1, z: 2 });

  test.each([2, 99, 100, 1000])('of %i elements is read like a short one, and the value is unchanged', (length) => {
    const given = value(length);
    expect(fit(schema, given, 'URL')).toEqual({
      inner: { list: known(length), other: known(3), x: 'y' },
      size: 1,
    });
    expect(given).toEqual(value(length));
  });

  test('alone, or as the input of a transformation', () => {
    expect(fit(z.nullable(z.array(element)), many(200), 'URL')).toEqual(known(200));
    const halved = z.pipe(
      z.array(z.int()),
      z.transform((list) => list.length / 2),
    );
    expect(fit(halved, Array(200).fill(1), 'URL')).toBe(100);
    const checked = z.array(z.int()).check(z.minLength(300, 'it is short'));
    expect(() => fit(checked, Array(200).fill(1), 'URL')).toThrow('URL: the reply is not valid: it is short');
  });

  test('the first element that does not fit, and one element too many', () => {
    const bad = value(500);
    Object.assign(bad.inner.list[400] ?? {}, { at: 'x' });
    expect(() => fit(schema, bad, 'URL')).toThrow('URL: field "inner.list[400].at" is not a number');
    expect(() => fit(schema, value(1001), 'URL')).toThrow('it has more than 1000 elements');
  });
});
