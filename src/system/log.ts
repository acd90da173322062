import { writeSync } from 'node:fs';
import type { Redact } from './redact.ts';

/** Where the run speaks to a person: stderr, one line each, secrets blotted out. */
export interface Log {
  /** Something failed: always said. */
  failure(message: string): void;
  /** Something worth knowing that is no failure: not said under --quiet. */
  note(message: string): void;
  /** How the run goes: said under --verbose. */
  detail(message: string): void;
}

export function stderrLog(settings: { quiet: boolean; verbose: boolean }, redact: Redact, write = writeLine): Log {
  const say = (message: string) => {
    write(`postgres-status: ${redact(oneLine(message))}\n`);
  };
  const silent = () => undefined;
  return { failure: say, note: settings.quiet ? silent : say, detail: settings.verbose ? say : silent };
}

/** Whatever came from outside, as one line without control characters, which a terminal would obey. */
export function oneLine(text: string): string {
  return text.replace(/[\s\u0000-\u001f\u007f-\u009f]+/g, ' ').trim();
}

function writeLine(line: string): void {
  try {
    writeSync(2, line);
  } catch {
    // Nobody reads stderr: the exit status still tells.
  }
}
