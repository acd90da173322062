import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parseSegment, type IntegrityRow } from '../../src/wal/rows.ts';
import { shownRows, type ShownTimeline } from '../../src/wal/shown.ts';

const REAL = join(import.meta.dirname, '../fixtures/real');
const MIB = 1024 * 1024;

const name = (timeline: number, segment: number) =>
  [timeline, 0, segment].map((part) => part.toString(16).toUpperCase().padStart(8, '0')).join('');

function shown(id: number, first: number, last: number, change: Partial<ShownTimeline> = {}): ShownTimeline {
  return {
    id,
    parent_id: 0,
    switch_point_lsn: 0,
    start_segment: name(id, first),
    end_segment: name(id, last),
    missing_segments: [],
    ...change,
  };
}

/** `timeline: first-last status (count)` */
function say(rows: readonly IntegrityRow[]): string[] {
  return rows.map(({ timeline_id: timeline, start_segment: start, end_segment: end, segments_count, status }) => {
    const [first, last] = [start, end].map((segment) => parseSegment(segment, 16)?.number);
    return `${timeline}: ${String(first)}-${String(last)} ${status} (${segments_count})`;
  });
}

const branch = (parent_id: number, segment: number) => ({ parent_id, switch_point_lsn: segment * 16 * MIB + 4096 });

test.each([
  ['nothing', [], undefined, []],
  ['one timeline', [shown(1, 1, 9)], undefined, ['1: 1-9 FOUND (9)']],
  [
    'holes, newest first as WAL-G names them',
    [shown(1, 1, 9, { missing_segments: [name(1, 8), name(1, 5), name(1, 4)] })],
    undefined,
    ['1: 1-3 FOUND (3)', '1: 4-5 MISSING_LOST (2)', '1: 6-7 FOUND (2)', '1: 8-8 MISSING_LOST (1)', '1: 9-9 FOUND (1)'],
  ],
  [
    'a switch: its segment belongs to the new timeline, and later segments of the abandoned one to no timeline of the cluster',
    [shown(1, 1, 12), shown(2, 8, 10, branch(1, 8))],
    undefined,
    ['1: 1-7 FOUND (7)', '2: 8-10 FOUND (3)'],
  ],
  [
    'WAL is missing on both sides of a switch',
    [shown(1, 1, 5), shown(2, 9, 10, branch(1, 8))],
    undefined,
    ['1: 1-5 FOUND (5)', '1: 6-7 MISSING_LOST (2)', '2: 8-8 MISSING_LOST (1)', '2: 9-10 FOUND (2)'],
  ],
  [
    'two switches within one segment leave nothing to the timeline between them',
    [shown(1, 1, 7), shown(2, 8, 8, branch(1, 8)), shown(3, 8, 10, branch(2, 8))],
    undefined,
    ['1: 1-7 FOUND (7)', '3: 8-10 FOUND (3)'],
  ],
  [
    'a higher timeline that is not of this cluster',
    [shown(1, 1, 9), shown(2, 4, 5, branch(1, 4))],
    1,
    ['1: 1-9 FOUND (9)'],
  ],
  ['nothing on the current timeline yet: the previous ones', [shown(1, 1, 9)], 2, ['1: 1-9 FOUND (9)']],
  [
    'a .history file that is missing: what is before is not known to be of the same WAL',
    [shown(1, 1, 7), shown(2, 8, 10)],
    undefined,
    ['2: 8-10 FOUND (3)'],
  ],
  [
    'a circle',
    [shown(1, 1, 7, branch(2, 3)), shown(2, 8, 10, branch(1, 8))],
    undefined,
    ['1: 1-7 FOUND (7)', '2: 8-10 FOUND (3)'],
  ],
  ['invalid names', [shown(1, 1, 9, { start_segment: 'x' })], undefined, []],
])('%s', (_situation, timelines, timeline, rows) => {
  expect(say(shownRows(timelines, timeline, 16))).toEqual(rows);
});

test('100,000 missing segments take little time', () => {
  const missing_segments = Array.from({ length: 100_000 }, (_, index) =>
    ['00000001', (index >> 7).toString(16).padStart(8, '0'), ((index & 127) * 2).toString(16).padStart(8, '0')].join(
      '',
    ),
  );
  const timeline = {
    ...shown(1, 0, 0),
    start_segment: '0'.repeat(24),
    end_segment: '00000001000003FF000000FF',
    missing_segments,
  };
  const started = performance.now();
  expect(shownRows([timeline], 1, 16)).toHaveLength(200_000);
  expect(performance.now() - started).toBeLessThan(3000);
});

interface Verified {
  integrity: { details: IntegrityRow[] | null };
  timeline: { details: { current_timeline_id: number } };
}

/** The recorded moments in which WAL-G reports every timeline correctly (the others show wal-g issue 1390). */
const sure = readdirSync(REAL).filter((moment) => {
  const files = ['wal-show', 'wal-verify'].map((file) => join(REAL, moment, file));
  return files.every((file) => existsSync(file) && readFileSync(file, 'utf8').trim() !== '');
});

test.each(sure)('%s: what wal-verify found is found, on the timelines that it names', (moment) => {
  const read = (file: string): unknown => JSON.parse(readFileSync(join(REAL, moment, file), 'utf8'));
  const { integrity, timeline } = read('wal-verify') as Verified;
  const rows = shownRows(read('wal-show') as ShownTimeline[], timeline.details.current_timeline_id, 16);
  const found = (all: readonly IntegrityRow[]) =>
    all.flatMap(({ start_segment: start, end_segment: end, status }) => {
      const [first, last] = [parseSegment(start, 16)?.number ?? 0, parseSegment(end, 16)?.number ?? 0];
      const prefix = start.slice(0, 8);
      return status === 'FOUND'
        ? Array.from({ length: last - first + 1 }, (_, index) => `${prefix} ${first + index}`)
        : [];
    });
  const shownFound = new Set(found(rows));
  expect(found(integrity.details ?? []).filter((segment) => !shownFound.has(segment))).toEqual([]);
  const newest = found(integrity.details ?? []).at(-1);
  if (newest !== undefined && found(rows).includes(newest))
    expect(found(rows).indexOf(newest)).toBeGreaterThanOrEqual(found(rows).length - 2);
});
