import { asError, CollectError, errorCode, TimeLimitError } from '../errors.ts';
import { runChild, type Finished } from '../system/child.ts';
import { within, type Limit } from '../system/deadline.ts';
import { findExecutable, isExecutable } from '../system/executable.ts';
import type { Log } from '../system/log.ts';
import { childEnvironment } from './child-environment.ts';
import { describeFailure } from './cause.ts';
import { failureReason } from './output.ts';

export interface WalgSettings {
  /** The path that was asked for; else WAL-G is looked for on PATH and in the usual places. */
  path: string | undefined;
  /** The process environment with the WAL-G environment laid over it. */
  environment: Readonly<Record<string, string>>;
}

export interface RunOptions {
  /** Milliseconds that it may take; until the collectors' deadline where it is not given. */
  time?: number;
  /** Variables to be set for this call alone. */
  env?: Readonly<Record<string, string>>;
}

/** The `wal-g` program: how it is run, not what it is asked. */
export interface WalgProgram {
  /** The environment that it gets, before what one call adds. */
  readonly environment: Readonly<Record<string, string>>;
  /**
   * Runs `wal-g` with these arguments.
   * @throws TimeLimitError when its time was up, CollectError where it cannot be started or was ended by a signal, and
   * WalgFailure where it exits with a failure.
   */
  run(args: readonly string[], options?: RunOptions): Promise<Finished>;
  /** Its path. @throws CollectError where it is not there: then nothing else need be found out for it. */
  program(): string;
  /** Milliseconds left to collect. */
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

  /** Its argument parser (cobra) did not know this flag or command: an older WAL-G. */
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
      if (limited.deadline.remaining() === 0)
        throw new TimeLimitError(`${command} was not started: there was no time left for it`);
      const started = performance.now();
      const finished = await start({ file, args, env: { ...environment, ...env } }, limited);
      const took = `${((performance.now() - started) / 1000).toFixed(1)} s`;
      log.detail(
        `${command}: ${finished.timedOut ? 'ended' : `exit status ${String(finished.status ?? finished.signal)}`} after ${took}`,
      );
      if (finished.timedOut) throw new TimeLimitError(`${command} did not end within ${took} and was ended`);
      if (finished.signal !== null) throw new CollectError(`${command} was ended by ${finished.signal}`);
      if (finished.status !== 0) throw new WalgFailure(command, finished);
      if (finished.overflowed) throw new CollectError(`${command} printed more than can be kept`);
      return finished;
    },
  };
}

/** On the PATH that WAL-G gets, as envdir would look for it. */
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
    throw new CollectError(`${args[0].file} cannot be started (${errorCode(error) ?? asError(error).message})`);
  }
}
