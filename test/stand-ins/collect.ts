import { join } from 'node:path';
import { type CollectorName, collectorNames } from '../../src/collectors/index.ts';
import type { StatusDocument } from '../../src/document/schema.ts';
import { patroniClient } from '../../src/patroni/client.ts';
import { collectDocument } from '../../src/sources/live.ts';
import { deadlineAt, type Limit } from '../../src/system/deadline.ts';
import type { Log } from '../../src/system/log.ts';
import { walgClient } from '../../src/walg/client.ts';

/** The stand-in for wal-g, which replays the recording named by WALG_RECORDING. */
export const WALG = join(import.meta.dirname, 'wal-g');
const NO_PROGRAM = '/nowhere/wal-g';

export const SILENT: Log = { failure: () => undefined, note: () => undefined, detail: () => undefined };

/** A limit this many milliseconds from now; only tests of time limits reach it. */
export function limitOf(milliseconds = 60_000, grace = 1000): Limit {
  const deadline = deadlineAt(performance.now() + milliseconds);
  return { deadline, signal: new AbortController().signal, grace };
}

export interface Collecting {
  patroniUrl: string;
  /** The folder that the stand-in for wal-g replays; undefined = there is no wal-g. */
  recording?: string | undefined;
  /** Another wal-g. */
  program?: string;
  /** The environment of wal-g, besides PATH and the recording. */
  environment?: Readonly<Record<string, string>>;
  names?: readonly CollectorName[];
  /** The time of collecting, epoch milliseconds. */
  at: number;
  redact?: (text: string) => string;
}

/** The document that the real clients and collectors make from the replies of a Patroni and a wal-g. */
export function collectFrom(collecting: Collecting): Promise<StatusDocument> {
  const {
    patroniUrl,
    recording,
    program = recording === undefined ? NO_PROGRAM : WALG,
    environment = {},
    names = collectorNames,
    at,
    redact = (text: string) => text,
  } = collecting;
  const limit = limitOf();
  const env = { PATH: process.env['PATH'] ?? '', WALG_RECORDING: recording ?? '', ...environment };
  return collectDocument({
    names,
    sources: {
      patroni: patroniClient(
        { urls: [new URL(patroniUrl)], tls: { insecure: false }, leaderApi: 'never' },
        limit,
        SILENT,
      ),
      walg: walgClient({ path: program, environment: env }, limit, SILENT),
    },
    deadline: limit.deadline,
    redact,
    now: () => at,
  });
}
