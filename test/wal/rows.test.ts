import { expect, test } from 'vitest';
import { parseSegment, splitBacklog, type IntegrityRow } from '../../src/wal/rows.ts';

test.each([
  { name: '000000010000000000000002', size: 16, segment: { timeline: 1, number: 2 } },
  { name: '0000000A00000007000000D1', size: 16, segment: { timeline: 10, number: 7 * 256 + 209 } },
  { name: '000000010000000100000003', size: 1024, segment: { timeline: 1, number: 7 } },
  { name: '00000001.history', size: 16, segment: undefined },
  { name: 'Z'.repeat(24), size: 16, segment: undefined },
])('$name with segments of $size MB', ({ name, size, segment }) => {
  expect(parseSegment(name, size)).toEqual(segment);
});

const rows = (...statuses: string[]): IntegrityRow[] =>
  statuses.map((status) => ({ timeline_id: 1, start_segment: '', end_segment: '', segments_count: 1, status }));

test.each([
  { title: 'all is found', history: ['FOUND'], backlog: [] },
  { title: 'the end is not there yet', history: ['FOUND'], backlog: ['MISSING_UPLOADING'] },
  { title: 'the archiver is far behind', history: ['FOUND'], backlog: ['MISSING_LOST', 'MISSING_UPLOADING'] },
  { title: 'a hole, whatever WAL-G calls it', history: ['FOUND', 'MISSING_UPLOADING', 'FOUND'], backlog: [] },
  { title: 'nothing is found', history: ['MISSING_LOST', 'MISSING_UPLOADING'], backlog: [] },
  { title: 'no rows', history: [], backlog: [] },
])('$title', ({ history, backlog }) => {
  expect(splitBacklog(rows(...history, ...backlog))).toEqual({ history: rows(...history), backlog: rows(...backlog) });
});
