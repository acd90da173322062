import { withoutBlocking } from './output.ts';
import { presentable, type Redact } from '../text/redact.ts';

/** Where the run speaks to a person: stderr, one line each, secrets blotted out. */
export interface Log {
  /** Something failed: always said. */
  failure(message: string): void;
  /** Something worth knowing that is no failure: not said under --quiet. */
  note(message: string): void;
  /** How the run goes: said under --verbose. */
  detail(message: string): void;
}

/** More than that is somebody's page of HTML, and a line of up to 4096 bytes stays in one piece in a pipe. */
const LONGEST_LINE = 1000;

export function stderrLog(settings: { quiet: boolean; verbose: boolean }, redact: Redact, write = writeLine): Log {
  const say = (message: string) => {
    // cut after the secrets are gone: the beginning of one is not recognized
    write(`postgres-status: ${shorten(presentable(message, redact))}\n`);
  };
  const silent = () => undefined;
  return { failure: say, note: settings.quiet ? silent : say, detail: settings.verbose ? say : silent };
}

function shorten(line: string): string {
  return line.length > LONGEST_LINE ? `${line.slice(0, LONGEST_LINE)}…` : line;
}

/** How long a reader of stderr that is slow is waited for, in tries of 10 ms each; who is stuck is not waited for again. */
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
    // Nobody reads stderr: the exit status still tells.
  } finally {
    output.close();
  }
}
