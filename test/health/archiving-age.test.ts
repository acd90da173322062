import { expect, test } from 'vitest';
import type { RememberedPosition } from '../../src/document/memory.ts';
import type { StatusDocument } from '../../src/document/schema.ts';
import { archiving } from '../../src/health/archiving.ts';
import { defaultThresholds, type Thresholds } from '../../src/health/thresholds.ts';
import { readStorage } from '../../src/wal/read.ts';
import { backupAt, backups, documentWith, ended, integrity, node, NOW } from '../stand-ins/builders.ts';

const KIB = 1024;
const MINUTE = 60;
const SEGMENT = 16 * KIB * KIB;
const now = NOW / 1000;
/** The end of 000000010000000000000011, the newest segment in the archive. */
const END = 0x12 * SEGMENT;

const lsn = (bytes: number) => `0/${bytes.toString(16).toUpperCase()}`;
const at = (minutesAgo: number, past: number, timeline = 1): RememberedPosition => ({
  time: now - minutesAgo * MINUTE,
  timeline,
  lsn: lsn(END + past),
});

/** The archive ends with …11, and the leader's WAL this many bytes after it. */
function written(past: number, archive_timeout: number | null = 60, change: Partial<StatusDocument> = {}) {
  const base = documentWith();
  return documentWith({
    ...backups(backupAt('2026-11-21T06:00:00Z')),
    ...integrity('OK', ['00000001000000000000000F', '000000010000000000000011', 3, 'FOUND']),
    node: node({ lsn: lsn(END + past) }),
    patroni_config: base.patroni_config ? { ...base.patroni_config, archive_timeout } : null,
    ...change,
  });
}

function say(document: StatusDocument, positions?: RememberedPosition[], change: Partial<Thresholds> = {}): string {
  const read = { ...document, recovery: readStorage(document, { positions }).recovery };
  const { status, reasons = [] } =
    archiving({ document: read, thresholds: { ...defaultThresholds, ...change }, now: NOW }) ?? {};
  return `${status ?? ''}: ${reasons.filter((reason) => !reason.startsWith('archive_mode is on')).join('; ')}`;
}

const LOG = "the archiver is behind or failing: see the leader's PostgreSQL log";
const FULL = 'a segment is archived only when its 16 MiB are full';
const BOUND = 'set archive_timeout to limit how much can be lost';
const UNKNOWN = "archive_timeout is not in Patroni's configuration, and PostgreSQL's default is 0";

test.each([
  ['everything is archived', written(0), [at(60, -100)], 'ok: '],
  ['WAL that PostgreSQL writes without commits is ignored', written(8 * KIB), [at(600, 8 * KIB)], 'ok: '],
  [
    'without a state it is ok, whatever the amount',
    written(40 * SEGMENT),
    undefined,
    'ok: 640 MiB of WAL is not archived yet; its age is known from the second run with --state on',
  ],
  [
    'first seen now',
    written(173 * KIB),
    [at(1, -KIB)],
    'ok: 173 KiB of WAL is not archived yet, the oldest of it for 0 s',
  ],
  [
    'no progress: 14 minutes',
    written(173 * KIB),
    [at(20, -1), at(14, 173 * KIB), at(1, 173 * KIB)],
    'ok: 173 KiB of WAL is not archived yet, the oldest of it for 14 min',
  ],
  [
    'no progress: 16 minutes',
    written(173 * KIB),
    [at(20, -1), at(16, 173 * KIB), at(1, 173 * KIB)],
    `warning: 173 KiB of WAL is not archived, the oldest of it for 16 min, more than 15 min (--wal-age-max): archive_timeout is 1 min, so ${LOG}`,
  ],
  [
    'it grows slowly from a small amount',
    written(9 * KIB),
    [at(20, -1), at(16, KIB), at(8, 4 * KIB)],
    `warning: 9 KiB of WAL is not archived, the oldest of it for 16 min, more than 15 min (--wal-age-max): archive_timeout is 1 min, so ${LOG}`,
  ],
  [
    'the archiver makes progress: WAL that was seen earlier is archived now',
    written(173 * KIB),
    [at(60, -2 * SEGMENT), at(40, -SEGMENT), at(20, -1), at(5, 100)],
    'ok: 173 KiB of WAL is not archived yet, the oldest of it for 5 min',
  ],
  [
    'new writes after an idle night',
    written(173 * KIB),
    [at(600, 0x148), at(300, 0x148), at(2, 0x148), at(1, 20 * KIB)],
    'ok: 173 KiB of WAL is not archived yet, the oldest of it for 2 min',
  ],
  [
    'the lost end of the previous timeline is ignored',
    written(9 * KIB, 60, {
      failovers: [ended(1, lsn(END - 100), 30)],
      node: node({ timeline: 2, lsn: lsn(END + 9 * KIB) }),
    }),
    [at(40, 500 * KIB, 1), at(5, 100, 2)],
    'ok: 9 KiB of WAL is not archived yet, the oldest of it for 5 min',
  ],
  [
    '3 times archive_timeout, if that is longer than 15 minutes',
    written(173 * KIB, 1800),
    [at(89, 10 * KIB)],
    'ok: 173 KiB of WAL is not archived yet, the oldest of it for 1 h 29 min',
  ],
  [
    'more than 3 times archive_timeout',
    written(173 * KIB, 1800),
    [at(91, 10 * KIB)],
    `warning: 173 KiB of WAL is not archived, the oldest of it for 1 h 31 min, more than 1 h 30 min (--wal-age-max): archive_timeout is 30 min, so ${LOG}`,
  ],
  [
    'archive_timeout is 0: an hour',
    written(173 * KIB, 0),
    [at(61, 10 * KIB)],
    `warning: 173 KiB of WAL is not archived, the oldest of it for 1 h 1 min, more than 1 h (--wal-age-max): archive_timeout is 0: ${FULL}; ${BOUND}`,
  ],
  ['archive_timeout is not known: an hour', written(173 * KIB, null), [at(59, 10 * KIB)], /^ok: .* for 59 min$/],
  [
    'archive_timeout is not known, and segments are full',
    written(2 * SEGMENT, null),
    [at(120, 10 * KIB)],
    `warning: 32 MiB of WAL is not archived, the oldest of it for 2 h, more than 1 h (--wal-age-max): ${LOG}; ${UNKNOWN}: ${FULL}`,
  ],
  ['the position of the leader is not known', written(0, 60, { node: null }), [at(60, SEGMENT)], 'ok: '],
  ['a position in the future', written(9 * KIB), [at(-5, SEGMENT)], /for 0 s$/],
])('%s', (_situation, document, positions, said) => {
  if (typeof said === 'string') expect(say(document, positions)).toBe(said);
  else expect(say(document, positions)).toMatch(said);
});

test('--wal-age-max replaces the default', () => {
  const positions = [at(6, 10 * KIB)];
  expect(say(written(173 * KIB), positions, { walAgeMax: 300_000 })).toMatch(/^warning: .*more than 5 min/);
  expect(say(written(173 * KIB), [at(600, 10 * KIB)], { walAgeMax: 36_001_000 })).toMatch(/^ok: /);
});

test('together with a setting that archives nothing: the worse status, and both reasons', () => {
  const base = written(173 * KIB);
  const off = {
    ...base,
    patroni_archive_enabled: false,
    patroni_config: base.patroni_config ? { ...base.patroni_config, archive_mode: 'off' } : null,
  };
  expect(say(off, [at(16, 10 * KIB)])).toMatch(
    /^warning: 173 KiB of WAL is not archived, .*; no WAL is archived: archive_mode is off /,
  );
  expect(say(off)).toMatch(/^warning: no WAL is archived: archive_mode is off .*; 173 KiB of WAL is not archived yet/);
});
