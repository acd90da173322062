import { expect, test } from 'vitest';
import type { Memory } from '../../src/document/memory.ts';
import { matches } from '../../src/health/pattern.ts';
import { remember } from '../../src/health/remember.ts';
import { cluster, documentWith, leading, NOW, replica } from '../stand-ins/builders.ts';

const now = NOW / 1000;
const DAY = 86_400;
const three = { names: ['node1', 'node2', 'node3'], time: now - DAY };
const kept = (change: Partial<Memory>, ago = 60): Memory => ({
  document: documentWith({ current_timestamp: now - ago }),
  positions: [],
  ...change,
});

test('the largest number of members in seven days', () => {
  const two = { names: ['node1', 'node2'], time: now };
  expect(remember(documentWith(), undefined).members).toEqual(two);
  expect(remember(documentWith(), kept({ members: three })).members).toEqual(three);
  expect(remember(documentWith(), kept({ members: { ...three, time: now - 7 * DAY - 1 } })).members).toEqual(two);
  expect(remember(documentWith(), kept({ members: { ...three, time: now + DAY } })).members).toEqual(two);
  expect(remember(documentWith(cluster()), undefined).members).toBeUndefined();
});

test('since when no replica can be promoted, until one can again', () => {
  const behind = documentWith(cluster(leading, replica('node2', { lag: 2 ** 30 })));
  const since = now - 600;
  expect(remember(behind, undefined).no_candidate_since).toBe(now);
  expect(remember(behind, kept({ no_candidate_since: since })).no_candidate_since).toBe(since);
  expect(remember(behind, kept({ no_candidate_since: since }, 7200)).no_candidate_since).toBe(now);
  expect(remember(documentWith(), kept({ no_candidate_since: since })).no_candidate_since).toBeUndefined();
});

test('the configuration, also during an outage of the DCS, in which it cannot be read', () => {
  const config = documentWith().patroni_config ?? undefined;
  const untold = documentWith({ patroni_config: null });
  expect(config).toBeDefined();
  expect(remember(documentWith(), undefined).patroni_config).toEqual(config);
  expect(remember(untold, kept(config ? { patroni_config: config } : {})).patroni_config).toEqual(config);
  expect(remember(untold, undefined).patroni_config).toBeUndefined();
});

test.each([
  ['barman_receive_wal', 'barman*', true],
  ['Debezium Streaming', 'debezium streaming', true],
  ['Debezium Streaming', '*stream*', true],
  ['aXbXc', 'a*b*c', true],
  ['ab', 'ab*b', false],
  ['abc', 'ab', false],
  ['', '*', true],
])('%j is %j: %s', (name, pattern, expected) => {
  expect(matches(name, pattern)).toBe(expected);
});
