import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { generator } from '../../src/generator.ts';
import { KUBECTL, startHost, type Host } from '../stand-ins/host.ts';
import { needs } from '../stand-ins/needs.ts';
import { startKubernetes } from '../stand-ins/kubernetes.ts';
import { HANG } from '../stand-ins/patroni.ts';

test('--help and --version', async () => {
  const host = await startHost();
  expect(await host.run('--version')).toEqual({
    status: 0,
    stdout: `postgres-status ${generator.version}\n`,
    stderr: '',
  });
  const help = await host.run('--help');
  expect(help).toMatchObject({ status: 0, stderr: '' });
  expect(help.stdout).toBe(readFileSync(join(import.meta.dirname, '../options/help-80.txt'), 'utf8'));
});

test.each([
  [['--timeout', 'soon'], '--timeout: "soon" is not a duration such as 50s, 1m30s or 8d'],
  [['--env', '/nowhere/env'], 'the WAL-G environment /nowhere/env does not exist'],
  [['--quite'], "unknown option '--quite' (Did you mean --quiet?): see --help"],
  [['status'], '"status" is neither an option nor the value of one: see --help'],
  [
    ['--patroni-url', 'http://me:sesame@localhost'],
    '--patroni-url contains a user name or password, which Patroni does not need for reading',
  ],
  [['--configmap', '--quiet', '--kubectl', '/nowhere'], '--kubectl: "/nowhere" is not an executable file'],
])('%j: one sentence, and nothing ran', async (args, sentence) => {
  const host = await startHost();
  host.program('wal-g', `touch ${host.folder}/ran`);
  expect(await host.run(...args)).toEqual({ status: 2, stdout: '', stderr: `postgres-status: ${sentence}\n` });
  expect(host.patroni.asked).toEqual([]);
  expect(existsSync(join(host.folder, 'ran'))).toBe(false);
});

/** A wal-g that never exits, with a child process; `trap` is its reaction to SIGTERM. */
function hangingWalg(host: Host, trap = ''): void {
  host.program('wal-g', trap, `echo $$ >> ${host.folder}/groups`, 'sleep 600 & sleep 600');
}

/** The live processes of the stand-ins' process groups, without zombies. */
function survivors(host: Host): string[] {
  const groups = readFileSync(join(host.folder, 'groups'), 'utf8').trim().split('\n');
  const processes = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  return processes.filter((pid) => {
    const [state, , group = ''] = statistics(pid);
    return groups.includes(group) && state !== 'Z';
  });
}

/** The fields of /proc/PID/stat that follow the program's name: state, parent, process group, … (proc(5)). */
function statistics(pid: string): string[] {
  try {
    return readFileSync(`/proc/${pid}/stat`, 'utf8')
      .replace(/^.*\) /s, '')
      .split(' ');
  } catch {
    return [];
  }
}

const IGNORING = 'trap "" TERM INT HUP';

test.each([
  ['SIGHUP', 129, ''],
  ['SIGINT', 130, ''],
  ['SIGQUIT', 131, ''],
  ['SIGTERM', 143, ''],
  ['SIGTERM', 143, IGNORING],
])('%s during a wal-g that hangs: exit status %i, no process is left (%s)', async (signal, status, trap) => {
  const host = await startHost();
  hangingWalg(host, trap);
  const run = host.shell(`$CLI --configmap & echo $! > pid; wait $!`);
  await waitFor(join(host.folder, 'groups'));
  const pid = Number(readFileSync(join(host.folder, 'pid'), 'utf8'));
  process.kill(pid, signal);
  // a second signal, as from an impatient person; the run may have ended by then
  await sleep(50);
  try {
    process.kill(pid, signal);
  } catch (error) {
    expect(error).toMatchObject({ code: 'ESRCH' });
  }
  expect(await run).toEqual({ status, stdout: '', stderr: '' });
  expect(survivors(host)).toEqual([]);
  expect(host.published()).toBeUndefined();
});

test('a signal during a kubectl that hangs', async () => {
  const host = await startHost();
  host.program('kubectl', `echo $$ >> ${host.folder}/groups`, 'sleep 600');
  const run = host.shell(`$CLI --configmap & echo $! > pid; wait $!`);
  await waitFor(join(host.folder, 'groups'));
  process.kill(Number(readFileSync(join(host.folder, 'pid'), 'utf8')), 'SIGTERM');
  expect(await run).toMatchObject({ status: 143, stderr: '' });
  expect(survivors(host)).toEqual([]);
});

async function waitFor(file: string): Promise<void> {
  while (!existsSync(file) || readFileSync(file).length === 0) await sleep(20);
}

test.each(['', IGNORING])('everything hangs, and the run still ends with a document (%s)', async (trap) => {
  const host = await startHost({ patroni: () => HANG });
  hangingWalg(host, trap);
  host.program('kubectl', trap, `echo $$ >> ${host.folder}/groups`, 'sleep 600 & sleep 600');
  const started = performance.now();
  const args = ['--configmap', '--publish-from', 'any', '--timeout', '10s'];
  const { status, stdout, stderr } = await host.run(...args);
  expect(performance.now() - started).toBeLessThan(40_000);
  expect(status).toBe(3);
  expect(survivors(host)).toEqual([]);
  expect(JSON.parse(stdout)).toMatchObject({
    cluster_status: { members: [] },
    collectors: { patroni: { timed_out: true }, walg_backups: { timed_out: true }, walg_verify: { ok: false } },
  });
  expect(stderr.split('\n').map((line) => line.split(' ').slice(0, 2).join(' '))).toEqual([
    'postgres-status: patroni:',
    'postgres-status: walg_backups:',
    'postgres-status: walg_verify:',
    'postgres-status: ConfigMap',
    '',
  ]);
  expect(stderr).toContain('was not written: kubectl did not finish in time and was terminated\n');
});

test('a wal-g that hangs: only its fields are missing', async () => {
  const host = await startHost();
  hangingWalg(host);
  const { status, stdout } = await host.run('--configmap', '--timeout', '12s');
  expect(status).toBe(1);
  expect(JSON.parse(stdout)).toMatchObject({ node: { name: 'node1' }, walg_last_backup: null });
  expect(host.published()?.patch.data.status).toBe(stdout.trimEnd());
  expect(survivors(host)).toEqual([]);
});

test('a full disk', async () => {
  const host = await startHost();
  expect(await host.shell('$CLI --configmap > /dev/full')).toEqual({
    status: 3,
    stdout: '',
    stderr: 'postgres-status: the document was not printed: stdout cannot be written to (no space left on device)\n',
  });
  expect(host.published()).toBeDefined();
});

test('the reader of stdout has exited', async () => {
  const host = await startHost();
  const { stderr } = await host.shell('{ sleep 0.3; $CLI --configmap; echo "status $?" >&2; } | true');
  expect(stderr).toBe(
    'postgres-status: the document was not printed: the reader of stdout has exited (EPIPE)\nstatus 3\n',
  );
  expect(host.published()).toBeDefined();
});

test('a reader that is stuck delays neither the ConfigMap nor the end of the run', async () => {
  const host = await startHost();
  // the capacity of a pipe is 64 KiB
  const { stderr } = await host.shell(
    'mkfifo done; { head -c 65536 /dev/zero; $CLI --configmap --collect patroni --timeout 10s; echo "status $?" >&2; echo > done; } | cat done',
  );
  expect(stderr).toBe('postgres-status: the document was not printed: stdout was not read in time\nstatus 3\n');
  expect(host.published()).toBeDefined();
});

test('a stuck reader of stdout and stderr', async () => {
  const host = await startHost();
  await host.shell(
    'mkfifo done; { head -c 65536 /dev/zero; $CLI --configmap --collect patroni --timeout 10s 2>&1; echo $? > status; echo > done; } | cat done',
  );
  expect(readFileSync(join(host.folder, 'status'), 'utf8')).toBe('3\n');
  expect(host.published()).toBeDefined();
});

test('a slow reader gets everything', async () => {
  const host = await startHost();
  const { stdout } = await host.shell('{ head -c 65536 /dev/zero; $CLI; } | { sleep 1; tail -c +65537; }');
  expect(Object.keys(JSON.parse(stdout) as object)).toContain('collectors');
});

test('stdout and stderr can be files that are appended to', async () => {
  const host = await startHost();
  await host.shell('$CLI >> documents; $CLI >> documents');
  const lines = readFileSync(join(host.folder, 'documents'), 'utf8').split('\n');
  expect(lines.map((line) => line.slice(0, 18))).toEqual(['{"cluster_status":', '{"cluster_status":', '']);
});

needs('script')('indented on a terminal', async () => {
  const host = await startHost();
  const { stdout } = await host.shell('script --quiet --return --command "$CLI 2>/dev/null" /dev/null < /dev/null');
  const lines = stdout.split('\r\n');
  expect(lines.slice(0, 3)).toEqual(['{', '  "cluster_status": {', '    "members": [']);
  expect(JSON.parse(lines.join('\n'))).toMatchObject({ node: { name: 'node1' } });
});

/** Like cron under Spilo: in a container, with an empty environment. */
const IN_A_POD = [
  'mount -t tmpfs none /run',
  'mkdir -p /run/secrets/kubernetes.io/serviceaccount',
  'cd /run/secrets/kubernetes.io/serviceaccount; echo sesame > token; printf of-the-pod > namespace; cd "$OLDPWD"',
].join('\n');

needs('root', 'unshare')('in a pod, without its environment: the service account tells', async () => {
  const host = await startHost({ walg: { POD_NAMESPACE: '' } });
  host.program('kubectl', 'env | grep ^KUBERNETES | sort > variables; cat > object; cat /dev/fd/3 > patch');
  host.program('in-a-pod', IN_A_POD, 'exec "$@"');
  expect(await host.shell('unshare --mount in-a-pod $CLI --configmap --quiet')).toMatchObject({
    status: 0,
    stderr: '',
  });
  expect(readFileSync(join(host.folder, 'variables'), 'utf8')).toBe(
    'KUBERNETES_SERVICE_HOST=kubernetes.default.svc\nKUBERNETES_SERVICE_PORT=443\n',
  );
  expect(host.published()?.object).toMatchObject({ metadata: { namespace: 'of-the-pod' } });
  await host.shell('KUBERNETES_SERVICE_HOST=10.0.0.1 unshare --mount in-a-pod $CLI --configmap --quiet');
  expect(readFileSync(join(host.folder, 'variables'), 'utf8')).toBe('KUBERNETES_SERVICE_HOST=10.0.0.1\n');
});

const NOBODY = 'setpriv --reuid 54321 --regid 54321 --clear-groups';

needs(
  'root',
  'unshare',
  'kubectl',
)('a user without a home: kubectl leaves nothing in the working directory', async () => {
  const host = await startHost();
  const { url, requests } = await startKubernetes('kubernetes-1.34.4', 'patch_ok');
  host.program('kubectl', `exec ${KUBECTL} --server="$SERVER" "$@"`);
  // the checkout may be below /root, which this user cannot access
  host.program('as-nobody', 'mount --bind "$CHECKOUT" checkout', `exec env -u HOME ${NOBODY} "$@"`);
  await host.shell('mkdir checkout; chmod -R a+rwX .');
  const before = readdirSync(host.folder);
  const command = 'unshare --mount as-nobody ${CLI//$CHECKOUT/$PWD/checkout} --configmap --collect patroni';
  expect(
    await host.shell(`export SERVER=${url} CHECKOUT=${join(import.meta.dirname, '../..')}; ${command}`),
  ).toMatchObject({ status: 0, stderr: '' });
  expect(requests.filter(({ method }) => method === 'PATCH')).toHaveLength(1);
  expect(readdirSync(host.folder)).toEqual(before);
});
