import type { Log } from './system/log.ts';
import type { Redact } from './text/redact.ts';

/** The environment of a run: what tests replace. */
export interface World {
  environment: NodeJS.ProcessEnv;
  log: Log;
  redact: Redact;
  /** Aborted when the run itself is being ended. */
  signal: AbortSignal;
  /** The width of the terminal in cells; undefined = stdout is not a terminal. */
  terminal: { columns: number } | undefined;
  /** stderr is a terminal that can show what the run waits for. */
  showsProgress: boolean;
  /** Epoch milliseconds. */
  now: () => number;
}
