import { expect, test } from 'vitest';
import { fitDocument, MOST_BYTES } from '../../src/document/fit.ts';
import type { StatusDocument } from '../../src/document/schema.ts';
import { WALG } from '../stand-ins/collect.ts';
import { collectWalg, recording, replaying, script } from '../stand-ins/walg-run.ts';

const environment = replaying(recording('v3.0.9', 'many-155-backups'));

/** Replays the 155 backups, and prints this many rows for wal-verify: one row per segment, every second one missing. */
function flapping(rows: number): string {
  const timeline = '"timeline":{"status":"OK","details":{"current_timeline_id":1,"highest_storage_timeline_id":1}}';
  const row =
    '{\\"timeline_id\\":1,\\"start_segment\\":\\"%s\\",\\"end_segment\\":\\"%s\\",\\"segments_count\\":1,\\"status\\":\\"%s\\"}';
  return script(`[ "$1" = wal-verify ] || exec ${WALG} "$@"
printf '{"integrity":{"status":"FAILURE","details":['
awk 'BEGIN { for (i = 0; i < ${String(rows)}; i++) {
  name = sprintf("00000001%08X%08X", i / 256, i % 256)
  printf("%s${row}", i ? "," : "", name, name, i % 2 ? "MISSING_LOST" : "FOUND") } }'
printf ']},${timeline}}'`);
}

function bytes(document: StatusDocument): number {
  return Buffer.byteLength(JSON.stringify(document));
}

test('155 backups fit: all are counted, the newest 24 are shown', async () => {
  const { walg_backups: backups, ...rest } = await collectWalg({ environment, collectors: ['walg_backups'] });
  expect(bytes({ ...rest, walg_backups: backups })).toBeLessThan(MOST_BYTES);
  expect(backups).toMatchObject({ count: 155, full: 154, delta: 1, permanent: 1, storages: { default: 155 } });
  expect(backups?.recent).toHaveLength(24);
  expect(backups?.recent_left_out).toBeUndefined();
});

test.each([
  { rows: 300, leftOut: undefined },
  { rows: 600, leftOut: { FOUND: 298 } },
  { rows: 100_000, leftOut: { FOUND: 49_999, MISSING_LOST: expect.any(Number) as number } },
])('155 backups and $rows rows', async ({ rows, leftOut }) => {
  const document = fitDocument(await collectWalg({ path: flapping(rows), environment }));
  expect(bytes(document)).toBeLessThanOrEqual(MOST_BYTES);
  const { status, details, details_left_out: left } = document.walg_integrity?.integrity ?? {};
  expect(status).toBe('FAILURE');
  expect(left).toEqual(leftOut);
  const leftRows = Object.values(left ?? {}).reduce((sum, count) => sum + count, 0);
  expect((details ?? []).length + leftRows).toBe(rows);
  expect(details?.at(-1)).toMatchObject({ status: 'MISSING_LOST' });
  expect(document.walg_backups?.count).toBe(155);
  expect(document.collectors).toMatchObject({ walg_backups: { ok: true }, walg_verify: { ok: true, error: null } });
});

test('20 MB of rows exceed the limit: not known, with an error', async () => {
  const document = await collectWalg({ path: flapping(150_000), environment });
  expect(document.walg_integrity).toBeNull();
  expect(document.collectors?.walg_verify).toMatchObject({
    ok: false,
    partial: false,
    error: 'wal-g wal-verify integrity timeline --json printed too much',
  });
});
