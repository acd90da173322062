import { setTimeout as sleep } from 'node:timers/promises';
import { asError } from '../errors.ts';
import { signalOf, type Limit } from './deadline.ts';
import { loadExeca, withoutStandardStreams } from './execa.ts';
import { Ends, Head, type Kept } from './kept.ts';
import { endGroup, killGroup } from './process-group.ts';

/** A program to run once, and all it is given. */
export interface ChildCommand {
  file: string;
  args: readonly string[];
  /** The whole environment: nothing is inherited. */
  env: Readonly<Record<string, string>>;
  /** What it reads on stdin, which ends after it; nothing where not given. */
  input?: string;
  /** An open file descriptor that becomes its descriptor 3. */
  descriptor?: number;
}

/** How a child ended and what it said. */
export interface Finished {
  /** Exit status; null where a signal ended it. */
  status: number | null;
  signal: string | null;
  stdout: string;
  /** The beginning and the end: a WAL-G can print megabytes of warnings (src/walg/README.md). */
  stderr: string;
  /** It was ended because its time was up: its status says nothing then (WAL-G 3.0.9 exits 1 on SIGTERM). */
  timedOut: boolean;
  /** stdout was longer than what is kept of it. */
  overflowed: boolean;
}

/** Bytes of stdout that are kept unless the caller expects more: WAL-G's longest answers reach some megabytes (src/walg/README.md). */
const MOST_STDOUT = 16 * 1024 * 1024;
const MOST_STDERR_AT_EITHER_END = 64 * 1024;
/** A grandchild that left the process group may hold the pipes open for ever. */
const MOST_WAIT_FOR_PIPES = 500;

/** The process groups of the children that are running now. */
const running = new Set<number>();

/**
 * Runs a program in a process group of its own and waits for its end. When the limit is reached, the group gets SIGTERM and, after the
 * grace, SIGKILL; when the program ends, whatever it left behind in its group is killed, and waited for.
 * @throws the system error (`ENOENT`, `EACCES`, `E2BIG`, …) where it cannot be started.
 */
export async function runChild(command: ChildCommand, limit: Limit, mostStdout = MOST_STDOUT): Promise<Finished> {
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
        ...(command.descriptor === undefined ? [] : [command.descriptor as 3]), // execa hands over any; its type names 0 to 9 alone
      ],
    }),
  );
  const { pid } = child;
  if (pid === undefined) throw asError((await child).cause);
  running.add(pid);

  const stdout = collect(child.stdout, new Head(mostStdout));
  const stderr = collect(child.stderr, new Ends(MOST_STDERR_AT_EITHER_END));
  child.stdin?.on('error', () => undefined); // EPIPE: it did not want its input, its exit status tells
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

/** Ends every child that is running, with its process group, and waits until they are gone: the run itself is being ended. */
export async function endChildren(grace: number): Promise<void> {
  await Promise.all([...running].map((pid) => endGroup(pid, grace)));
}

function collect<Keeper extends Kept>(stream: NodeJS.ReadableStream, keeper: Keeper): Keeper {
  stream.on('data', (chunk: Uint8Array) => {
    keeper.add(chunk);
  });
  stream.on('error', () => undefined);
  return keeper;
}
