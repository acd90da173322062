import { expect, test } from 'vitest';
import type { Failover } from '../../src/document/schema.ts';
import { descendsFrom, eras, recentSwitch } from '../../src/wal/history.ts';
import { documentWith, ended, node, NOW, replica } from '../stand-ins/builders.ts';

const on = (timeline: number | null, ...failovers: Failover[]) =>
  documentWith({ node: node({ timeline }), failovers, cluster_status: { members: [] } });

test.each([
  ['no switch yet', on(1), ['1 or older from 0 to Infinity']],
  [
    'two switches',
    on(3, ended(1, '0/45000110', 9), ended(2, '0/63000110', 5)),
    ['1 or older from 0 to 68', '2 from 69 to 98', '3 from 99 to Infinity'],
  ],
  [
    'two switches in one segment',
    on(5, ended(3, '0/82000110', 9), ended(4, '0/82800110', 8)),
    ['3 or older from 0 to 129', '5 from 130 to Infinity'],
  ],
  [
    'a timeline that the cluster was never on',
    on(4, ended(1, '0/45000110', 9)),
    ['1 or older from 0 to 68', '4 from 69 to Infinity'],
  ],
  [
    'at the border of a segment',
    on(2, ended(1, '0/45000000', 9)),
    ['1 or older from 0 to 68', '2 from 69 to Infinity'],
  ],
  ['beyond the first log', on(2, ended(1, '3/4D000000', 9)), ['1 or older from 0 to 844', '2 from 845 to Infinity']],
  [
    'the leader does not report it: the history does',
    on(null, ended(1, '0/45000110', 9)),
    ['1 or older from 0 to 68', '2 from 69 to Infinity'],
  ],
  ['no source', on(null), undefined],
  ['no history', { ...on(3), failovers: null }, undefined],
])('%s', (_situation, document, expected) => {
  const told = eras(document, 16)?.map(
    ({ timeline, orOlder, first, last }) => `${timeline}${orOlder ? ' or older' : ''} from ${first} to ${last}`,
  );
  expect(told).toEqual(expected);
});

test.each([
  ['none', on(1), undefined],
  ['long ago', on(2, ended(1, '0/45000110', 16)), undefined],
  ['at an unknown time', on(2, ended(1, '0/45000110', null)), undefined],
  ['just now', on(2, ended(1, '0/45000110', 2)), { minutes: 2, segment: 69, ended: 1 }],
  ['two of them', on(3, ended(1, '0/45000110', 9), ended(2, '0/63000110', 2)), { minutes: 2, segment: 69, ended: 1 }],
])('a recent switch: %s', (_situation, document, expected) => {
  const found = recentSwitch(document, 16, NOW);
  expect(found && { minutes: (NOW - found.time) / 60_000, segment: found.segment, ended: found.ended }).toEqual(
    expected,
  );
});

test.each([
  ['on the timeline of the cluster', on(3, ended(1, '0/45000110', 9), ended(2, '0/63000110', 5)), 3, true],
  ['before its timeline ended', on(3, ended(1, '0/45000110', 9), ended(2, '0/63000110', 5)), 2, true],
  ['after its timeline ended', on(3, ended(1, '0/45000110', 9), ended(2, '0/62000110', 5)), 2, false],
  ['on a timeline that the cluster was never on', on(4, ended(2, '0/45000110', 9)), 3, false],
  [
    'on the timeline that ended a second ago: the history does not know it yet, and a replica is still on it',
    { ...on(4, ended(2, '0/45000110', 9)), cluster_status: { members: [replica('node2', { timeline: 3 })] } },
    3,
    undefined,
  ],
])('a backup that ended %s', (_situation, document, timeline, expected) => {
  expect(descendsFrom(document, timeline, 0x63000000n)).toBe(expected);
});
