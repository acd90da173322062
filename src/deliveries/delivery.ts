import type { Settings } from '../options/settings.ts';
import type { Deadline } from '../system/deadline.ts';
import type { Log } from '../system/log.ts';

/** The document in words, for either kind of reader. */
export interface Texts {
  /** For programs that read it back: JSON on one line. */
  published: string;
  /** In the format that was asked for. */
  printed: string;
}

/** What a delivery keeps to, and what it may use of the world. */
export interface Means {
  deadline: Deadline;
  /** Aborted when the run itself is being ended. */
  signal: AbortSignal;
  /** Milliseconds between SIGTERM and SIGKILL for a child that is late. */
  grace: number;
  environment: NodeJS.ProcessEnv;
  log: Log;
}

/**
 * One file per delivery. It puts a text where the settings ask for it, and returns undefined where they do not.
 * The promise is rejected with a DeliveryError that says what to do.
 */
export type Delivery = (texts: Texts, settings: Settings, means: Means) => Promise<void> | undefined;
