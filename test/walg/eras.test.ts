import { expect, test } from 'vitest';
import { readStorage } from '../../src/wal/read.ts';
import type { Walg } from '../../src/walg/client.ts';
import { askAboutDoubts } from '../../src/walg/eras.ts';
import { WalgFailure } from '../../src/walg/program.ts';
import { backupAt, backups, documentWith, ended, integrity, node, type Row } from '../stand-ins/builders.ts';

const segment = (number: number, timeline: number) =>
  [timeline, 0, number].map((part) => part.toString(16).toUpperCase().padStart(8, '0')).join('');
const row = (timeline: number, first: number, last: number, status = 'FOUND'): Row => [
  segment(first, timeline),
  segment(last, timeline),
  last - first + 1,
  status,
];

/** A WAL-G with these results for single timelines, and its calls. */
function walgAnswering(answers: Readonly<Record<number, readonly Row[]>>) {
  const asked: string[] = [];
  const sizes: unknown[] = [];
  const run: Walg['run'] = (args, { env } = {}) => {
    asked.push(args.join(' '));
    sizes.push(env?.['WALG_PG_WAL_SIZE']);
    const rows = answers[Number(args[args.indexOf('--timeline') + 1])];
    const reply = (status: number, stdout: string, stderr: string) => ({
      status,
      signal: null,
      stdout,
      stderr,
      timedOut: false,
      overflowed: false,
    });
    if (rows === undefined)
      return Promise.reject(new WalgFailure('wal-g wal-verify', reply(1, '', 'Error: unknown flag: --timeline\n')));
    const { walg_integrity: answer } = integrity('OK', ...rows);
    return Promise.resolve(reply(0, JSON.stringify(answer), ''));
  };
  const walg = { environment: {}, remaining: () => 60_000, run } as Partial<Walg> as Walg;
  return { walg, asked, sizes };
}

/** Several segments with two switches each, so that WAL-G looks for the earlier WAL on the wrong timeline. */
function squeezed(pairs: number) {
  const failovers = Array.from({ length: pairs }, (_, pair) => {
    const log = `0/${(0x20 + 0x10 * pair).toString(16)}`.toUpperCase();
    return [ended(2 * pair + 1, `${log}000100`, 90 - pair), ended(2 * pair + 2, `${log}800000`, 90 - pair)];
  }).flat();
  const current = 2 * pairs + 1;
  const last = 0x20 + 0x10 * (pairs - 1);
  const rows = Array.from({ length: pairs }, (_, pair) =>
    row(2 * pair + 2, 0x10 + 0x10 * pair, 0x1f + 0x10 * pair, 'MISSING_LOST'),
  );
  return documentWith({
    node: node({ timeline: current, lsn: `0/${(last + 8).toString(16)}000000` }),
    failovers,
    ...backups(backupAt('2026-11-21T02:00:00Z', segment(0x10, 1))),
    ...integrity('FAILURE', ...rows, row(current, last, last + 7)),
  });
}

async function settle(document: ReturnType<typeof squeezed>, answers: Readonly<Record<number, readonly Row[]>>) {
  const { wal } = readStorage(document);
  if (wal === null) throw new Error('no WAL was read');
  const { walg, asked, sizes } = walgAnswering(answers);
  const settled = await askAboutDoubts(walg, document, wal);
  const read = readStorage(document, settled.rows.length === 0 ? {} : { settled });
  return { asked, sizes, timelines: settled.timelines, before: wal, after: read.wal };
}

const tell = (wal: { found: object; lost: object; doubtful: object } | null) =>
  wal && { found: wal.found, lost: wal.lost, doubtful: wal.doubtful };

test('an era in doubt is verified up to its end, with the size of its segments', async () => {
  const { asked, sizes, before, after } = await settle(squeezed(1), { 1: [row(1, 0x10, 0x1f)] });
  expect(asked).toEqual(['wal-verify integrity --json --timeline 1 --lsn 0/20000100']);
  expect(sizes).toEqual(['16']);
  expect(tell(before)).toMatchObject({ lost: { segments: 0 }, doubtful: { segments: 16 } });
  expect(tell(after)).toMatchObject({ found: { segments: 24 }, lost: { segments: 0 }, doubtful: { segments: 0 } });
  expect(after?.asked_again).toEqual([1]);
});

test('a segment that is also missing under its own timeline is lost', async () => {
  const { after } = await settle(squeezed(1), {
    1: [row(1, 0x10, 0x17), row(1, 0x18, 0x18, 'MISSING_LOST'), row(1, 0x19, 0x1f)],
  });
  expect(tell(after)).toMatchObject({ found: { segments: 23 }, lost: { segments: 1 }, doubtful: { segments: 0 } });
});

test('the newest three eras are verified, and older ones stay in doubt', async () => {
  const all = Object.fromEntries(
    [0, 1, 2, 3, 4].map((pair) => [2 * pair + 1, [row(2 * pair + 1, 0x10 + 0x10 * pair, 0x1f + 0x10 * pair)]]),
  );
  const { asked, after } = await settle(squeezed(5), all);
  expect(asked).toEqual([
    'wal-verify integrity --json --timeline 5 --lsn 0/40000100',
    'wal-verify integrity --json --timeline 7 --lsn 0/50000100',
    'wal-verify integrity --json --timeline 9 --lsn 0/60000100',
  ]);
  expect(tell(after)).toMatchObject({ lost: { segments: 0 }, doubtful: { segments: 32, ranges: 2 } });
});

test('WAL-G before 3.0.8 rejects the call, and all eras stay in doubt', async () => {
  const { asked, timelines, after } = await settle(squeezed(1), {});
  expect({ asked: asked.length, timelines, doubtful: after?.doubtful.segments }).toEqual({
    asked: 1,
    timelines: [],
    doubtful: 16,
  });
});

test('one of two eras is verified: the other stays in doubt', async () => {
  const { timelines, after } = await settle(squeezed(2), { 3: [row(3, 0x20, 0x2f)] });
  expect(timelines).toEqual([3]);
  expect(tell(after)).toMatchObject({ lost: { segments: 0 }, doubtful: { segments: 16, ranges: 1 } });
});

test("without Patroni's history the previous timeline is a guess: found segments are evidence, missing ones are not", async () => {
  const document = { ...squeezed(1), failovers: null };
  const { asked, after } = await settle(document, { 1: [row(1, 0x10, 0x17), row(1, 0x18, 0x1f, 'MISSING_LOST')] });
  expect(asked).toEqual(['wal-verify integrity --json --timeline 1 --lsn 0/20000028']);
  expect(tell(after)).toMatchObject({ found: { segments: 16 }, lost: { segments: 0 }, doubtful: { segments: 8 } });
});
