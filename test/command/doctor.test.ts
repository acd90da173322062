import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { hostname } from 'node:os';
import { expect, test } from 'vitest';
import { type Circumstances, type Host, NODE1, startHost } from '../stand-ins/host.ts';
import { HANG } from '../stand-ins/patroni.ts';

/** The whole output of --doctor on healthy and faulty hosts. */

const CONFIG_MAP = '{"metadata":{"name":"status-postgres-demo","namespace":"db"},"data":{"status":"x"}}';
const NAMESPACE = '{"metadata":{"labels":{"ossobv/zabbix-agent-osso.k8s-patroni":"true"}}}';

/** A kubectl with a reply for every request of --doctor; the clock of its API server is right. */
function kubectlOf(host: Host, { patched = CONFIG_MAP, namespace = NAMESPACE, clock = 'now' } = {}): string {
  return host.program(
    'kubectl',
    'case "$1 $2" in',
    `"version "*) echo '{"clientVersion":{"gitVersion":"v1.32.4"}}' ;;`,
    `"patch "*) cat > ${host.folder}/object; cat /dev/fd/3 > ${host.folder}/patch; echo '${patched}' ;;`,
    `"get namespace") ${namespace === '' ? 'echo "Error from server (Forbidden): no" >&2; exit 1' : `echo '${namespace}'`} ;;`,
    `"get --raw=/version") echo "I1126 04:31:23.1 1 round_trippers.go:587]     Date: $(LC_ALL=C date -u -d '${clock}' '+%a, %d %b %Y %T GMT')" >&2 ;;`,
    'esac',
  );
}

/** The clock of Patroni's host is right. */
const onTime =
  (clock = () => Date.now()): NonNullable<Circumstances['patroni']> =>
  (path) =>
    NODE1(path)
      .toString()
      .replace(/^Date: .*$/m, `Date: ${new Date(clock()).toUTCString()}`);

/** A host on which a run from cron finds everything too. */
async function wellSetUp({ walg = {}, ...circumstances }: Circumstances = {}) {
  const host = await startHost({
    patroni: onTime(),
    ...circumstances,
    environment: { POSTGRES_STATUS_LEADER_API: '', COLUMNS: '400', ...circumstances.environment },
    walg: { POSTGRES_STATUS_LEADER_API: 'never', WALG_FILE_PREFIX: '/backups', ...walg },
  });
  host.program('cron');
  const kubectl = kubectlOf(host);
  const given = ['--doctor', '--configmap', '--wal-g', join(host.folder, 'bin/wal-g'), '--kubectl', kubectl];
  return { host, given };
}

/** Not a zombie, which only waits for its new parent to reap it. */
function isRunning(pid: string): boolean {
  try {
    return !/^State:\s+[ZX]/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
}

/** Replaces values that differ between two runs. */
function timeless(text: string, { folder }: Host): string {
  return (
    text
      .replaceAll(folder, '/host')
      .replaceAll(/127\.0\.0\.1:\d+/g, '127.0.0.1:PORT')
      .replaceAll(hostname(), 'db1')
      // the lengths of the host's name and the duration vary
      .replace(/(?:\n | {2,})(?=\d+ checks? failed)/, '  ')
      .replaceAll(/\b(in|took|within) \d+(\.\d+)? s\b/g, '$1 N s')
      .replaceAll(/ is \d[\w ]{2,12} (ahead of|behind) that of this host/g, ' is N s $1 that of this host')
  );
}

async function examined(host: Host, ...args: string[]) {
  const { status, stdout, stderr } = await host.run(...args);
  return { status, stderr, stdout: timeless(stdout, host) };
}

test('a good host', async () => {
  const { host, given } = await wellSetUp();
  const { status, stdout, stderr } = await examined(host, ...given);
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  await expect(stdout).toMatchFileSnapshot('golden/doctor/good.txt');
  expect(readFileSync(join(host.folder, 'patch'), 'utf8')).toBe('{}');
});

test('several faults at once: none hides another', async () => {
  const { host } = await wellSetUp();
  writeFileSync(join(host.folder, 'ca.pem'), 'not a certificate');
  const { status, stdout, stderr } = await examined(
    host,
    ...['--doctor', '--bogus=1', '--timeout', 'soon', '--lag-max', 'much', '--env', '/nowhere', '--wal-g', '/missing'],
    ...['--patroni-ca-cert', 'ca.pem', '--configmap', '--kubectl', '/missing', '--details'],
  );
  expect({ status, stderr }).toEqual({ status: 1, stderr: '' });
  await expect(stdout).toMatchFileSnapshot('golden/doctor/faults.txt');
});

test('the same as JSON, on one line', async () => {
  const { host, given } = await wellSetUp();
  const { status, stdout } = await host.run(...given, '--format', 'json', '--quiet');
  const told = JSON.parse(stdout) as { status: string; checks: Record<string, unknown>[] };
  expect({ status, lines: stdout.split('\n').length, worst: told.status }).toEqual({
    status: 0,
    lines: 2,
    worst: 'ok',
  });
  expect(Object.keys(told)).toEqual(['status', 'current_timestamp', 'generator', 'checks']);
  for (const check of told.checks)
    expect(Object.keys(check)).toEqual(['name', 'status', 'reason', 'remedy', 'duration_ms']);
  expect(Object.fromEntries(told.checks.map(({ name, status }) => [name, status]))).toEqual({
    ...{ options: 'ok', environment: 'ok', wal_g: 'ok', storage: 'ok', patroni_tls: 'skipped', patroni: 'ok' },
    ...{ postgresql: 'skipped', collectors: 'ok', kubectl: 'ok', configmap: 'ok', clocks: 'ok', time_limit: 'ok' },
    cron: 'ok',
  });
});

test('only warnings, such as variables that cron lacks: exit status 0', async () => {
  const { host, given } = await wellSetUp({
    patroni: onTime(() => Date.now() + 60_000),
    environment: { KUBECONFIG: '/root/.kube/config', POSTGRES_STATUS_SCOPE: 'demo', POSTGRES_STATUS_TIMOUT: '9s' },
    walg: { WALE_S3_PREFIX: 's3://bucket/old' },
  });
  const labels = { 'cluster-name': 'demo', application: 'spilo' };
  kubectlOf(host, { patched: JSON.stringify({ metadata: { name: 'pgstatus', namespace: 'db', labels } }) });
  const { status, stdout, stderr } = await examined(host, ...given, '--configmap', 'pgstatus');
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  await expect(stdout).toMatchFileSnapshot('golden/doctor/warnings.txt');
});

test('a storage that cannot be read, a Patroni that hangs, a ConfigMap that may not be patched, a clock that stands still', async () => {
  const { host, given } = await wellSetUp({ patroni: () => HANG });
  host.program(
    'wal-g',
    '[ "$1" != --version ] || exec printf "wal-g version v3.0.9\\tx\\ty\\tPostgreSQL"',
    'echo "ERROR: 2026/11/21 06:42:51.5 failed to list the storage: AccessDenied: Access Denied." >&2; exit 1',
  );
  kubectlOf(host, { clock: '10 minutes ago' });
  const kubectl = join(host.folder, 'bin/kubectl');
  const forbidding = readFileSync(kubectl, 'utf8').replace(
    /"patch "\*\).*/,
    `"patch "*) echo 'Error from server (Forbidden): configmaps "x" is forbidden' >&2; exit 1 ;;`,
  );
  writeFileSync(kubectl, forbidding);
  const { status, stdout, stderr } = await examined(host, ...given, '--timeout', '30s');
  expect({ status, stderr }).toEqual({ status: 1, stderr: '' });
  await expect(stdout).toMatchFileSnapshot('golden/doctor/broken.txt');
});

test('no secret is printed', async () => {
  const secret = 'Tr0ub4dor&3/correct-horse';
  const { host, given } = await wellSetUp({
    environment: {
      AWS_SESSION_TOKEN: `${secret}+session`,
      POSTGRES_STATUS_TIMEOUT: secret,
      POSTGRES_STATUS_PING: `https://ping.example/${secret}`,
    },
    walg: {
      AWS_SECRET_ACCESS_KEY: secret,
      WALG_FILE_PREFIX: '',
      WALG_S3_PREFIX: `s3://user:${secret}@bucket/path`,
      PGPASSWORD: `${secret}!pg`,
    },
  });
  host.program(
    'wal-g',
    '[ "$1" != --version ] || exec printf "wal-g version v3.0.9\\tx\\ty\\tPostgreSQL"',
    'echo "ERROR: 2026/11/21 06:42:51.5 signed with $AWS_SECRET_ACCESS_KEY, $PGPASSWORD and $AWS_SESSION_TOKEN" >&2; exit 1',
  );
  for (const format of ['report', 'json'])
    for (const verbose of [[], ['--verbose']]) {
      const { status, stdout, stderr } = await host.run(...given, '--format', format, ...verbose);
      expect(status).toBe(1);
      expect(stdout).toContain('***');
      for (const part of ['Tr0ub4dor', 'correct-horse', encodeURIComponent(secret)])
        expect(stdout + stderr).not.toContain(part);
    }
});

test('a check that hangs is ended with the run, and affects no other check', async () => {
  const { host, given } = await wellSetUp();
  host.program('wal-g', 'trap "" TERM', 'echo $$ >> pids', 'sleep 600 & echo $! >> pids', 'wait; wait');
  const started = performance.now();
  const { status, stdout } = await host.run(...given, '--format', 'json');
  expect(performance.now() - started).toBeLessThan(30_000);
  expect(status).toBe(1);
  const { checks } = JSON.parse(stdout) as { checks: { name: string; status: string; reason: string }[] };
  const found = Object.fromEntries(checks.map(({ name, status }) => [name, status]));
  expect(found).toMatchObject({
    wal_g: 'failed',
    storage: 'skipped',
    patroni: 'ok',
    configmap: 'ok',
    collectors: 'ok',
  });
  const pids = readFileSync(join(host.folder, 'pids'), 'utf8').trim().split('\n');
  expect(pids.filter(isRunning)).toEqual([]);
});

test.each([
  ['--help', /^Usage: postgres-status \[options\]/],
  ['--version', /^postgres-status \d/],
])('%s goes before', async (option, shown) => {
  const { host } = await wellSetUp();
  const { status, stdout } = await host.run('--doctor', option);
  expect(status).toBe(0);
  expect(stdout).toMatch(shown);
});

test('on a terminal in colour, on 80 columns', async () => {
  const { host } = await wellSetUp({ environment: { COLUMNS: '80' } });
  const { stdout } = await examined(host, '--doctor', '--color', 'always', '--wal-g', '/missing', '--env', '/nowhere');
  await expect(stdout).toMatchFileSnapshot('golden/doctor/colour.txt');
});
