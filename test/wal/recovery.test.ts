import { expect, test } from 'vitest';
import { readStorage } from '../../src/wal/read.ts';
import { backupAt, backups, documentWith, ended, integrity, node, SYSTEM, type Row } from '../stand-ins/builders.ts';

const segment = (number: number, timeline = 1) =>
  [timeline, Math.floor(number / 256), number % 256]
    .map((part) => part.toString(16).toUpperCase().padStart(8, '0'))
    .join('');
const row = (first: number, last: number, status: string, timeline = 1): Row => [
  segment(first, timeline),
  segment(last, timeline),
  last - first + 1,
  status,
];
const found = (first: number, last: number, timeline = 1) => row(first, last, 'FOUND', timeline);
const lost = (first: number, last: number, timeline = 1) => row(first, last, 'MISSING_LOST', timeline);
const full = (number: number, time: string, change = {}) => backupAt(time, segment(number), change);
const delta = (number: number, base: number, time: string) =>
  full(number, time, { backup_name: `base_${segment(number)}_D_${segment(base)}`, is_delta: true });

test('windows end at gaps and begin at the backups after them; what cannot be restored is named', () => {
  const { recovery } = readStorage(
    documentWith({
      ...backups(
        full(0x40, '2026-11-21T06:00:00.300Z', { system_identifier: '1' }),
        delta(0x35, 0x31, '2026-11-21T05:30:00.100Z'),
        delta(0x30, 0x2c, '2026-11-21T05:00:00.100Z'),
        full(0x25, '2026-11-21T04:00:00.100Z'),
        full(0x12, '2026-11-21T03:00:00.100Z'),
        full(0x0f, '2026-11-21T02:00:00.100Z'),
      ),
      ...integrity(
        'FAILURE',
        found(0x0f, 0x1f),
        lost(0x20, 0x21),
        found(0x22, 0x28),
        lost(0x29, 0x29),
        found(0x2a, 0x45),
      ),
      node: node({ lsn: '0/46002000' }),
    }),
  );
  expect(recovery).toEqual({
    newest_backup: {
      backup_name: `base_${segment(0x25)}`,
      time: '2026-11-21T04:00:00.100Z',
      finish_time: '2026-11-21T04:00:00.100Z',
      wal_file_name: segment(0x25),
    },
    restorable: 3,
    not_checked: 0,
    not_restorable: [
      { backup_name: `base_${segment(0x40)}`, time: '2026-11-21T06:00:00.300Z', reason: 'other_system', missing: '1' },
      {
        backup_name: `base_${segment(0x35)}_D_${segment(0x31)}`,
        time: '2026-11-21T05:30:00.100Z',
        reason: 'base_missing',
        missing: `base_${segment(0x31)}`,
      },
      {
        backup_name: `base_${segment(0x30)}_D_${segment(0x2c)}`,
        time: '2026-11-21T05:00:00.100Z',
        reason: 'base_missing',
        missing: `base_${segment(0x2c)}`,
      },
    ],
    windows: [
      {
        from: '2026-11-21 02:00:01+00:00',
        to: '2026-11-21 03:00:00+00:00',
        start_lsn: '0/F0000FF',
        end_lsn: '0/20000000',
        timeline: 1,
        end_timeline: 1,
        last_segment: segment(0x1f),
        backup: `base_${segment(0x0f)}`,
        open: false,
      },
      {
        from: '2026-11-21 04:00:01+00:00',
        to: null,
        start_lsn: '0/250000FF',
        end_lsn: '0/29000000',
        timeline: 1,
        end_timeline: 1,
        last_segment: segment(0x28),
        backup: `base_${segment(0x25)}`,
        open: false,
      },
    ],
    gaps: [
      {
        from: '2026-11-21 03:00:00+00:00',
        to: '2026-11-21 04:00:01+00:00',
        start_lsn: '0/20000000',
        end_lsn: '0/250000FF',
        missing_segments: 2,
      },
      {
        from: '2026-11-21 04:00:01+00:00',
        to: null,
        start_lsn: '0/29000000',
        end_lsn: null,
        missing_segments: 1,
      },
    ],
    safe_up_to: '2026-11-21 04:00:00+00:00',
    archived_up_to: '0/46000000',
    not_archived_bytes: 0x2000,
  });
});

test.each([
  ['of an abandoned timeline', [ended(1, '0/12000000', 600)], 2, { reason: 'other_timeline', missing: '1' }],
  ['of an ancestor', [ended(1, '0/30000000', 600)], 2, undefined],
  ['of a higher timeline, by a clone', [], 0, { reason: 'other_timeline', missing: '1' }],
])('a backup %s', (_, failovers, timeline, flaw) => {
  const { recovery } = readStorage(
    documentWith({
      ...backups(full(0x25, '2026-11-21T04:00:00Z'), full(0x10, '2026-11-21T02:00:00Z')),
      ...integrity('OK', found(0x10, 0x40)),
      node: node({ timeline, system_identifier: SYSTEM }),
      cluster_status: { members: [] },
      failovers,
    }),
  );
  expect(recovery?.not_restorable.map(({ reason, missing }) => ({ reason, missing }))[0]).toEqual(flaw);
});

test('a backup whose last segment is not archived yet, as one from a replica', () => {
  const { recovery } = readStorage(
    documentWith({
      ...backups(full(0x25, '2026-11-21T04:00:00Z', { finish_lsn: '0/410012A8' }), full(0x10, '2026-11-21T02:00:00Z')),
      ...integrity('OK', found(0x10, 0x40)),
      node: node({ lsn: '0/41001358' }),
    }),
  );
  expect(recovery?.not_restorable).toEqual([
    {
      backup_name: `base_${segment(0x25)}`,
      time: '2026-11-21T04:00:00.000Z',
      reason: 'wal_not_archived',
      missing: segment(0x41),
    },
  ]);
  expect(recovery?.newest_backup?.backup_name).toBe(`base_${segment(0x10)}`);
});
