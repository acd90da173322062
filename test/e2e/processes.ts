import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { execa } from 'execa';

export type Environment = Readonly<Record<string, string | undefined>>;

export interface RunOptions {
  /** The user to run as, if the tests run as root; else it runs as the current user. */
  user?: string;
  /** The whole environment; a PATH like cron's is added if it has none. */
  environment?: Environment;
  input?: string;
  /** stderr is inherited. */
  aloud?: boolean;
  /** Exit statuses that are accepted. */
  statuses?: readonly number[];
}

export interface Outcome {
  status: number;
  stdout: string;
  stderr: string;
}

/** Runs a program and waits until it exits. @throws if its exit status is neither 0 nor one of `statuses`. */
export async function run(command: readonly string[], options: RunOptions = {}): Promise<Outcome> {
  const { environment = {}, input, aloud = false, statuses = [0] } = options;
  const [file = '', ...args] = [...asUser(options.user), ...command];
  const { exitCode, stdout, stderr, shortMessage } = await execa(file, args, {
    env: { PATH: '/usr/bin:/bin', ...environment },
    cwd: '/',
    extendEnv: false,
    reject: false,
    stripFinalNewline: false,
    stderr: aloud ? 'inherit' : 'pipe',
    timeout: 1_800_000,
    ...(input === undefined ? { stdin: 'ignore' } : { input }),
  });
  if (exitCode === undefined || !statuses.includes(exitCode))
    throw new Error(`${shortMessage ?? file}\n${stderr ?? ''}${stdout}`);
  return { status: exitCode, stdout, stderr: stderr ?? '' };
}

export interface Daemon {
  readonly pid: number;
  running(): boolean;
  /** Sends the signal and waits until the process exits; after 30 s it gets SIGKILL. */
  end(signal?: NodeJS.Signals): Promise<void>;
}

/** Starts a daemon that runs until `end()`, or until this process exits. Its output goes to a file. */
export function startDaemon(
  command: readonly string[],
  { user, environment = {}, log }: { user?: string; environment?: Environment; log: string },
): Daemon {
  const [file = '', ...args] = [...asUser(user), ...command];
  const descriptor = openSync(log, 'a');
  const child = spawn(file, args, {
    env: { PATH: '/usr/bin:/bin', ...environment },
    // the current folder may not be accessible to that user
    cwd: '/',
    stdio: ['ignore', descriptor, descriptor],
  });
  closeSync(descriptor);
  const ended = new Promise<void>((resolve, reject) =>
    child
      .once('exit', () => {
        resolve();
      })
      .once('error', reject),
  );
  ended.catch(() => undefined);
  const { pid } = child;
  if (pid === undefined) throw new Error(`${command.join(' ')} cannot be started`);
  const running = () => child.exitCode === null && child.signalCode === null;
  return {
    pid,
    running,
    async end(signal = 'SIGTERM') {
      if (!running()) return;
      child.kill(signal);
      const killer = setTimeout(() => child.kill('SIGKILL'), 30_000);
      await ended;
      clearTimeout(killer);
    },
  };
}

/** The process gets a signal when its parent dies, so that nothing is left when a test run is killed. */
function asUser(user: string | undefined): string[] {
  const end = ['/usr/bin/setpriv', '--pdeathsig', 'TERM'];
  if (user === undefined || process.getuid?.() !== 0) return end;
  return [...end, '--reuid', user, '--regid', user, '--init-groups'];
}

/** Polls until there is a result. @throws an error with the description and the last error, after `limit` ms. */
export async function until<Answer>(
  what: string,
  ask: () => Promise<Answer | undefined> | Answer | undefined,
  limit = 120_000,
): Promise<Answer> {
  const end = performance.now() + limit;
  let failure: unknown;
  do {
    try {
      const answer = await ask();
      if (answer !== undefined) return answer;
    } catch (error) {
      failure = error;
    }
    await sleep(100);
  } while (performance.now() < end);
  throw new Error(`waited ${String(limit / 1000)} s in vain: ${what}`, { cause: failure });
}

/** Unused ports on loopback, below the range of ephemeral ports. */
export async function freePorts(count: number): Promise<number[]> {
  const servers: Server[] = [];
  while (servers.length < count) {
    const server = createServer().listen(20_000 + Math.floor(Math.random() * 12_000), '127.0.0.1');
    await once(server, 'listening').then(
      () => servers.push(server),
      () => undefined,
    );
  }
  const ports = servers.map((server) => (server.address() as AddressInfo).port);
  await Promise.all(servers.map((server) => once(server.close(), 'close')));
  return ports;
}

/** The end of a log, which shows why a daemon did not start. */
export function tail(log: string): string {
  return readFileSync(log, 'utf8').split('\n').slice(-10).join('\n');
}
