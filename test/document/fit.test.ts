import { expect, test } from 'vitest';
import { fitDocument, MOST_BYTES } from '../../src/document/fit.ts';
import type { StatusDocument } from '../../src/document/schema.ts';
import { collectWalg, recording, replaying } from '../stand-ins/walg-run.ts';

type Integrity = NonNullable<StatusDocument['walg_integrity']>['integrity'];
type Row = NonNullable<Integrity['details']>[number];

const healthy = await replayed('healthy-many');
const with155Backups = await replayed('many-155-backups');
const FAILOVERS = Array.from({ length: 50 }, (_, index) => ({
  timeline: index + 1,
  lsn: `0/${String(index)}000000`,
  reason: 'no recovery target specified',
  time: '2026-11-21T06:42:47.731385+00:00',
  new_leader: 'a-member-with-quite-a-long-name-0',
}));

function replayed(situation: string): Promise<StatusDocument> {
  return collectWalg({ environment: replaying(recording('v3.0.9', situation)) });
}

/** One segment each. */
function row(segment: number, status: string): Row {
  const name = `0000000100000000${segment.toString(16).toUpperCase().padStart(8, '0')}`;
  return { timeline_id: 1, start_segment: name, end_segment: name, segments_count: 1, status };
}

/** A flapping archiver: every other segment is missing. */
function alternating(count: number): Row[] {
  return Array.from({ length: count }, (_, index) => row(index, index % 2 === 0 ? 'FOUND' : 'MISSING_LOST'));
}

function withDetails(document: StatusDocument, details: Row[] | null): StatusDocument {
  return { ...document, walg_integrity: { integrity: { status: 'FAILURE', details } } };
}

function bytes(document: StatusDocument): number {
  return Buffer.byteLength(JSON.stringify(document));
}

function integrity(document: StatusDocument): Integrity | undefined {
  return document.walg_integrity?.integrity;
}

test.each([
  ['healthy', healthy],
  ['with 155 backups', with155Backups],
  ['without rows', withDetails(healthy, null)],
  ['with 300 rows', withDetails(healthy, alternating(300))],
])('a document %s is left as it is', (_, document) => {
  expect(bytes(document)).toBeLessThan(MOST_BYTES);
  expect(fitDocument(document)).toBe(document);
});

test('rows of WAL that was found go first, but for the first and the last', () => {
  const fitted = fitDocument(withDetails(healthy, alternating(600)));
  const missing = alternating(600).filter(({ status }) => status === 'MISSING_LOST');
  const details = [row(0, 'FOUND'), ...missing.slice(0, -1), row(598, 'FOUND'), ...missing.slice(-1)];
  expect(fitted).toEqual({
    ...healthy,
    walg_integrity: { integrity: { status: 'FAILURE', details, details_left_out: { FOUND: 298 } } },
  });
});

test('then backups beyond the newest eight, then failovers beyond the last twenty', () => {
  const document = { ...with155Backups, failovers: FAILOVERS };
  const room = (rest: StatusDocument) => Math.floor((MOST_BYTES - bytes(rest)) / 150);
  const missing = Array.from({ length: room(document) + 20 }, (_, index) => row(index, 'MISSING_LOST'));
  const fewerBackups = fitDocument(withDetails(document, missing));
  expect(fewerBackups.walg_backups).toEqual({
    ...document.walg_backups,
    recent: document.walg_backups?.recent.slice(0, 8),
    recent_left_out: 16,
  });
  expect(fewerBackups.failovers).toEqual(FAILOVERS);
  expect(integrity(fewerBackups)).toEqual({ status: 'FAILURE', details: missing });

  const more = Array.from({ length: missing.length + 75 }, (_, index) => row(index, 'MISSING_LOST'));
  const fewerFailovers = fitDocument(withDetails(document, more));
  expect(fewerFailovers.failovers).toEqual(FAILOVERS.slice(-20));
  expect(integrity(fewerFailovers)).toEqual({ status: 'FAILURE', details: more });
});

test.each([
  ['100,000 alternating rows', healthy],
  ['100,000 alternating rows and 155 backups', { ...with155Backups, failovers: FAILOVERS }],
])('%s: as many of the newest missing rows as there is room for', (_, document) => {
  const rows = alternating(100_000);
  const fitted = fitDocument(withDetails(document, rows));
  const { details, details_left_out: leftOut } = integrity(fitted) ?? {};
  const kept = details ?? [];
  expect(bytes(fitted)).toBeLessThanOrEqual(MOST_BYTES);
  expect(bytes(fitted)).toBeGreaterThan(MOST_BYTES - 2 * 150);
  const newest = rows.filter((it) => it.status !== 'FOUND' || it === rows.findLast(({ status }) => status === 'FOUND'));
  expect(kept).toEqual(newest.slice(-kept.length));
  expect(leftOut).toEqual({ FOUND: 49_999, MISSING_LOST: 50_001 - kept.length });
  expect(fitted.walg_last_backup).toEqual(document.walg_last_backup);
});

test('what was left out of a document before is added to what is left out now', () => {
  const once = fitDocument(withDetails(healthy, alternating(1_000)));
  const twice = fitDocument(once, 20_000);
  const { details, details_left_out: leftOut } = integrity(twice) ?? {};
  expect((details ?? []).length + Object.values(leftOut ?? {}).reduce((sum, count) => sum + count, 0)).toBe(1_000);
});

test('bytes are counted, not characters', () => {
  const umlauts = { ...healthy, note: 'ä'.repeat(MOST_BYTES / 2) };
  expect(fitDocument(withDetails(umlauts, alternating(10)))).toEqual({
    ...umlauts,
    walg_integrity: { integrity: { status: 'FAILURE', details: [], details_left_out: { FOUND: 5, MISSING_LOST: 5 } } },
  });
});
