import type { Limit } from '../system/deadline.ts';
import { Head } from '../system/kept.ts';
import { BoundError } from '../text/bounds.ts';
import { findComplaint, type Complaint } from './complaint.ts';
import { explain } from './errors.ts';
import { MOST_BYTES_OF_OBJECT } from './item-scanner.ts';
import { Reception } from './reception.ts';
import type { KubectlSettings } from './settings.ts';
import { accessArguments, hasSucceeded, runKubectl } from './start.ts';

/** The settings of read requests. */
export interface Reading {
  kubectl: KubectlSettings;
  /** The longest silence of the API server, milliseconds. */
  requestTimeout: number;
  limit: Limit;
}

/** Why a request failed; the message says what to do. */
export class ReadError extends Error {
  override name = 'ReadError';
  /** The reason in the API server's Status (`Forbidden`, `NotFound`, `Expired`, …); undefined = no server gave one. */
  readonly reason: string | undefined;

  constructor(message: string, reason?: string) {
    super(message);
    this.reason = reason;
  }
}

export const NOT_JSON = 'its reply is not JSON';

/** Milliseconds that kubectl may take to start. */
const START = 300;

/** What to do about a request that failed, by the reason that the API server gives. */
export type Remedy = (complaint: Complaint) => string | undefined;

/** The body of one GET request. @throws ReadError that says why not. */
export async function getRaw(path: string, reading: Reading, remedy?: Remedy): Promise<string> {
  const body = new Head(MOST_BYTES_OF_OBJECT);
  const take = (chunk: Uint8Array) => {
    body.add(chunk);
    if (body.overflowed) throw new ReadError(`its reply is larger than ${String(MOST_BYTES_OF_OBJECT)} bytes`);
  };
  await streamRaw(path, reading, take, remedy);
  return body.text();
}

/**
 * Passes on the body of one GET request while it arrives. `kubectl get --raw` sends only that request, without discovery, and takes a
 * tenth of the CPU time of `-o json` (src/kubectl/README.md). It may last as long as the run; only each silence is limited.
 * @throws ReadError that says why not.
 */
export async function streamRaw(
  path: string,
  { kubectl, requestTimeout, limit }: Reading,
  take: (chunk: Uint8Array) => void,
  remedy: Remedy = () => undefined,
): Promise<void> {
  const reception = new Reception(requestTimeout + START, take);
  try {
    const args = ['get', `--raw=${path}`, ...accessArguments(kubectl)];
    const finished = await runKubectl(args, kubectl, reception.limit(limit), reception);
    const { failure, isSilent } = reception;
    if (failure instanceof BoundError) throw new ReadError(`its reply has ${failure.message}`);
    if (failure instanceof SyntaxError) throw new ReadError(NOT_JSON);
    if (failure !== undefined) throw failure;
    if (isSilent) throw new ReadError(silent(requestTimeout));
    if (!hasSucceeded(finished)) throw new ReadError(explain(finished, remedy), findComplaint(finished.stderr)?.reason);
  } finally {
    reception.end();
  }
}

function silent(milliseconds: number): string {
  return `the API server did not answer within ${String(milliseconds / 1000)} s; raise --request-timeout if it is only slow`;
}

/** Milliseconds. `kubectl config` sends no request, but Google's dispatcher asks the server for its version (README.md). */
const MOST_FOR_VERSION = 200;

/** The output of `kubectl config`. */
export async function getConfig(args: readonly string[], kubectl: KubectlSettings, limit: Limit): Promise<string> {
  const access = accessArguments(kubectl, MOST_FOR_VERSION);
  const finished = await runKubectl(['config', ...args, ...access], kubectl, limit);
  if (hasSucceeded(finished)) return finished.stdout.trim();
  throw new ReadError(explain(finished, () => undefined));
}
