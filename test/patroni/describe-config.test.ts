import { expect, test } from 'vitest';
import { describeConfig } from '../../src/patroni/describe-config.ts';

test.each([
  [true, true],
  ['on', true],
  ['Yes', true],
  [1, true],
  ['off', false],
  [0, false],
  ['strict', null],
  [[true], null],
  [null, null],
])('a switch is read as Patroni reads it: %j', (value, expected) => {
  const { synchronous_mode_strict: strict, failsafe_mode: failsafe } = describeConfig({
    synchronous_mode_strict: value,
    failsafe_mode: value,
  });
  expect([strict, failsafe]).toEqual([expected, expected]);
});

test.each([
  [30, 30],
  ['30', 30],
  [' 30 ', 30],
  ['30 s', null],
  ['', null],
  [['30'], null],
])('and so is a number: %j', (value, expected) => {
  expect(describeConfig({ ttl: value, synchronous_node_count: value })).toMatchObject({
    ttl: expected,
    synchronous_node_count: expected,
  });
});
