import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { NODE1, startHost, type Host } from '../stand-ins/host.ts';
import { HANG, httpReply, type Reply } from '../stand-ins/patroni.ts';

/** Replaces the parser by an endless loop when the input contains this mark, to simulate a bug. */
const MARK = 'block here';
const LOOP = `const { parse } = JSON;
JSON.parse = (text, ...others) => {
  while (String(text).includes(${JSON.stringify(MARK)}));
  return parse(text, ...others);
};`;

/** A wal-g that never exits; its process id, which is also that of its group, is in a file. */
const HANGING = (folder: string) => `echo $$ >> ${folder}/pids; exec sleep 600`;

async function hostThatAnswers(cluster: Reply, environment: Record<string, string> = {}): Promise<Host> {
  const host = await startHost({
    environment,
    patroni: (path) => (path === '/cluster' ? cluster : NODE1(path)),
  });
  host.program('wal-g', HANGING(host.folder));
  return host;
}

/** The executable ignores NODE_OPTIONS, so its event loop cannot be blocked by a preloaded module. */
const blocked = test.skipIf(process.env['POSTGRES_STATUS_COMMAND'] !== undefined);

async function hostThatBlocks(): Promise<Host> {
  const host = await hostThatAnswers(httpReply(200, JSON.stringify({ members: [], note: MARK.padEnd(200_000) })), {
    NODE_OPTIONS: '--import=./loop.mjs',
  });
  writeFileSync(join(host.folder, 'loop.mjs'), LOOP);
  return host;
}

/** Whether the processes of WAL-G have ended. */
function walgIsGone({ folder }: Host): boolean {
  const pids = readFileSync(join(folder, 'pids'), 'utf8').trim().split('\n');
  const { stdout } = spawnSync('ps', ['-o', 'stat=', '-p', pids.join(',')], { encoding: 'utf8' });
  return stdout
    .trim()
    .split('\n')
    .every((state) => state === '' || state.startsWith('Z'));
}

blocked('a loop without end is ended within a second after the time limit, and WAL-G with it', async () => {
  const host = await hostThatBlocks();
  const { stderr, stdout } = await host.shell('$CLI --timeout 12s; echo "status $?" $SECONDS');
  const [, status, seconds] = /status (\d+) (\d+)/.exec(stdout) ?? [];
  expect(status).toBe('137');
  // in whole seconds; one more for a busy machine
  expect(Number(seconds)).toBeLessThanOrEqual(14);
  expect(stderr).toContain('postgres-status: killed, because it was still busy after 12 s, or after a signal');
  await expect.poll(() => walgIsGone(host)).toBe(true);
});

/** A shell command that starts this, and waits until one second after WAL-G runs. */
const started = (command: string) => `${command} & until [ -e pids ]; do sleep 0.1; done; sleep 1.5`;

blocked('a loop without end is ended by a SIGTERM to its process group, and WAL-G with it', async () => {
  const host = await hostThatBlocks();
  const { stderr, stdout } = await host.shell(
    `set -m; ${started('$CLI --timeout 100s')}; SECONDS=0; kill -s TERM -- -$!; wait $!; echo $? $SECONDS`,
  );
  const [status, seconds] = stdout.trim().split(' ');
  expect(status).toBe('137');
  expect(Number(seconds)).toBeLessThan(20);
  expect(stderr).toContain('postgres-status: killed, because it was still busy');
  await expect.poll(() => walgIsGone(host)).toBe(true);
});

test('a run that is killed leaves no WAL-G behind', async () => {
  const host = await hostThatAnswers(HANG);
  await host.shell(`${started('$CLI --timeout 100s')}; kill -s KILL $!; wait`);
  await expect.poll(() => walgIsGone(host), { timeout: 10_000 }).toBe(true);
});

test('a long run ends normally, and no process is left', async () => {
  const host = await hostThatAnswers(HANG);
  const { stdout } = await host.shell(
    'set -m; $CLI --timeout 12s --quiet >/dev/null 2>&1 & wait $!; echo $?; pgrep -c -g $!',
  );
  expect(stdout).toBe('1\n0\n');
  expect(walgIsGone(host)).toBe(true);
});

test('SIGTERM to the whole process group ends a run like SIGTERM to the process', async () => {
  const host = await hostThatAnswers(HANG);
  const { stdout, stderr } = await host.shell(
    `set -m; ${started('$CLI --timeout 100s')}; kill -s TERM -- -$!; wait $!; echo $?`,
  );
  expect(stdout).toBe('143\n');
  expect(stderr).not.toContain('postgres-status:');
  expect(walgIsGone(host)).toBe(true);
});
