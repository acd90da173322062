import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { expectAt } from './judge.ts';
import { looks } from './looks.ts';
import { recorded, RECORDINGS } from './recorded.ts';
import { situations } from './situations.ts';
import { lookOf } from './timeline.ts';

const SNAPSHOTS = join(import.meta.dirname, 'recorded');

describe('a recorded moment', () => {
  test.each(situations)('$moment', async ({ moment, at, args = [], claims }) => {
    const was = recorded(moment);
    await expectAt(at === undefined ? was : { ...was, at: Date.parse(at) }, claims, join(SNAPSHOTS, moment), { args });
  });

  test('every recorded moment is in the table', () => {
    const known = new Set([...situations.map(({ moment }) => moment), ...looks.map(({ line }) => line)]);
    expect(readdirSync(RECORDINGS).filter((name) => !known.has(name))).toEqual([]);
  });
});

describe('an observation on a time line', () => {
  test.each(looks)('$line, $look', async ({ line, look, claims }) => {
    await expectAt(lookOf(line, look), claims, join(SNAPSHOTS, `${line}-${look}`));
  });
});
