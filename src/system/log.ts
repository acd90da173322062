import { withoutBlocking } from './output.ts';
import { presentable, type Redact } from '../text/redact.ts';

/** Messages on stderr, one line each, without secrets. */
export interface Log {
  /** A failure: always printed, unless the log is silent. */
  failure(message: string): void;
  /** Information that is not a failure: not printed with --quiet. */
  note(message: string): void;
  /** Progress and durations: printed with --verbose. */
  detail(message: string): void;
}

/** Longer messages quote a page of HTML or the like. Writes of up to PIPE_BUF (4096 bytes) to a pipe are atomic. */
const LONGEST_LINE = 1000;

export interface LogSettings {
  quiet: boolean;
  verbose: boolean;
  /** Nothing is printed, not even failures, except with --verbose. */
  silent?: boolean;
}

export function stderrLog(settings: LogSettings, redact: Redact, write = writeLine): Log {
  const say = (message: string) => {
    // cut after redaction: the first part of a secret would not be recognized
    write(`postgres-status: ${shorten(presentable(message, redact))}\n`);
  };
  const nothing = () => undefined;
  if (settings.silent === true && !settings.verbose) return { failure: nothing, note: nothing, detail: nothing };
  return { failure: say, note: settings.quiet ? nothing : say, detail: settings.verbose ? say : nothing };
}

function shorten(line: string): string {
  return line.length > LONGEST_LINE ? `${line.slice(0, LONGEST_LINE)}…` : line;
}

/** Attempts of 10 ms each that are left while stderr is full, for the whole run: a reader that is stuck delays it only once. */
let patience = 50;
const clock = new Int32Array(new SharedArrayBuffer(4));

function writeLine(line: string): void {
  const output = withoutBlocking(2);
  try {
    for (let rest: Uint8Array = Buffer.from(line); rest.length > 0 && patience > 0;) {
      const written = output.write(rest);
      rest = rest.subarray(written);
      if (written > 0) continue;
      patience--;
      Atomics.wait(clock, 0, 0, 10);
    }
  } catch {
    // EPIPE or the like: the exit status still reports the failure
  } finally {
    output.close();
  }
}
