import { expect, test } from 'vitest';
import { bad, examined, good, type Shown, type Situation } from './examined.ts';

const HINT = "The text after it is WAL-G's own first error. Repair the storage or correct the WAL-G environment.";
const CHECK = 'wal-g st check read';

/** A wal-g that is a shell script with these lines. */
function walg(version: string, calls: Record<string, string>): Situation {
  const cases = Object.entries(calls).map(([call, lines]) => `"${call}") ${lines} ;;`);
  const lines = [`case "$1 $2" in`, ...cases, '*) exit 9 ;;', 'esac'].join('\n');
  return {
    walg: { WALG_FILE_PREFIX: '/backups' },
    programs: { 'wal-g': lines },
    subject: { learnt: { version: { text: version, major: Number(version[0]), database: 'PostgreSQL' } } },
  };
}

const READ_OK = 'echo "INFO: Read check OK" >&2';

test.each<[situation: string, given: Situation, shown: Shown]>([
  ['st check read', walg('3.0.9', { 'st check': READ_OK }), good('ok', `it can be read: ${CHECK} took N s`)],
  [
    'one that prints help instead: the backups are listed',
    walg('2.0.1', { 'st check': 'echo "Usage: st"', 'backup-list --json': 'echo "[]"' }),
    good('ok', 'it can be read: wal-g backup-list took N s'),
  ],
  [
    'one that does not know st, and lists backups',
    walg('1.1', { 'backup-list --json': `echo '[{"backup_name":"x"}]'` }),
    good('ok', 'it can be read: wal-g backup-list took N s'),
  ],
  [
    'one that does not distinguish an empty storage from an unreadable one',
    walg('1.1', { 'backup-list --json': 'exit 0' }),
    bad(
      'warning',
      'wal-g backup-list lists no backup (N s); WAL-G 1.1 prints the same if it cannot read the storage',
      'Upgrade WAL-G to 2.0 or newer, which distinguishes the two.',
    ),
  ],
  [
    'it may not be read',
    walg('3.0.9', { 'st check': 'echo "ERROR: 2026/11/21 06:42:51.5 AccessDenied: Access Denied." >&2; exit 1' }),
    bad('failed', `${CHECK} failed with exit status 1: AccessDenied: Access Denied.`, HINT),
  ],
])('%s', async (_, given, shown) => {
  expect(await examined('storage', given)).toEqual(shown);
});

test('a slow storage: the share of the time that it took', async () => {
  const { status, reason, remedy } = await examined('storage', {
    ...walg('3.0.9', { 'st check': `sleep 2; ${READ_OK}` }),
    args: ['--timeout', '8s'],
  });
  expect({ status, remedy }).toEqual({
    status: 'warning',
    remedy: 'Raise --timeout, or find out why the storage is slow.',
  });
  expect(reason).toMatch(/^it can be read: wal-g st check read took N s: [34]\d% of the time for collecting$/);
});

test('a storage that does not answer is given up after half of the time', async () => {
  const given = { ...walg('3.0.9', { 'st check': 'exec sleep 60' }), args: ['--timeout', '2s'] };
  expect(await examined('storage', given)).toEqual(
    bad(
      'failed',
      `${CHECK} did not finish within N s and was terminated`,
      'The storage does not answer: check its endpoint, the network and proxies. If it is only slow, raise --timeout.',
    ),
  );
});

test.each(['environment', 'wal_g'])('not without %s', async (name) => {
  expect(await examined('storage', { ...walg('3.0.9', {}), others: { [name]: 'failed' } })).toEqual(
    good('skipped', `not examined, because ${name} failed`),
  );
  expect(await examined('storage', { ...walg('3.0.9', {}), others: { [name]: 'skipped' } })).toEqual(
    good('skipped', `${name} said so`),
  );
});
