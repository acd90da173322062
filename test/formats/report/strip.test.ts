import { expect, test } from 'vitest';
import type { Fate } from '../../../src/document/schema.ts';
import { drawStrip, type Stretch } from '../../../src/formats/report/strip.ts';

const GLYPHS: Record<Fate, string> = { found: '=', waiting: '~', lost: 'X', doubtful: '?' };

const found = (from: number, to: number): Stretch => ({ from, to, fate: 'found' });
const missing = (from: number, to: number): Stretch => ({ from, to, fate: 'lost' });
const waiting = (from: number, to: number): Stretch => ({ from, to, fate: 'waiting' });

test.each([
  { title: 'all of it', stretches: [found(1, 100)], first: 1, last: 100, strip: '====================' },
  { title: 'one segment', stretches: [found(7, 7)], first: 7, last: 7, strip: '====================' },
  {
    title: 'few segments take several cells each',
    stretches: [found(1, 2), missing(3, 3), found(4, 4)],
    first: 1,
    last: 4,
    strip: '==========XXXXX=====',
  },
  {
    title: 'a gap of one segment in a million is visible',
    stretches: [found(0, 499_999), missing(500_000, 500_000), found(500_001, 999_999)],
    first: 0,
    last: 999_999,
    strip: '==========X=========',
  },
  {
    title: 'a gap at the very first segment',
    stretches: [missing(0, 0), found(1, 9_999)],
    first: 0,
    last: 9_999,
    strip: 'X===================',
  },
  {
    title: 'a gap just before the end',
    stretches: [found(0, 9_998), missing(9_999, 9_999)],
    first: 0,
    last: 9_999,
    strip: '===================X',
  },
  {
    title: 'segments that are expected to arrive',
    stretches: [found(0, 89), waiting(90, 99)],
    first: 0,
    last: 99,
    strip: '==================~~',
  },
  {
    title: 'a gap in the cell of expected segments',
    stretches: [found(0, 94), missing(95, 95), found(96, 97), waiting(98, 99)],
    first: 0,
    last: 99,
    strip: '===================X',
  },
  {
    title: 'a timeline that begins later',
    stretches: [found(50, 99)],
    first: 0,
    last: 99,
    strip: '          ==========',
  },
  {
    title: 'a timeline of one segment among many',
    stretches: [found(42_000, 42_000)],
    first: 0,
    last: 99_999,
    strip: '        =           ',
  },
])('$title', ({ stretches, first, last, strip }) => {
  const cells = drawStrip(stretches, { first, last, cells: 20 });
  expect(cells.map((fate) => (fate === undefined ? ' ' : GLYPHS[fate])).join('')).toBe(strip);
});
