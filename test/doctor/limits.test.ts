import { describe, expect, onTestFinished, test } from 'vitest';
import type { CollectorRun } from '../../src/document/schema.ts';
import type { CollectorRuns } from '../../src/doctor/subject.ts';
import { NODE1 } from '../stand-ins/host.ts';
import { startPatroni } from '../stand-ins/patroni.ts';
import { bad, examined, good, type Shown } from './examined.ts';

/** collectors, time_limit and clocks. */

function run(seconds: number, more: Partial<CollectorRun> = {}): CollectorRun {
  const ended = { ok: true, partial: false, error: null, timed_out: false, collected_at: 1 };
  return { ...ended, duration_ms: seconds * 1000, ...more };
}
const collected = (runs: CollectorRuns) => () => Promise.resolve(runs);
const FAILED = { ok: false, error: 'wal-g wal-verify failed with exit status 1: AccessDenied' };
const LATE = { ok: false, timed_out: true, error: 'wal-g wal-verify did not finish within 38 s and was terminated' };

describe('collectors', () => {
  const ALL = { patroni: run(0.1), walg_backups: run(1), walg_verify: run(2) };

  test.each<[situation: string, runs: CollectorRuns, shown: Shown]>([
    ['all succeed', ALL, good('ok', 'patroni in N s, walg_backups in N s, walg_verify in N s')],
    [
      'one was not run',
      { patroni: run(0.1) },
      good(
        'ok',
        'patroni in N s; walg_backups and walg_verify: not run, because of the faults that other checks found',
      ),
    ],
    [
      'one fails',
      { ...ALL, walg_verify: run(2, FAILED) },
      bad(
        'failed',
        'walg_verify: wal-g wal-verify failed with exit status 1: AccessDenied',
        "The text after it is WAL-G's own first error. Repair the storage or correct the WAL-G environment.",
      ),
    ],
    ['none was run', {}, good('skipped', 'not run, because of the faults that other checks found')],
  ])('%s', async (_, runs, shown) => {
    expect(await examined('collectors', { subject: { collected: collected(runs) } })).toEqual(shown);
  });
});

describe('time_limit', () => {
  const LONGER =
    'Raise --timeout, and the limit of the program that starts this one (timeout 1m in the crontab); or use --skip walg_verify, which lists all WAL.';
  const RAISE = 'Raise --timeout, and the limit of the program that starts this one (timeout 1m in the crontab).';

  test.each<[situation: string, runs: CollectorRuns, patchTime: number | undefined, shown: Shown]>([
    [
      'both were fast',
      { patroni: run(0.1), walg_verify: run(18) },
      900,
      good('ok', 'of N s, N s are for collecting, of which it took N s; N s are for publishing, of which it took N s'),
    ],
    [
      'collecting took more than half of its time',
      { walg_verify: run(20) },
      undefined,
      bad('warning', 'of N s, N s are for collecting, of which it took N s', LONGER),
    ],
    [
      'a collector did not end',
      { patroni: run(0.1), walg_verify: run(38, LATE) },
      undefined,
      bad('failed', 'walg_verify did not finish within N s; of N s, N s are for collecting', LONGER),
    ],
    [
      'publishing took more than half of its time',
      { patroni: run(0.1) },
      5000,
      bad(
        'warning',
        'N s are for publishing, of which it took N s; of N s, N s are for collecting, of which it took N s',
        RAISE,
      ),
    ],
    [
      'nothing was measured',
      {},
      undefined,
      good('skipped', 'nothing was measured, because of the faults that other checks found'),
    ],
  ])('%s', async (_, runs, patchTime, shown) => {
    const learnt = patchTime === undefined ? {} : { patchTime };
    expect(await examined('time_limit', { subject: { collected: collected(runs), learnt } })).toEqual(shown);
  });
});

describe('clocks', () => {
  const NTP = 'Synchronize the clocks with NTP: the ages of backups and of the document are differences between them.';

  /** Patroni's clock and that of the API server, in seconds ahead of this host's; undefined = it sends no time. */
  async function told(patroni: number | undefined, apiServer?: number) {
    const date = (seconds: number) => new Date(Date.now() + seconds * 1000).toUTCString();
    const stand = await startPatroni((path) =>
      NODE1(path)
        .toString()
        .replace(/^Date: .*\r?\n/m, patroni === undefined ? '' : `Date: ${date(patroni)}\r\n`),
    );
    onTestFinished(stand.close);
    const said = apiServer === undefined ? '' : `echo "round_trippers.go:587]     Date: ${date(apiServer)}" >&2`;
    const { reason, ...others } = await examined('clocks', {
      args: ['--patroni-url', stand.url, '--leader-api', 'never', '--configmap', 'x', '--kubectl', 'HOST/bin/kubectl'],
      programs: { kubectl: `[ "$2" = --raw=/version ] || exit 9\n${said}` },
    });
    // a header has whole seconds, so the difference may be one second more or less
    return { ...others, reason: reason.replaceAll(/\bis [^;]*?(?=ahead|behind)/g, 'is N s ') };
  }

  test('all agree', async () => {
    expect(await told(0, 0)).toEqual(
      good('ok', 'the clock of this host agrees with that of Patroni (http://ADDRESS) and the API server within N s'),
    );
  });

  test('a server that sends no time is left out', async () => {
    expect(await told(undefined, 0)).toEqual(
      good('ok', 'the clock of this host agrees with that of the API server within N s'),
    );
    expect(await told(0)).toEqual(
      good('ok', 'the clock of this host agrees with that of Patroni (http://ADDRESS) within N s'),
    );
  });

  test('some clocks differ, but too little to make a document look old', async () => {
    expect(await told(30, -60)).toEqual(
      bad(
        'warning',
        'the clock of Patroni (http://ADDRESS) is N s ahead of that of this host; the clock of the API server is N s behind that of this host',
        NTP,
      ),
    );
  });

  test('one clock differs so much that a fresh document looks old', async () => {
    expect(await told(0, 400)).toEqual(
      bad('failed', 'the clock of the API server is N s ahead of that of this host', NTP),
    );
  });

  test('no server sends its time', async () => {
    expect(await told(undefined)).toEqual(good('skipped', 'neither Patroni nor the API server reports its time'));
  });
});
