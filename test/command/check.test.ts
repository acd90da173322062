import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { NODE2, startHost } from '../stand-ins/host.ts';
import { healthyDocument, NOW, save } from '../stand-ins/saved.ts';

const READ = ['--check', '--input', 'status.json'];
const NINE_DAYS_LATER = '2026-11-30T07:00:00Z';

test.each([
  {
    what: 'OK',
    args: ['--now', NOW],
    status: 0,
    first: 'POSTGRES OK - demo: 13 checks passed',
  },
  {
    what: 'WARNING',
    args: ['--now', NOW, '--backup-max-age', '10m'],
    status: 1,
    first:
      'POSTGRES WARNING - demo: backup: the newest backup, base_00000001000000000000000F, is 17 min 20 s old (2026-11-21 06:42:51 UTC), more than 10 min (--backup-max-age)',
  },
  {
    what: 'CRITICAL',
    args: ['--now', NOW, '--backup-max-age', '5m,10m'],
    status: 2,
    first:
      'POSTGRES CRITICAL - demo: backup: the newest backup, base_00000001000000000000000F, is 17 min 20 s old (2026-11-21 06:42:51 UTC), more than 10 min (--backup-max-age)',
  },
  {
    what: 'CRITICAL: a document that is no longer renewed',
    args: ['--now', NINE_DAYS_LATER],
    status: 2,
    first: expect.stringMatching(/^POSTGRES CRITICAL - demo: collection: .* 9 d old/) as string,
  },
])('--check of a saved document: $what', async ({ args, status, first }) => {
  const host = await startHost();
  save(host, await healthyDocument());
  const ended = await host.run(...READ, ...args);
  expect(ended).toMatchObject({ status, stderr: '' });
  expect(ended.stdout.split('\n')[0]).toEqual(first);
});

test('UNKNOWN: what could not be collected', async () => {
  const host = await startHost();
  host.program('wal-g', 'echo "ERROR: 2026/11/21 no storage" >&2; exit 1');
  const { status, stdout, stderr } = await host.run('--check', '--collect', 'walg_backups');
  expect({ status, stderr }).toEqual({ status: 3, stderr: '' });
  expect(stdout).toMatch(
    /^POSTGRES UNKNOWN - postgres-demo: collection: walg_backups failed: wal-g backup-list .*no storage/,
  );
});

test('the whole output of a plugin', async () => {
  const host = await startHost();
  save(host, await healthyDocument());
  const { stdout } = await host.run(...READ, '--now', NOW);
  await expect(stdout).toMatchFileSnapshot('golden/check.txt');
});

test('--check with another format affects only the exit status', async () => {
  const host = await startHost();
  save(host, await healthyDocument());
  const { status, stdout } = await host.run(...READ, '--now', NINE_DAYS_LATER, '--format', 'json');
  expect(status).toBe(2);
  expect(JSON.parse(stdout)).toMatchObject({ health: { status: 'critical' } });
});

test('--check set by its variable', async () => {
  const host = await startHost({ walg: { POSTGRES_STATUS_CHECK: 'true' } });
  save(host, await healthyDocument());
  expect(await host.run('--input', 'status.json', '--now', NINE_DAYS_LATER)).toMatchObject({ status: 2 });
  expect(await host.run('--timeout', 'soon')).toMatchObject({ status: 3 });
});

test.each([
  [['--timeout', 'soon'], '--timeout: "soon" is not a duration such as 50s, 1m30s or 8d'],
  [['--bogus'], "unknown option '--bogus': see --help"],
  [['--env', '/nowhere|else'], 'the WAL-G environment /nowhere|else does not exist'],
  [['--config', '/nowhere'], '--config /nowhere cannot be read (no such file or directory)'],
  [['--input', '/nowhere'], '/nowhere cannot be read (no such file or directory)'],
])('a plugin that is used wrongly says so on stdout, and is UNKNOWN: %j', async (args, sentence) => {
  const host = await startHost();
  expect(await host.run('--check', ...args)).toEqual({
    status: 3,
    stdout: `POSTGRES UNKNOWN - ${sentence.replaceAll('|', '/')}\n`,
    stderr: `postgres-status: ${sentence}\n`,
  });
  expect(host.patroni.asked).toEqual([]);
});

test('a secret in an error message is redacted in the output of a plugin', async () => {
  const host = await startHost({ environment: { PGPASSWORD: 'sesame-street' } });
  const { stdout } = await host.run('--check', '--timeout', 'sesame-street');
  expect(stdout).toBe('POSTGRES UNKNOWN - --timeout: "***" is not a duration such as 50s, 1m30s or 8d\n');
});

test('a plugin whose document cannot be delivered is UNKNOWN', async () => {
  const host = await startHost();
  save(host, await healthyDocument());
  expect(await host.shell(`$CLI ${READ.join(' ')} --now ${NOW} > /dev/full`)).toEqual({
    status: 3,
    stdout: '',
    stderr: 'postgres-status: the document was not printed: stdout cannot be written to (no space left on device)\n',
  });
  host.program('kubectl', 'exit 1');
  expect(await host.run('--check', '--configmap', '--collect', 'patroni')).toMatchObject({ status: 3 });
});

test('a replica that leaves publishing to its leader still collects and judges', async () => {
  const host = await startHost({ patroni: NODE2 });
  const { status, stdout, stderr } = await host.run('--check', '--configmap');
  const alone = await host.run('--check');
  expect({ status, stdout: withoutTimes(stdout), stderr }).toEqual({
    status: alone.status,
    stdout: withoutTimes(alone.stdout),
    stderr: 'postgres-status: node2 has the role replica: publishing is left to the leader\n',
  });
  expect(stdout).toContain('[OK] replicas: node2 follows node1');
  expect(host.published()).toBeUndefined();
  expect(host.patroni.asked.slice(0, 4)).toEqual(['/patroni', '/config', '/cluster', '/history']);
});

/** The recorded replies grow older from one run to the next. */
function withoutTimes(plugin: string): string {
  return plugin.replaceAll(/\d+ d( \d+ h)?|\d+s;/g, 'TIME');
}

test('thresholds: an option overrides the file, the file overrides the default', async () => {
  const host = await startHost();
  save(host, await healthyDocument());
  writeFileSync(join(host.folder, 'thresholds.yaml'), 'backup_max_age: { warning: 10m }\n');
  const judged = async (...args: string[]) => (await host.run(...READ, '--now', NOW, ...args)).status;
  expect(await judged()).toBe(0);
  expect(await judged('--config', 'thresholds.yaml')).toBe(1);
  expect(await judged('--config', 'thresholds.yaml', '--backup-max-age', '1h')).toBe(0);
});
