import type { Log } from './system/log.ts';
import type { Redact } from './text/redact.ts';

/** What the run takes from the world around it. */
export interface World {
  environment: NodeJS.ProcessEnv;
  log: Log;
  redact: Redact;
  /** Aborted when the run itself is being ended. */
  signal: AbortSignal;
  /** stdout is a terminal, with a person at it, and so wide, in cells; undefined = it is none. */
  terminal: { columns: number } | undefined;
  /** stderr is a terminal: a person can be shown what the run waits for. */
  showsProgress: boolean;
  /** Epoch milliseconds. */
  now: () => number;
}
