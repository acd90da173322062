import { expect, test } from 'vitest';
import { arrivalsOf } from '../../src/walg/arrivals.ts';
import { showWal } from '../../src/walg/show.ts';
import { calls, script, temporaryFolder, walg } from '../stand-ins/walg-run.ts';

const SEGMENT = '000000050000000000000087';
const BEFORE = '000000050000000000000086';

/** A wal-g of this version with this output, which records its calls. */
function saying(version: string, body: string) {
  const file = `${temporaryFolder()}/calls`;
  const ask = `echo "$@" >>${file}\nif [ "$1" = --version ]; then printf '${version}\\n'; exit; fi`;
  const path = script(`${ask}\n${body}`);
  return { path, asked: () => calls(file) };
}

const V309 = 'wal-g version v3.0.9\\t3e49318\\t2026.08.20\\tPostgreSQL';
const stat = (time: string) =>
  `printf 'type size  last modified                           name\\nobj  66108 ${time} %s  \\n' "$3"`;

test.each([
  ['UTC', '2026-11-25 20:32:29.897118467 +0000 UTC', '2026-11-25T20:32:29.897Z'],
  ['a zone', '2026-11-25 21:32:29 +0100 CET', '2026-11-25T20:32:29.000Z'],
  ['half an hour', '2026-11-26 02:02:29.5 +0530 IST', '2026-11-25T20:32:29.500Z'],
  ['a zone without a name', '2026-11-25 17:32:29.1 -0300 -03', '2026-11-25T20:32:29.100Z'],
])('when a segment arrived, in %s', async (_zone, printed, time) => {
  const { path, asked } = saying(V309, stat(printed));
  const arrivals = await arrivalsOf(walg({ path }), [SEGMENT]);
  expect([...arrivals]).toEqual([[SEGMENT, Date.parse(time)]]);
  expect(asked()).toEqual([`st stat wal_005/${SEGMENT}.lz4`]);
});

test.each([
  ['zstd', '.zst'],
  ['brotli', '.br'],
  ['lzma', '.lzma'],
  ['none', ''],
])('WALG_COMPRESSION_METHOD=%s is a part of the name', async (method, extension) => {
  const { path, asked } = saying(V309, stat('2026-11-25 20:32:29 +0000 UTC'));
  await arrivalsOf(walg({ path, environment: { WALG_COMPRESSION_METHOD: method } }), [SEGMENT]);
  expect(asked()).toContain(`st stat wal_005/${SEGMENT}${extension}`);
});

test('of two segments of which one is missing, the other is known', async () => {
  const { path } = saying(V309, `case "$3" in *86.lz4) exit 1;; esac\n${stat('2026-11-25 20:32:29 +0000 UTC')}`);
  expect([...(await arrivalsOf(walg({ path }), [BEFORE, SEGMENT])).keys()]).toEqual([SEGMENT]);
});

test.each([
  ['help', 'echo Storage tools allows to interact with the configured storage.'],
  ['an invalid time', stat('2026-99-25 20:32:29 +0000 UTC')],
  ['a failure', 'exit 1'],
])('%s in place of a time', async (_what, body) => {
  expect([...(await arrivalsOf(walg({ path: saying(V309, body).path }), [SEGMENT]))]).toEqual([]);
});

test.each([
  ['prints its help', 'echo Storage tools allows to interact with the configured storage.'],
  ['does not know st', `echo 'Error: unknown command "st" for "wal-g"' >&2; exit 1`],
  ['is ended by a signal', 'kill $$'],
])('a WAL-G that %s is not asked about another segment', async (_what, body) => {
  const { path, asked } = saying(V309, body);
  expect([...(await arrivalsOf(walg({ path }), [BEFORE, SEGMENT]))]).toEqual([]);
  expect(asked()).toEqual([`st stat wal_005/${BEFORE}.lz4`]);
});

test('without a segment WAL-G is not called', async () => {
  const { path, asked } = saying(V309, 'exit 1');
  expect([...(await arrivalsOf(walg({ path }), []))]).toEqual([]);
  expect(asked()).toEqual([]);
});

test('the version is asked for once in a run', async () => {
  const { path, asked } = saying(V309, 'exit 1');
  const one = walg({ path });
  expect(await Promise.all([one.version(), one.version()])).toMatchObject([{ text: '3.0.9' }, { text: '3.0.9' }]);
  await showWal(one, 16);
  expect(asked()).toEqual(['--version', 'wal-show --detailed-json --without-backups']);
});

const SHOWN =
  '[{"id":1,"parent_id":0,"switch_point_lsn":0,"start_segment":"000000010000000000000001","end_segment":"000000010000000000000009","segments_count":9,"missing_segments":[],"segment_range_size":9,"status":"OK"}]';

test.each([
  ['a local build', 'wal-g version devel\\tabc\\tdate\\tPostgreSQL'],
  ['0.2.18', 'wal-g version v0.2.18\\tabc\\tdate\\tPostgreSQL'],
  ['3.0.9', V309],
])('what WAL there is, by %s', async (_version, version) => {
  const { path, asked } = saying(version, `printf '%s' '${SHOWN}'`);
  expect(await showWal(walg({ path }), 16)).toMatchObject([{ id: 1, end_segment: '000000010000000000000009' }]);
  expect(asked()).toEqual(['--version', 'wal-show --detailed-json --without-backups']);
});

test('WAL-G gets the size of the segments', async () => {
  const { path } = saying(V309, `[ "$WALG_PG_WAL_SIZE" = 64 ] || exit 1\nprintf '%s' '${SHOWN}'`);
  expect(await showWal(walg({ path }), undefined)).toBeUndefined();
  expect(await showWal(walg({ path }), 64)).toHaveLength(1);
  expect(await showWal(walg({ path, environment: { WALG_PG_WAL_SIZE: '64' } }), undefined)).toHaveLength(1);
});

test.each([
  ['an older one', 'wal-g version v0.2.17\\tabc\\tdate\\tPostgreSQL', `printf '%s' '${SHOWN}'`],
  ['one that cannot read the storage', V309, 'echo "ERROR: access denied" >&2; exit 1'],
  ['one that prints no JSON', V309, 'echo none'],
  ['one that prints another JSON', V309, `echo '[{"id":"x"}]'`],
])('%s: the arrival is not known, and the collector does not fail', async (_what, version, body) => {
  expect(await showWal(walg({ path: saying(version, body).path }), 16)).toBeUndefined();
});

test('an empty storage', async () => {
  for (const printed of ['[]', 'null'])
    expect(await showWal(walg({ path: saying(V309, `printf '${printed}'`).path }), 16)).toEqual([]);
});
