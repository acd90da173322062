import { expect, test } from 'vitest';
import { fromJSONSchema } from 'zod';
import { jsonSchema } from '../../src/document/json-schema.ts';
import { situations, type SituationName } from '../formats/situations.ts';

const schema = fromJSONSchema(JSON.parse(jsonSchema()) as Parameters<typeof fromJSONSchema>[0]);

test.each(Object.keys(situations) as SituationName[])('a document fits: %s', async (name) => {
  const { document } = await situations[name]();
  expect(schema.safeParse(document).error).toBeUndefined();
});

test.each([
  { title: 'members that are not an array', change: { cluster_status: { members: null } } },
  { title: 'a time that is not a number', change: { current_timestamp: '2026-11-21' } },
  { title: 'a verdict of its own', change: { health: { status: 'fine', checks: [] } } },
])('a document is not valid: $title', async ({ change }) => {
  const { document } = await situations['healthy-three-members']();
  expect(schema.safeParse({ ...document, ...change }).success).toBe(false);
});

test('every key has a description', () => {
  const { properties } = JSON.parse(jsonSchema()) as { properties: Record<string, { description?: string }> };
  expect(Object.entries(properties).filter(([, { description }]) => !description)).toEqual([]);
});
