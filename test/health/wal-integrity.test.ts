import { expect, test } from 'vitest';
import type { StatusDocument } from '../../src/document/schema.ts';
import { defaultThresholds } from '../../src/health/thresholds.ts';
import { walIntegrity } from '../../src/health/wal-integrity.ts';
import { recoveryOf } from '../../src/wal/read.ts';
import {
  backupAt,
  backups,
  documentWith,
  ended,
  failed,
  findingOf,
  integrity,
  node,
  NOW,
  olderProducer,
  succeeded,
  withoutWalg,
  type Case,
  type Row,
} from '../stand-ins/builders.ts';

const segment = (timeline: number, low: number, log = 0) =>
  [timeline, log, low].map((part) => part.toString(16).toUpperCase().padStart(8, '0')).join('');
const row = (timeline: number, first: number, last: number, status: string): Row => [
  segment(timeline, first),
  segment(timeline, last),
  last - first + 1,
  status,
];
const found = (first: number, last: number, timeline = 1) => row(timeline, first, last, 'FOUND');
const lost = (first: number, last: number, timeline = 1) => row(timeline, first, last, 'MISSING_LOST');
const uploading = (first: number, last: number, timeline = 1) => row(timeline, first, last, 'MISSING_UPLOADING');

/** The newest backup is full and starts in segment 0F. */
const rows = (...all: Row[]) => documentWith(integrity('FAILURE', ...all));
const with3Timelines = (minutesAgo: number, ...all: Row[]) =>
  documentWith({
    ...integrity('FAILURE', ...all),
    node: node({ timeline: 3 }),
    failovers: [ended(1, '0/45000110', minutesAgo + 600), ended(2, '0/63000110', minutesAgo)],
  });
const leftOut = (document: StatusDocument, details_left_out: Record<string, number>): StatusDocument => ({
  ...document,
  walg_integrity: document.walg_integrity && { integrity: { ...document.walg_integrity.integrity, details_left_out } },
});

/** Some backups are in a second storage, which wal-verify and wal-show do not read. */
const withSpare = (document: StatusDocument): StatusDocument => ({
  ...document,
  walg_backups: document.walg_backups && { ...document.walg_backups, storages: { default: 1, spare: 1 } },
});
/** PostgreSQL is down: WAL-G's check failed, and wal-show found a gap with nothing restorable after it. */
function fromTheStorage(): StatusDocument {
  const read = documentWith({ ...integrity('FAILURE', found(0x0f, 0x10), lost(0x11, 0x12), found(0x13, 0x14)) });
  const document = documentWith({
    walg_timeline: null,
    walg_integrity: null,
    collectors: { patroni: succeeded, walg_backups: succeeded, walg_verify: failed },
  });
  const recovery = recoveryOf(read);
  return { ...document, recovery: recovery && { ...recovery, from_storage_alone: true } };
}

const FULL = 'the newest backup that can be restored (base_00000001000000000000000F)';
const TO_NOW = 'take a new backup: until then no point in time after the gap can be restored';
const TO_NEXT = 'no point in time between the gap and the next backup can be restored';
const HISTORY_FILES = 'the .history files in the storage are missing or WAL-G cannot decrypt them';

test.each<Case>([
  [
    'all there',
    documentWith(integrity('OK', found(0x0f, 0x11))),
    'ok: no WAL is missing from 00000001000000000000000F to 000000010000000000000011',
  ],
  [
    'nothing to look for',
    documentWith(integrity('OK')),
    'ok: no WAL to check yet: no segment has been completed since the oldest backup',
  ],
  [
    'a FAILURE without a reason',
    documentWith(integrity('FAILURE')),
    'critical: WAL-G reports FAILURE for its integrity check, but does not list what is missing',
  ],
  [
    'a WARNING without a reason',
    documentWith(integrity('WARNING')),
    'warning: WAL-G reports WARNING for its integrity check, but does not list what is missing',
  ],
  [
    'an unknown status',
    documentWith(integrity('MAYBE')),
    'unknown: WAL-G reports the unknown status MAYBE for its integrity check',
  ],

  // holes
  [
    'before the newest full backup',
    rows(found(2, 4), lost(5, 6), found(7, 0x20)),
    `warning: WAL from before ${FULL} is lost: 000000010000000000000005 to 000000010000000000000006 (timeline 1, 2 segments); ${TO_NEXT}`,
  ],
  [
    'the last segment before it',
    rows(found(2, 0xd), lost(0xe, 0xe), found(0xf, 0x20)),
    `warning: WAL from before ${FULL} is lost: 00000001000000000000000E (timeline 1, 1 segment); ${TO_NEXT}`,
  ],
  [
    'the segment that it starts in',
    rows(found(2, 0xe), lost(0xf, 0xf), found(0x10, 0x20)),
    'critical: WAL is lost: 00000001000000000000000F (timeline 1, 1 segment); no known backup can be restored without it',
  ],
  [
    'from before its start to after it',
    rows(found(2, 8), lost(9, 0x10), found(0x11, 0x20)),
    'critical: WAL is lost: 000000010000000000000009 to 000000010000000000000010 (timeline 1, 8 segments); no known backup can be restored without it',
  ],
  [
    'UPLOADING with FOUND after it',
    rows(found(2, 0x19), uploading(0x1a, 0x1a), found(0x1b, 0x20)),
    `critical: WAL since ${FULL} is lost: 00000001000000000000001A (timeline 1, 1 segment); ${TO_NOW} (WAL-G reports it as UPLOADING, but later segments are there: unless a parallel upload completes it within minutes, it is lost)`,
  ],
  [
    'DELAYED with FOUND after it',
    rows(found(2, 0x19), row(1, 0x1a, 0x1a, 'MISSING_DELAYED'), found(0x1b, 0x20)),
    `critical: WAL since ${FULL} is lost: 00000001000000000000001A (timeline 1, 1 segment); ${TO_NOW} (WAL-G reports it as UPLOADING, but later segments are there: unless a parallel upload completes it within minutes, it is lost)`,
  ],
  [
    'before and after, and an archiver that is behind',
    rows(found(2, 4), lost(5, 5), found(6, 0x15), lost(0x16, 0x16), found(0x17, 0x20), uploading(0x21, 0x22)),
    `critical: WAL since ${FULL} is lost: 000000010000000000000016 (timeline 1, 1 segment); ${TO_NOW}; WAL from before ${FULL} is lost: 000000010000000000000005 (timeline 1, 1 segment); ${TO_NEXT}; the archiver is 2 segments (32 MiB) behind, nothing has arrived since 000000010000000000000020: missing 000000010000000000000021 to 000000010000000000000022 (timeline 1, 2 segments)`,
  ],
  [
    'many',
    rows(...[2, 4, 6, 8, 10].flatMap((first) => [found(first, first), lost(first + 1, first + 1)]), found(12, 0x20)),
    `warning: WAL from before ${FULL} is lost: 5 segments in 5 ranges, 00000001000000000000000B (timeline 1, 1 segment), 000000010000000000000009 (timeline 1, 1 segment), 000000010000000000000007 (timeline 1, 1 segment) and 2 more; ${TO_NEXT}`,
  ],
  [
    'after the newest full backup, with a delta backup since',
    documentWith({
      ...backups(
        backupAt('2026-11-21T03:00:00Z', segment(1, 0x18), {
          is_delta: true,
          backup_name: 'base_000000010000000000000018_D_00000001000000000000000F',
        }),
        backupAt('2026-11-21T02:00:00Z'),
      ),
      ...integrity('FAILURE', found(0xf, 0x15), lost(0x16, 0x16), found(0x17, 0x20)),
    }),
    `warning: WAL from before the newest backup that can be restored (base_000000010000000000000018_D_00000001000000000000000F) is lost: 000000010000000000000016 (timeline 1, 1 segment); ${TO_NEXT}`,
  ],
  [
    'no full backup is known',
    documentWith({ ...backups(), ...integrity('WARNING', lost(1, 5), found(6, 0x20)) }),
    'critical: WAL is lost: 000000010000000000000001 to 000000010000000000000005 (timeline 1, 5 segments); no known backup can be restored without it',
  ],
  [
    'rows left out of a document that was too long: the newest are kept, and show where the others are',
    leftOut(rows(lost(5, 5), found(6, 0x20)), { FOUND: 300, MISSING_LOST: 200 }),
    `warning: WAL from before ${FULL} is lost: 000000010000000000000005 (timeline 1, 1 segment); ${TO_NEXT}; 200 older ranges of missing WAL were left out to keep the document small`,
  ],

  // the archiver's backlog
  [
    '16 behind',
    rows(found(2, 0x1f), uploading(0x20, 0x2f)),
    'ok: the archiver is 16 segments (256 MiB) behind, nothing has arrived since 00000001000000000000001F: missing 000000010000000000000020 to 00000001000000000000002F (timeline 1, 16 segments)',
  ],
  [
    '17 behind, which WAL-G reports as lost',
    rows(found(2, 0x1f), lost(0x20, 0x20), uploading(0x21, 0x30)),
    'warning: the archiver is 17 segments (272 MiB) behind, nothing has arrived since 00000001000000000000001F: missing 000000010000000000000020 to 000000010000000000000030 (timeline 1, 17 segments); that is more than 16 (--wal-delay-max); it may still be in pg_wal',
  ],
  [
    '256 behind, into the next log',
    rows(found(2, 0x1f), [segment(1, 0x20), segment(1, 0x1f, 1), 256, 'MISSING_UPLOADING']),
    'warning: the archiver is 256 segments (4 GiB) behind, nothing has arrived since 00000001000000000000001F: missing 000000010000000000000020 to 00000001000000010000001F (timeline 1, 256 segments); that is more than 16 (--wal-delay-max); it may still be in pg_wal',
  ],
  [
    '257 behind',
    rows(found(2, 0x1f), [segment(1, 0x20), segment(1, 0x20, 1), 257, 'MISSING_UPLOADING']),
    'critical: the archiver is 257 segments (4 GiB) behind, nothing has arrived since 00000001000000000000001F: missing 000000010000000000000020 to 000000010000000100000020 (timeline 1, 257 segments); that is more than 256 (--wal-delay-max); it may still be in pg_wal',
  ],
  [
    'into the newest backup',
    rows(found(2, 0xe), uploading(0xf, 0x11)),
    'critical: the archiver is 3 segments (48 MiB) behind, nothing has arrived since 00000001000000000000000E: missing 00000001000000000000000F to 000000010000000000000011 (timeline 1, 3 segments); the newest backup, base_00000001000000000000000F, cannot be restored without some of it',
  ],
  [
    'from right after the newest backup on',
    rows(found(2, 0xf), uploading(0x10, 0x11)),
    'ok: the archiver is 2 segments (32 MiB) behind, nothing has arrived since 00000001000000000000000F: missing 000000010000000000000010 to 000000010000000000000011 (timeline 1, 2 segments)',
  ],
  [
    'nothing was found at all',
    rows(lost(2, 0x20), uploading(0x21, 0x30)),
    'critical: none of the 47 segments (752 MiB) that WAL-G looks for is in the storage: 000000010000000000000002 to 000000010000000000000030 (timeline 1, 47 segments); either the archiver uploads nothing, or WAL-G reads another bucket, prefix or endpoint; the newest backup, base_00000001000000000000000F, cannot be restored without some of it',
  ],
  [
    'segments of 64 MB',
    documentWith({
      ...backups(
        backupAt('2026-11-21T02:00:00Z', segment(1, 0x3), { start_lsn: '0/C000028', finish_lsn: '0/C0000FF' }),
      ),
      ...integrity('WARNING', found(3, 0x3f), [segment(1, 0, 1), segment(1, 1, 1), 2, 'MISSING_UPLOADING']),
    }),
    'ok: the archiver is 2 segments (128 MiB) behind, nothing has arrived since 00000001000000000000003F: missing 000000010000000100000000 to 000000010000000100000001 (timeline 1, 2 segments)',
  ],

  // WAL-G's known errors
  [
    'the history files are missing',
    with3Timelines(60, lost(2, 0x62, 3), found(0x63, 0x7a, 3)),
    `warning: WAL-G reports 000000030000000000000002 to 000000030000000000000062 (timeline 3) as missing, but according to Patroni's history they are of timelines 1 and 2: either ${HISTORY_FILES}, and WAL-G looks for names that never existed, or they are lost; check with wal-g wal-show`,
  ],
  [
    'the history files are missing, and there is also a real gap right after the switch',
    with3Timelines(60, found(2, 0x50, 1), lost(0x51, 0x65, 3), found(0x66, 0x7a, 3)),
    `critical: WAL since ${FULL} is lost: 000000030000000000000063 to 000000030000000000000065 (timeline 3, 3 segments); ${TO_NOW}; WAL-G reports 000000030000000000000051 to 000000030000000000000062 (timeline 3) as missing, but according to Patroni's history they are of timeline 2: either ${HISTORY_FILES}, and WAL-G looks for names that never existed, or they are lost; check with wal-g wal-show`,
  ],
  [
    'pg_control is behind the switch of two minutes ago',
    with3Timelines(2, found(2, 0x44), found(0x45, 0x62, 2), lost(0x63, 0x64, 2), uploading(0x65, 0x74, 2)),
    "warning: WAL-G reports 000000020000000000000063 to 000000020000000000000074 (timeline 2) as missing, but according to Patroni's history they are of timeline 3: either pg_control still has the timeline from before the switch 2 min ago, and WAL-G looks for names that never existed, or they are lost; check with wal-g wal-show",
  ],
  [
    'without a history nothing is certain',
    { ...with3Timelines(60, lost(2, 0x62, 3), found(0x63, 0x7a, 3)), failovers: null },
    "warning: WAL-G reports 000000030000000000000002 to 000000030000000000000062 (timeline 3) as missing, with nothing of that timeline before it, and Patroni's history is not known: either it is of an older timeline, and WAL-G looks for names that never existed, or it is lost; check with wal-g wal-show",
  ],
  [
    'without a history, but after WAL of the same timeline, it is lost',
    { ...with3Timelines(60, found(0x63, 0x64, 3), lost(0x65, 0x66, 3), found(0x67, 0x7a, 3)), failovers: null },
    `critical: WAL since ${FULL} is lost: 000000030000000000000065 to 000000030000000000000066 (timeline 3, 2 segments); ${TO_NOW}`,
  ],
  [
    'a document of an older producer has no history',
    { ...with3Timelines(60, lost(2, 0x62, 3), found(0x63, 0x7a, 3)), failovers: undefined },
    `critical: WAL since ${FULL} is lost: 000000030000000000000002 to 000000030000000000000062 (timeline 3, 97 segments); ${TO_NOW}`,
  ],
  [
    'a history without its beginning: the origin of older timelines is not known',
    documentWith({
      ...integrity('FAILURE', lost(2, 0x20, 28), found(0x21, 0x62, 30), found(0x63, 0x70, 31)),
      node: node({ timeline: 31 }),
      failovers: [ended(30, '0/63000110', 600)],
    }),
    `critical: WAL since ${FULL} is lost: 0000001C0000000000000002 to 0000001C0000000000000020 (timeline 28, 31 segments); ${TO_NOW}`,
  ],

  // since a switch
  [
    'a hole since the switch of five minutes ago',
    with3Timelines(5, found(2, 0x62), lost(0x64, 0x64, 3), found(0x65, 0x7a, 3)),
    `critical: WAL since ${FULL} is lost: 000000030000000000000064 (timeline 3, 1 segment); ${TO_NOW}`,
  ],
  [
    'the same among the last 16 segments',
    with3Timelines(5, found(2, 0x62), row(3, 0x64, 0x64, 'MISSING_UPLOADING'), found(0x65, 0x68, 3)),
    'warning: WAL since the switch 5 min ago is missing: 000000030000000000000064 (timeline 3, 1 segment); it may still arrive although later segments are there, because PostgreSQL may archive it only at its next checkpoint',
  ],
  [
    'WAL-G needs a PostgreSQL that is down, and the storage has a hole up to now',
    fromTheStorage(),
    'critical: according to wal-show 2 WAL segments are missing in the primary storage: no point in time after 2026-11-21 02:00:00+00:00 can be restored until they arrive or a new backup is taken; WAL in the storage not known: walg_verify failed (see collection)',
  ],
  [
    'the same with a second storage',
    withSpare(fromTheStorage()),
    'warning: according to wal-show 2 WAL segments are missing in the primary storage: either "spare" has them, which wal-show does not read, or no point in time after 2026-11-21 02:00:00+00:00 can be restored; WAL in the storage not known: walg_verify failed (see collection)',
  ],
  [
    'a hole since the switch with a second storage',
    withSpare(with3Timelines(5, found(2, 0x62), row(3, 0x64, 0x64, 'MISSING_UPLOADING'), found(0x65, 0x68, 3))),
    'warning: WAL since the switch 5 min ago is missing: 000000030000000000000064 (timeline 3, 1 segment); it may still arrive although later segments are there, because PostgreSQL may archive it only at its next checkpoint, or it may be in "spare", which wal-verify does not read',
  ],
  [
    'the same twenty minutes after',
    with3Timelines(20, found(2, 0x62), lost(0x64, 0x64, 3), found(0x65, 0x7a, 3)),
    `critical: WAL since ${FULL} is lost: 000000030000000000000064 (timeline 3, 1 segment); ${TO_NOW}`,
  ],
  [
    'a gap before the switch of five minutes ago is still reported as lost',
    with3Timelines(5, found(2, 0x44), lost(0x50, 0x50, 2), found(0x51, 0x62, 2), found(0x63, 0x7a, 3)),
    `critical: WAL since ${FULL} is lost: 000000020000000000000050 (timeline 2, 1 segment); ${TO_NOW}`,
  ],
  [
    '29 behind, all of it since the switch of five minutes ago',
    with3Timelines(5, found(2, 0x62), row(3, 0x63, 0x7f, 'MISSING_UPLOADING')),
    'warning: the archiver is 29 segments (464 MiB) behind, nothing has arrived since 000000010000000000000062: missing 000000030000000000000063 to 00000003000000000000007F (timeline 3, 29 segments); all of it was written since the switch 5 min ago and may still arrive',
  ],

  ['WAL-G failed', withoutWalg(failed), 'unknown: WAL in the storage not known: walg_verify failed (see collection)'],
  ['WAL-G was not asked', withoutWalg(null), undefined],
  [
    'an older producer, a hole before its only known backup',
    olderProducer(rows(found(2, 4), lost(5, 6), found(7, 0x20))),
    `warning: WAL from before ${FULL} is lost: 000000010000000000000005 to 000000010000000000000006 (timeline 1, 2 segments); ${TO_NEXT}`,
  ],
  [
    'an older producer whose newest backup is a delta, of which the full one is not known',
    olderProducer({
      ...rows(found(2, 4), lost(5, 6), found(7, 0x20)),
      walg_last_backup: {
        backup_name: 'base_00000001000000000000000F_D_000000010000000000000003',
        time: '2026-11-21T02:00:00Z',
        wal_file_name: '00000001000000000000000F',
      },
    }),
    `warning: WAL from before the newest backup that can be restored (base_00000001000000000000000F_D_000000010000000000000003) is lost: 000000010000000000000005 to 000000010000000000000006 (timeline 1, 2 segments); ${TO_NEXT}`,
  ],
  [
    'the backups could not be listed',
    {
      ...rows(found(2, 4), lost(5, 6), found(7, 0x20)),
      walg_last_backup: null,
      walg_backups: null,
      collectors: { patroni: succeeded, walg_backups: failed, walg_verify: succeeded },
    },
    'unknown: WAL is lost: 000000010000000000000005 to 000000010000000000000006 (timeline 1, 2 segments); it is not known whether a restore needs it, because walg_backups failed (see collection)',
  ],
])('%s', (_situation, document, finding) => {
  expect(findingOf(walIntegrity, document)).toBe(finding);
});

test('--wal-delay-max, and the numbers in the message', () => {
  const finding = (critical: number) =>
    walIntegrity({
      document: rows(found(2, 0x1f), uploading(0x20, 0x24)),
      thresholds: { ...defaultThresholds, walDelayMax: { warning: 2, critical } },
      now: NOW,
    });
  expect(finding(10)).toMatchObject({ status: 'warning', value: 5, unit: 'segments', warning: 2, critical: 10 });
  expect(finding(4)).toMatchObject({ status: 'critical', value: 5, unit: 'segments', warning: 2, critical: 4 });
});
