import { expect, test } from 'vitest';
import { divideBudget, graceWithin } from '../../src/system/deadline.ts';

test.each([
  { timeout: 50_000, collect: 38_000, collected: 40_000, deliver: 48_000, grace: 2_000 },
  { timeout: 5_000, collect: 3_750, collected: 4_000, deliver: 4_750, grace: 250 },
  { timeout: 1_000, collect: 750, collected: 800, deliver: 950, grace: 50 },
])('a run of $timeout ms reserves time for delivery', ({ timeout, grace, ...points }) => {
  const { signal } = new AbortController();
  const budget = divideBudget(timeout, signal, () => 0);
  expect({
    collect: budget.collect.deadline.remaining(),
    collected: budget.collected.remaining(),
    deliver: budget.deliver.deadline.remaining(),
  }).toEqual(points);
  expect(budget.collect).toMatchObject({ signal, grace });
  expect(budget.deliver).toMatchObject({ signal, grace: grace / 2 });
  expect(graceWithin(timeout)).toBe(grace);
});
