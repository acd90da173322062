import { execFileSync } from 'node:child_process';
import { constants, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { endChildren, runChild } from '../../src/system/child.ts';
import { deadlineAt, type Limit } from '../../src/system/deadline.ts';

const GRACE = 200;
/** Long enough for a shell to start on a busy machine. */
const SOON = 2_000;

function limited(milliseconds = 60_000): Limit {
  const { signal } = new AbortController();
  return { deadline: deadlineAt(performance.now() + milliseconds), signal, grace: GRACE };
}

/** Runs a shell command with a time limit of `until` milliseconds. */
function run(text: string, until?: number) {
  const command = { file: '/bin/sh', args: ['-c', text], env: { PATH: process.env['PATH'] ?? '' } };
  return runChild(command, limited(until));
}

/** A killed process may remain as a zombie until its parent, init, reaps it. */
function isAlive(pid: number): boolean {
  try {
    return !/^State:\s+[ZX]/m.test(readFileSync(`/proc/${String(pid)}/status`, 'utf8'));
  } catch {
    return false;
  }
}

/** None of the processes whose ids were printed is alive. */
function expectAllGone(stdout: string, count: number): void {
  const pids = stdout.trim().split('\n').map(Number);
  expect(pids).toHaveLength(count);
  expect(pids.filter(isAlive)).toEqual([]);
}

test.each([
  ['ends well', 'echo out; echo err >&2', { status: 0, stdout: 'out\n', stderr: 'err\n' }],
  ['fails', 'echo err >&2; exit 3', { status: 3, stderr: 'err\n' }],
  ['is killed', 'kill -KILL $$', { status: null, signal: 'SIGKILL' }],
  ['crashes', 'kill -SEGV $$', { status: null, signal: 'SIGSEGV' }],
  ['has an empty stdin', 'cat; echo end', { status: 0, stdout: 'end\n' }],
  ['splits a character between two writes', `printf '\\303'; sleep 0.2; printf '\\244'`, { status: 0, stdout: 'ä' }],
])('a child that %s', async (_, text, expected) => {
  expect(await run(text)).toEqual({
    signal: null,
    stdout: '',
    stderr: '',
    timedOut: false,
    overflowed: false,
    ...expected,
  });
});

test('a child gets only the given environment, its input, and its own process group', async () => {
  const finished = await runChild(
    {
      file: '/bin/sh',
      args: ['-c', 'cat; echo "$ONE-$HOME"; ps -o pgid= -p $$; echo $$'],
      env: { ONE: '1', PATH: '/usr/bin:/bin' },
      input: 'in\n',
    },
    limited(),
  );
  const [input, environment, group, pid] = finished.stdout.split('\n').map((line) => line.trim());
  expect({ input, environment, group }).toEqual({ input: 'in', environment: '1-', group: pid });
});

test.each([
  ['does not exist', '/nonexistent/wal-g', 'ENOENT'],
  ['is a directory', '/tmp', 'EACCES'],
  ['is no program', '/etc/passwd', 'EACCES'],
])('a file that %s cannot be started', async (_, file, code) => {
  await expect(runChild({ file, args: [], env: {} }, limited())).rejects.toMatchObject({ code });
});

test('the first 16 MiB of stdout are kept, and the child still exits', async () => {
  const finished = await run('head -c 20000000 /dev/zero | tr "\\0" x; echo end >&2');
  expect(finished).toMatchObject({ status: 0, overflowed: true, stderr: 'end\n' });
  expect(finished.stdout).toHaveLength(16 * 1024 * 1024);
});

test('the beginning and the end of a long stderr are kept', async () => {
  const { stdout, stderr, ...how } = await run(
    'echo first >&2; yes WARNING | head -c 10000000 >&2; echo last >&2; echo {}',
  );
  expect(how).toEqual({ status: 0, signal: null, timedOut: false, overflowed: false });
  expect(stdout).toBe('{}\n');
  expect(stderr.startsWith('first\nWARNING\n')).toBe(true);
  expect(stderr.endsWith('WARNING\nlast\n')).toBe(true);
  expect(stderr.length).toBeGreaterThan(2 * 64 * 1024 - 20);
  expect(new Set(stderr.trimEnd().split('\n'))).toEqual(new Set(['first', 'WARNING', 'last']));
});

test.each([65_500, 65_536, 70_000])(
  'no part of a secret is left where stderr is cut, %i bytes from its ends',
  async (at) => {
    const filler = `head -c ${String(at)} /dev/zero | tr '\\0' x`;
    const { stderr } = await run(
      `{ ${filler}; printf sesame-street; head -c 500000 /dev/zero | tr '\\0' y; printf sesame-street; ${filler}; } >&2`,
    );
    expect(stderr.replaceAll('sesame-street', '')).toMatch(/^x*y*\ny*x*$/);
  },
);

test('the last of many small chunks of stderr are kept in order', async () => {
  const { stderr } = await run('head -c 65536 /dev/zero >&2; for i in $(seq 20000); do echo "line $i"; done >&2');
  const lines = Array.from({ length: 20_000 }, (_, index) => `line ${String(index + 1)}\n`).join('');
  const kept = lines.slice(-64 * 1024);
  // the line at the cut is dropped
  expect(stderr.endsWith(`\n${kept.slice(kept.indexOf('\n') + 1)}`)).toBe(true);
});

test('a shared stdout does not get O_NONBLOCK', () => {
  const module = join(import.meta.dirname, '../../src/system/child.ts');
  const program = [
    `const { runChild } = await import('${module}');`,
    'const deadline = { remaining: () => 60_000 };',
    "await runChild({ file: '/bin/true', args: [], env: {} }, { deadline, signal: AbortSignal.timeout(60_000), grace: 100 });",
    "const { readFileSync, writeSync } = await import('node:fs');",
    'writeSync(1, /flags:.*/.exec(readFileSync("/proc/self/fdinfo/1", "utf8"))[0]);',
  ].join('\n');
  const said = execFileSync('/bin/sh', [
    '-c',
    '"$0" --input-type=module --eval "$1" 2>/dev/null | cat',
    process.execPath,
    program,
  ]);
  const flags = Number.parseInt(/^flags:\s+([0-7]+)$/.exec(String(said))?.[1] ?? '', 8);
  expect(flags & constants.O_NONBLOCK).toBe(0);
});

test('a child that exceeds its time limit gets SIGTERM', async () => {
  const finished = await run('trap "echo ended; exit 7" TERM; sleep 3600 & wait', SOON);
  expect(finished).toMatchObject({ status: 7, signal: null, timedOut: true, stdout: 'ended\n' });
});

// sh prints the ids of every process that it starts, itself included
test.each([
  ['ignores SIGTERM', 'trap "" TERM; sleep 3600 & echo $!; echo $$; wait; wait', 'SIGKILL', 2],
  [
    'ends while its child ignores SIGTERM',
    '(trap "" TERM; sleep 3600; :) & echo $!; echo $$; exec sleep 3600',
    'SIGTERM',
    2,
  ],
])('one that %s is killed with its whole group', async (_, text, signal, count) => {
  const finished = await run(text, SOON);
  expect(finished).toMatchObject({ status: null, signal, timedOut: true });
  expectAllGone(finished.stdout, count);
});

test.each([
  ['holds the pipes', 'sleep 3600 & echo $!'],
  ['ignores SIGTERM', '(trap "" TERM; sleep 3600; :) & echo $!'],
  ['has closed the pipes', 'sleep 3600 >/dev/null 2>&1 & echo $!'],
])('a grandchild that %s does not outlive a child that ends well', async (_, text) => {
  const finished = await run(text);
  expect(finished).toMatchObject({ status: 0, signal: null, timedOut: false });
  expectAllGone(finished.stdout, 1);
});

test('the run does not wait for a grandchild that left the group and keeps the pipes open', async () => {
  const finished = await run('setsid sh -c "echo \\$\\$; exec sleep 3600" & sleep 0.5');
  const pid = Number(finished.stdout);
  expect(isAlive(pid)).toBe(true);
  process.kill(pid, 'SIGKILL');
  expect(finished).toMatchObject({ status: 0, timedOut: false });
});

test('endChildren ends every child that is running', async () => {
  const both = [run('echo $$; exec sleep 3600'), run('trap "" TERM; sleep 3600 & echo $!; echo $$; wait; wait')];
  await new Promise((resolve) => setTimeout(resolve, SOON));
  await endChildren(GRACE);
  const [first, second] = await Promise.all(both);
  expect(first).toMatchObject({ signal: 'SIGTERM', timedOut: false });
  expect(second).toMatchObject({ signal: 'SIGKILL', timedOut: false });
  expectAllGone(first?.stdout ?? '', 1);
  expectAllGone(second?.stdout ?? '', 2);
});
