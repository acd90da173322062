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

test('rows of found WAL are dropped first, except the first and the last', () => {
  const fitted = fitDocument(withDetails(healthy, alternating(600)));
  const missing = alternating(600).filter(({ status }) => status === 'MISSING_LOST');
  const details = [row(0, 'FOUND'), ...missing.slice(0, -1), row(598, 'FOUND'), ...missing.slice(-1)];
  expect(fitted).toEqual({
    ...healthy,
    walg_integrity: { integrity: { status: 'FAILURE', details, details_left_out: { FOUND: 298 } } },
  });
});

test('then backups beyond the newest eight are dropped, then failovers beyond the last twenty', () => {
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

test('counts of an earlier cut are added', () => {
  const once = fitDocument(withDetails(healthy, alternating(1_000)));
  const twice = fitDocument(once, 20_000);
  const { details, details_left_out: leftOut } = integrity(twice) ?? {};
  expect((details ?? []).length + Object.values(leftOut ?? {}).reduce((sum, count) => sum + count, 0)).toBe(1_000);
});

test('bytes are counted, not characters', () => {
  const umlauts = { ...healthy, note: 'ä'.repeat(MOST_BYTES / 2) };
  const fitted = fitDocument(withDetails(umlauts, alternating(10)));
  expect(bytes(fitted)).toBeLessThanOrEqual(MOST_BYTES);
  expect(fitted).toMatchObject({ note: `${'ä'.repeat(255)}…`, left_out: { note: MOST_BYTES / 2 - 256 } });
});

function membersOf(count: number, more: Record<string, unknown> = {}) {
  return Array.from({ length: count }, (_, index) => ({
    name: `acid-postgres-${String(index)}`,
    role: index === count - 1 ? 'leader' : 'replica',
    state: 'streaming',
    host: `10.0.0.${String(index)}`,
    port: 5432,
    timeline: 1,
    lag: 0,
    ...more,
  }));
}

test('10,000 members: the leader and as many members as fit into half of the space are kept, and rows of WAL too', () => {
  const document = { ...healthy, cluster_status: { members: membersOf(10_000) } };
  const fitted = fitDocument(withDetails(document, alternating(100_000)));
  const { members } = fitted.cluster_status;
  expect(bytes(fitted)).toBeLessThanOrEqual(MOST_BYTES);
  expect(members.length).toBeGreaterThan(200);
  expect(members.at(-1)).toEqual(membersOf(10_000).at(-1));
  expect(members.slice(0, -1)).toEqual(membersOf(10_000).slice(0, members.length - 1));
  expect(fitted.left_out).toEqual({ 'cluster_status.members': 10_000 - members.length });
  expect(integrity(fitted)?.details?.length).toBeGreaterThan(100);
});

test('a tag of 60 KB is cut, and the rows of WAL are kept', () => {
  const document = { ...healthy, cluster_status: { members: membersOf(3, { tags: { note: 'x'.repeat(60_000) } }) } };
  const fitted = fitDocument(withDetails(document, alternating(100)));
  expect(bytes(fitted)).toBeLessThanOrEqual(MOST_BYTES);
  expect(integrity(fitted)).toEqual({ status: 'FAILURE', details: alternating(100) });
  expect(fitted.left_out).toEqual({ 'cluster_status.members.tags.note': 3 * (60_000 - 256) });
});

const wide = (depth: number): unknown =>
  depth === 0
    ? 'leaf'
    : Object.fromEntries(Array.from({ length: 12 }, (_, key) => [`key_${String(key)}`, wide(depth - 1)]));

test.each([
  ['a tree of unknown keys', { cluster_status: { members: membersOf(1), unknown: wide(4) } }],
  ['a forest of tags', { cluster_status: { members: membersOf(40, { tags: wide(3) }) } }],
  [
    'long keys',
    {
      cluster_status: {
        members: [],
        ...Object.fromEntries(alternating(500).map((_, n) => ['k'.repeat(4000) + String(n), n])),
      },
    },
  ],
  [
    'very long messages',
    {
      health: {
        status: 'critical' as const,
        checks: Array.from({ length: 200 }, () => ({
          name: 'lag',
          status: 'critical' as const,
          message: 'm'.repeat(90_000),
          reasons: Array.from({ length: 5000 }, () => 'r'.repeat(500)),
        })),
      },
    },
  ],
  [
    'a key that a later producer adds',
    { forecast: { windows: Array.from({ length: 30_000 }, (_, from) => ({ from, to: from })) } },
  ],
])('%s: below the limit, and counted', (_, change) => {
  const fitted = fitDocument(withDetails({ ...healthy, ...change }, alternating(10)));
  expect(bytes(fitted)).toBeLessThanOrEqual(MOST_BYTES);
  expect(Object.keys(fitted.left_out ?? {}).length).toBeGreaterThan(0);
});
