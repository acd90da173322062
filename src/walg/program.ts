import { CollectError, systemReason, TimeLimitError } from '../errors.ts';
import { runChild, type Finished } from '../system/child.ts';
import { within, type Limit } from '../system/deadline.ts';
import { findExecutable, isExecutable } from '../system/executable.ts';
import type { Log } from '../system/log.ts';
import { childEnvironment } from './child-environment.ts';
import { describeFailure } from './cause.ts';
import { failureReason } from './output.ts';

export interface WalgSettings {
  /** The path given by the user; undefined = search PATH and the usual directories. */
  path: string | undefined;
  /** The process environment, overridden by the WAL-G environment. */
  environment: Readonly<Record<string, string>>;
}

export interface RunOptions {
  /** The time limit, milliseconds; by default the time until the collectors' deadline. */
  time?: number;
  /** Variables for this call only. */
  env?: Readonly<Record<string, string>>;
}

/** Runs the `wal-g` program. */
export interface WalgProgram {
  /** The environment of each call, without what a call adds. */
  readonly environment: Readonly<Record<string, string>>;
  /**
   * Runs `wal-g` with these arguments.
   * @throws TimeLimitError if its time was up, CollectError if it cannot be started or was terminated by a signal, and WalgFailure if it
   * exits with a failure.
   */
  run(args: readonly string[], options?: RunOptions): Promise<Finished>;
  /** Its path. @throws CollectError if there is none. */
  program(): string;
  /** Milliseconds until the collectors' deadline. */
  remaining(): number;
}

/** WAL-G exited with a failure. */
export class WalgFailure extends CollectError {
  override name = 'WalgFailure';
  readonly finished: Finished;

  constructor(command: string, finished: Finished) {
    const reason = failureReason(finished.stdout, finished.stderr);
    super(...describeFailure(`${command} failed with exit status ${finished.status}`, reason));
    this.finished = finished;
  }

  /** Whether its argument parser (cobra) rejected the flag or command, as an older WAL-G does. */
  refused(what: RegExp): boolean {
    return what.test(/^Error: (.*)$/m.exec(this.finished.stderr)?.[1] ?? '');
  }
}

export function walgProgram(settings: WalgSettings, limit: Limit, log: Log): WalgProgram {
  const { deadline } = limit;
  const environment = childEnvironment(settings.environment);
  const program = () => executable(settings.path, environment['PATH']);
  return {
    environment,
    program,
    remaining: () => deadline.remaining(),
    async run(args, { time = deadline.remaining(), env = {} } = {}) {
      const command = ['wal-g', ...args].join(' ');
      const file = program();
      const limited = within(limit, time);
      if (limited.deadline.remaining() === 0) throw new TimeLimitError(`${command} was not started: no time was left`);
      const started = performance.now();
      const finished = await start({ file, args, env: { ...environment, ...env } }, limited);
      const took = `${((performance.now() - started) / 1000).toFixed(1)} s`;
      log.detail(
        `${command}: ${finished.timedOut ? 'ended' : `exit status ${String(finished.status ?? finished.signal)}`} after ${took}`,
      );
      if (finished.timedOut) throw new TimeLimitError(`${command} did not finish within ${took} and was terminated`);
      if (finished.signal !== null) throw new CollectError(`${command} was terminated by ${finished.signal}`);
      if (finished.status !== 0) throw new WalgFailure(command, finished);
      if (finished.overflowed) throw new CollectError(`${command} printed too much`);
      return finished;
    },
  };
}

/** Searches the PATH of WAL-G's environment, as envdir does. */
function executable(path: string | undefined, searchPath: string | undefined): string {
  if (path !== undefined) {
    if (isExecutable(path)) return path;
    throw new CollectError(`${path} is not an executable file: correct --wal-g`);
  }
  const found = findExecutable('wal-g', searchPath);
  if (found === undefined)
    throw new CollectError('wal-g is neither on PATH nor in the usual places: install it or give --wal-g');
  return found;
}

async function start(...args: Parameters<typeof runChild>): Promise<Finished> {
  try {
    return await runChild(...args);
  } catch (error) {
    throw new CollectError(`${args[0].file} cannot be started (${systemReason(error)})`);
  }
}
