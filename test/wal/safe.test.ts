import { expect, test } from 'vitest';
import type { RememberedPosition } from '../../src/document/memory.ts';
import type { StatusDocument } from '../../src/document/schema.ts';
import { readStorage } from '../../src/wal/read.ts';
import { backupAt, backups, cluster, documentWith, ended, integrity, node, NOW } from '../stand-ins/builders.ts';

const segment = (number: number, timeline = 1) =>
  [timeline, 0, number].map((part) => part.toString(16).toUpperCase().padStart(8, '0')).join('');
const at = (minutesAgo: number, lsn: string, timeline = 1): RememberedPosition => ({
  time: NOW / 1000 - minutesAgo * 60,
  timeline,
  lsn,
});

/** It began at 06:00:00, ended in segment 10 and was complete ten minutes later; there is WAL up to this segment. */
function archivedUpTo(last: number, change: Partial<StatusDocument> = {}) {
  const backup = backupAt('2026-11-21T06:10:00.500Z', segment(0x10), { start_time: '2026-11-21T06:00:00.100Z' });
  return documentWith({
    ...backups(backup),
    ...integrity('OK', [segment(0x10), segment(last), last - 0x0f, 'FOUND']),
    node: node({ lsn: `0/${(last + 1).toString(16).toUpperCase()}002000` }),
    ...change,
  });
}

function safe(document: StatusDocument, positions?: RememberedPosition[]) {
  const { safe_up_to, not_archived_bytes, not_archived_since, windows } =
    readStorage(document, { positions }).recovery ?? {};
  return {
    safe: safe_up_to?.slice(11, 19),
    to: windows?.at(-1)?.to?.slice(11, 19),
    not_archived_bytes,
    not_archived_since,
  };
}

test('PostgreSQL may keep a backup waiting for its last segment: what was committed meanwhile is in the next one', () => {
  expect(safe(archivedUpTo(0x10))).toMatchObject({ safe: '06:00:00', to: undefined });
  expect(safe(archivedUpTo(0x11))).toMatchObject({ safe: '06:10:00' });
});

test('remembered positions of the leader, inside the archived WAL and after it', () => {
  const positions = [at(40, '0/10800000'), at(30, '0/11FFFFFF'), at(20, '0/12000001'), at(10, '0/12001000')];
  expect(safe(archivedUpTo(0x11), positions)).toEqual({
    safe: '06:30:00',
    to: '06:30:00',
    not_archived_bytes: 0x2000,
    not_archived_since: NOW / 1000 - 20 * 60,
  });
});

test('a position at the very end of the archive is safe, but no later commit would stop a recovery there', () => {
  expect(safe(archivedUpTo(0x11), [at(30, '0/12000000')])).toMatchObject({ safe: '06:30:00', to: undefined });
});

test("the leader's position is the end of the archive: safe up to now", () => {
  const document = archivedUpTo(0x11, { node: node({ lsn: '0/12000000' }) });
  expect(safe(document)).toMatchObject({ safe: '07:00:00', not_archived_bytes: 0 });
});

test('WAL on an abandoned timeline was never safe', () => {
  const document = archivedUpTo(0x13, {
    failovers: [ended(1, '0/12000100', 15)],
    node: node({ timeline: 2, lsn: '0/14002000' }),
    ...integrity('OK', [segment(0x10), segment(0x11), 2, 'FOUND'], [segment(0x12, 2), segment(0x13, 2), 2, 'FOUND']),
  });
  // 20 minutes ago the old leader was at 0/12800000, after the switch point; the switch itself is proven
  expect(safe(document, [at(25, '0/12000080'), at(20, '0/12800000')]).safe).toBe('06:45:00');
});

test('a gap after the newest backup: only WAL before it is safe, whatever arrives later', () => {
  const document = archivedUpTo(0x15, {
    ...integrity(
      'FAILURE',
      [segment(0x10), segment(0x11), 2, 'FOUND'],
      [segment(0x12), segment(0x12), 1, 'MISSING_LOST'],
      [segment(0x13), segment(0x15), 3, 'FOUND'],
    ),
  });
  expect(safe(document, [at(30, '0/11800000'), at(20, '0/13800000'), at(10, '0/14800000')])).toMatchObject({
    safe: '06:30:00',
    to: '06:30:00',
  });
});

test('without a state the note has no beginning', () => {
  expect(safe(archivedUpTo(0x11))).toMatchObject({ not_archived_bytes: 0x2000, not_archived_since: undefined });
});

test('everything is down: remembered positions on the last timeline in the storage are still used', () => {
  const alone = archivedUpTo(0x13, { ...cluster(), node: null, failovers: [], walg_integrity: null });
  const rows = (timeline: number) => [
    {
      timeline_id: timeline,
      start_segment: segment(0x10),
      end_segment: segment(0x13),
      segments_count: 4,
      status: 'FOUND',
    },
  ];
  const positions = [at(25, '0/12000080'), at(20, '0/13800000'), at(10, '0/14800000')];
  const read = (timeline: number) => readStorage(alone, { positions, rows: rows(timeline) }).recovery;
  expect(read(1)).toMatchObject({ safe_up_to: '2026-11-21 06:40:00+00:00', not_archived_bytes: null });
  // the storage now continues on another timeline, and it is not known where this cluster's timeline ended
  expect(read(2)?.safe_up_to).toBe('2026-11-21 06:10:00+00:00');
});

test('WAL in doubt after the newest backup is not safe', () => {
  // two switches within segment 14: WAL-G looks for segments 12 and 13 on timeline 2
  const document = archivedUpTo(0x15, {
    failovers: [ended(1, '0/14000100', 30), ended(2, '0/14000900', 25)],
    node: node({ timeline: 3, lsn: '0/16000000' }),
    ...integrity(
      'FAILURE',
      [segment(0x10), segment(0x11), 2, 'FOUND'],
      [segment(0x12, 2), segment(0x13, 2), 2, 'MISSING_LOST'],
      [segment(0x14, 3), segment(0x15, 3), 2, 'FOUND'],
    ),
  });
  expect(safe(document, [at(45, '0/11800000'), at(40, '0/12800000'), at(20, '0/14800000', 3)])).toMatchObject({
    safe: '06:15:00',
    to: '06:40:00',
  });
});
