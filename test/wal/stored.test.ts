import { expect, test } from 'vitest';
import type { Stored } from '../../src/document/stored.ts';
import { describeStored } from '../../src/wal/stored.ts';
import type { ShownTimeline } from '../../src/wal/shown.ts';
import { cluster, documentWith, ended, leading, node, NOW } from '../stand-ins/builders.ts';

const MIB = 1024 * 1024;
const name = (timeline: number, segment: number) =>
  [timeline, 0, segment].map((part) => part.toString(16).toUpperCase().padStart(8, '0')).join('');

function shown(id: number, first: number, last: number, parent_id = 0, branch = 0): ShownTimeline {
  const switch_point_lsn = branch === 0 ? 0 : branch * 16 * MIB + 0x110;
  return { id, parent_id, switch_point_lsn, start_segment: name(id, first), end_segment: name(id, last) };
}

/** On timeline 3, after switches in the segments 5 and 9. */
const document = documentWith({
  ...cluster({ ...leading, timeline: 3 }),
  node: node({ timeline: 3, lsn: '0/C000110' }),
  failovers: [ended(1, '0/5000110', 600), ended(2, '0/9000110', 300)],
});
const chain = [shown(1, 1, 4), shown(2, 5, 8, 1, 5), shown(3, 9, 11, 2, 9)];

/** `timeline: relation parent@lsn first-last abandoned arriving` */
function say({ timelines }: Stored): string[] {
  return timelines.map((one) => {
    const from = one.parent === null ? '' : ` of ${one.parent} at ${String(one.switch_lsn)}`;
    const segments = [one.first_segment, one.last_segment].map((segment) => Number.parseInt(segment.slice(16), 16));
    const not = one.abandoned_segments === undefined ? '' : `, ${one.abandoned_segments} not ours`;
    return `${one.timeline}: ${one.relation}${from}, ${segments.join('-')}${not}${one.still_arriving ? ', more arrive' : ''}`;
  });
}

const at = (timelines: ShownTimeline[], before?: ShownTimeline[], of = document) =>
  say(describeStored(timelines, of, 16, before && describeStored(before, of, 16, undefined)));

test('the history of the cluster', () => {
  expect(at(chain)).toEqual([
    '1: ancestor, 1-4',
    '2: ancestor of 1 at 0/5000110, 5-8',
    '3: current of 2 at 0/9000110, 9-11',
  ]);
  expect(describeStored(chain, document, 16, undefined).listed_at).toBe(NOW / 1000);
});

test('the segment of the switch may be there on both timelines; what comes after it is not ours', () => {
  expect(at([shown(1, 1, 5), ...chain.slice(1)])[0]).toBe('1: ancestor, 1-5');
  expect(at([shown(1, 1, 7), ...chain.slice(1)])[0]).toBe('1: ancestor, 1-7, 2 not ours');
});

test('a former leader goes on archiving', () => {
  const before = [shown(1, 1, 7), ...chain.slice(1)];
  expect(at(before, before)[0]).toBe('1: ancestor, 1-7, 2 not ours');
  expect(at([shown(1, 1, 8), ...chain.slice(1)], before)[0]).toBe('1: ancestor, 1-8, 3 not ours, more arrive');
});

test('a clone archives into our prefix', () => {
  const clone = shown(4, 10, 12, 3, 10);
  expect(at([...chain, clone])[3]).toBe('4: other of 3 at 0/A000110, 10-12, 3 not ours');
  expect(at([...chain, shown(4, 10, 13, 3, 10)], [...chain, clone])[3]).toMatch(/, more arrive$/);
});

test('the cluster goes on: no abandoned WAL', () => {
  expect(at([...chain.slice(0, 2), shown(3, 9, 20, 2, 9)], chain)[2]).toBe('3: current of 2 at 0/9000110, 9-20');
});

test('without Patroni the origin of a timeline is not known', () => {
  const alone = documentWith({ ...cluster(), node: null, failovers: null });
  expect(at(chain, undefined, alone).map((line) => line.split(' ')[1])).toEqual([
    'not_known,',
    'not_known',
    'not_known',
  ]);
});

test('only the newest 20 of many timelines', () => {
  const many = Array.from({ length: 80 }, (_, index) => shown(index + 1, index, index));
  const { timelines } = describeStored(many, document, 16, undefined);
  expect([timelines.length, timelines[0]?.timeline]).toEqual([20, 61]);
});
