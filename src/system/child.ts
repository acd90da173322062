import { setTimeout as sleep } from 'node:timers/promises';
import { asError } from '../errors.ts';
import { signalOf, type Limit } from './deadline.ts';
import { loadExeca, withoutStandardStreams } from './execa.ts';
import { Ends, Head, type Kept, type KeptOutput } from './kept.ts';
import { endGroup, killGroup } from './process-group.ts';
import { forgetGroup, noteGroup, noteRead } from './watchdog.ts';

/** A program to run once, with everything that it gets. */
export interface ChildCommand {
  file: string;
  args: readonly string[];
  /** The whole environment: nothing is inherited. */
  env: Readonly<Record<string, string>>;
  /** The whole of its stdin; undefined = /dev/null. */
  input?: string;
  /** An open file descriptor that the child gets as descriptor 3. */
  descriptor?: number;
}

/** How a child ended, and its output. */
export interface Finished {
  /** Exit status; null = a signal ended it. */
  status: number | null;
  signal: string | null;
  stdout: string;
  /** The beginning and the end: a WAL-G can print megabytes of warnings (src/walg/README.md). */
  stderr: string;
  /** It was ended at its time limit. Its status is meaningless then: WAL-G 3.0.9 exits 1 on SIGTERM. */
  timedOut: boolean;
  /** stdout was longer than the part that was kept. */
  overflowed: boolean;
}

/** Bytes of stdout that are kept by default: WAL-G's longest output reaches some megabytes (src/walg/README.md). */
const MOST_STDOUT = 16 * 1024 * 1024;
const MOST_STDERR_AT_EITHER_END = 64 * 1024;
/** A grandchild that left the process group may keep the pipes open forever. */
const MOST_WAIT_FOR_PIPES = 500;

/** The process groups of the running children. */
const running = new Set<number>();

/**
 * Runs a program in its own process group and waits until it exits. At the limit the group gets SIGTERM and, after the grace period,
 * SIGKILL. When the program has exited, the rest of its group is killed, and waited for.
 * @param keeper gets its stdout
 * @throws the system error (`ENOENT`, `EACCES`, `E2BIG`, …) if it cannot be started.
 */
export async function runChild(
  command: ChildCommand,
  limit: Limit,
  keeper: KeptOutput = new Head(MOST_STDOUT),
): Promise<Finished> {
  const { execa } = await loadExeca();
  const signal = signalOf(limit);
  signal.throwIfAborted();
  const child = withoutStandardStreams(() =>
    execa(command.file, command.args, {
      env: command.env,
      extendEnv: false,
      detached: true,
      cleanup: false,
      reject: false,
      buffer: false,
      encoding: 'buffer',
      stdio: [
        command.input === undefined ? 'ignore' : 'pipe',
        'pipe',
        'pipe',
        ...(command.descriptor === undefined ? [] : [command.descriptor as 3]), // execa accepts any descriptor; its type only allows 0 to 9
      ],
    }),
  );
  const { pid } = child;
  if (pid === undefined) throw asError((await child).cause);
  running.add(pid);
  noteGroup(pid);

  const stdout = collect(child.stdout, keeper);
  const stderr = collect(child.stderr, new Ends(MOST_STDERR_AT_EITHER_END));
  child.stdin?.on('error', () => undefined); // EPIPE: it did not read its input; the exit status shows whether that matters
  child.stdin?.end(command.input);

  let timedOut = false;
  const end = () => {
    timedOut = true;
    void endGroup(pid, limit.grace);
  };
  signal.addEventListener('abort', end, { once: true });

  const { status, endedBy } = await new Promise<{ status: number | null; endedBy: string | null }>((resolve) => {
    child.nodeChildProcess.once('exit', (status: number | null, endedBy: string | null) => {
      resolve({ status, endedBy });
    });
  });
  signal.removeEventListener('abort', end);
  await killGroup(pid);
  running.delete(pid);
  forgetGroup(pid);
  const pipes = new AbortController();
  await Promise.race([child, sleep(MOST_WAIT_FOR_PIPES, undefined, { signal: pipes.signal }).catch(() => undefined)]);
  pipes.abort();
  child.stdout.destroy();
  child.stderr.destroy();
  return {
    status,
    signal: endedBy,
    stdout: stdout.text(),
    stderr: stderr.text(),
    timedOut,
    overflowed: stdout.overflowed,
  };
}

/** Ends all running children with their process groups, and waits for them: the run itself is being ended. */
export async function endChildren(grace: number): Promise<void> {
  await Promise.all([...running].map((pid) => endGroup(pid, grace)));
}

function collect<Keeper extends Kept>(stream: NodeJS.ReadableStream, keeper: Keeper): Keeper {
  stream.on('data', (chunk: Uint8Array) => {
    noteRead(chunk.length);
    keeper.add(chunk);
  });
  stream.on('error', () => undefined);
  return keeper;
}
