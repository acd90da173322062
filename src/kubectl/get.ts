import { within, type Limit } from '../system/deadline.ts';
import { findComplaint, type Complaint } from './complaint.ts';
import { explain } from './errors.ts';
import type { KubectlSettings } from './settings.ts';
import { accessArguments, hasSucceeded, runKubectl } from './start.ts';

/** How requests are made that read. */
export interface Reading {
  kubectl: KubectlSettings;
  /** The time limit of each request, milliseconds. */
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

/** kubectl is slow to start, and says more than "terminated" if it may end by itself. */
const START = 300;
/** A page of 500 documents of 64 KiB is half of it. */
const MOST_BYTES = 64 * 1024 * 1024;

/**
 * The body of one GET request: `kubectl get --raw` sends it alone, without discovery, and prints it as it comes, in a tenth of the processor
 * time of `-o json` (src/kubectl/README.md).
 * @param remedy what to do, by the reason that the API server gives
 * @throws ReadError that says why not; `TooLarge` is the reason if the reply has more than 64 MiB.
 */
export async function getRaw(
  path: string,
  { kubectl, requestTimeout, limit }: Reading,
  remedy: (complaint: Complaint) => string | undefined = () => undefined,
): Promise<string> {
  const args = ['get', `--raw=${path}`, ...accessArguments(kubectl, requestTimeout)];
  const finished = await runKubectl(args, kubectl, within(limit, requestTimeout + START), MOST_BYTES);
  if (finished.overflowed) throw new ReadError(`its reply is larger than ${String(MOST_BYTES)} bytes`, 'TooLarge');
  if (hasSucceeded(finished)) return finished.stdout;
  throw new ReadError(explain(finished, remedy), findComplaint(finished.stderr)?.reason);
}

/** What `kubectl config` prints, which asks no server. */
export async function getConfig(args: readonly string[], { kubectl, requestTimeout, limit }: Reading): Promise<string> {
  const command = ['config', ...args, ...accessArguments(kubectl, requestTimeout)];
  const finished = await runKubectl(command, kubectl, within(limit, requestTimeout + START));
  if (hasSucceeded(finished)) return finished.stdout.trim();
  throw new ReadError(explain(finished, () => undefined));
}
