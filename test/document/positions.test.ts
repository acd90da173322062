import { expect, test } from 'vitest';
import type { RememberedPosition } from '../../src/document/memory.ts';
import { MOST_POSITIONS, withPosition } from '../../src/document/positions.ts';

const START = Date.UTC(2026, 10, 1) / 1000;
const DAY = 86_400;

/** Runs with this interval in seconds, for this many days. */
function remember(every: number, days: number): RememberedPosition[] {
  let positions: RememberedPosition[] = [];
  for (let time = START; time <= START + days * DAY; time += every)
    positions = withPosition(positions, { time, timeline: 1, lsn: `0/${time.toString(16)}` }, time);
  return positions;
}

test.each([30, 60, 300, 3600])('forty days of runs every %d s: 256 at most, dense where it is young', (every) => {
  const positions = remember(every, 40);
  const now = START + 40 * DAY;
  expect(positions.length).toBeLessThanOrEqual(MOST_POSITIONS);
  expect(positions.at(-1)?.time).toBe(now - ((now - START) % every));
  expect(positions.map(({ time }) => time)).toEqual(positions.map(({ time }) => time).toSorted((a, b) => a - b));
  const gapBefore = (age: number) => {
    const index = positions.findIndex(({ time }) => time >= now - age);
    return (positions[index]?.time ?? 0) - (positions[index - 1]?.time ?? 0);
  };
  expect(gapBefore(1800)).toBeLessThanOrEqual(Math.max(every, 90));
  expect(gapBefore(6 * 3600)).toBeLessThanOrEqual(Math.max(every, 660));
  expect(gapBefore(2 * DAY)).toBeLessThanOrEqual(3660);
  expect(gapBefore(20 * DAY)).toBeLessThanOrEqual(DAY);
  expect(now - (positions[0]?.time ?? 0)).toBeLessThanOrEqual(30 * DAY);
});

test('a kept position is kept until it is too old; positions are not replaced by neighbours', () => {
  const day = remember(60, 1);
  const later = withPosition(day, { time: START + DAY + 60, timeline: 1, lsn: '0/1' }, START + DAY + 60);
  expect(later.length).toBeGreaterThanOrEqual(day.length - 1);
  expect(later.slice(0, 50)).toEqual(day.slice(0, 50));
});

test('a position in the future comes from a wrong clock and is dropped', () => {
  const future = { time: START + 10, timeline: 1, lsn: '0/1' };
  const next = { time: START, timeline: 1, lsn: '0/2' };
  expect(withPosition([future], next, START)).toEqual([next]);
});

test('a switch of the timeline within a minute keeps both', () => {
  const first = { time: START, timeline: 1, lsn: '0/1' };
  const second = { time: START + 20, timeline: 2, lsn: '0/2' };
  const third = { time: START + 40, timeline: 2, lsn: '0/3' };
  expect(withPosition([first, second], third, START + 40)).toEqual([first, second, third]);
});
