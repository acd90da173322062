import type { Memory } from '../document/memory.ts';
import type { StatusDocument } from '../document/schema.ts';
import type { Patroni } from '../patroni/client.ts';
import type { Walg } from '../walg/client.ts';

/** What an earlier run saved, and the maximum age (seconds) of its verification (--verify-every). */
export interface Earlier {
  memory: Memory;
  maxAge: number;
  /** Of the current environment of WAL-G. */
  fingerprint: string;
  /** Epoch seconds. */
  now: number;
}

/** The clients of the outside systems. Each sends a request at most once in a run. */
export interface Sources {
  patroni: Patroni;
  walg: Walg;
  /** What an earlier run verified (--verify-every). */
  earlier?: Earlier | undefined;
}

/** The result of a collector, and why it is incomplete; no failures = it is complete. */
export interface Findings<Part> {
  part: Part;
  failures: readonly Error[];
  /** When an earlier run collected it, epoch seconds; undefined = this run did. */
  collectedAt?: number;
}

/** One file per collector: which keys of the document it fills, and how. */
export interface Collector<Part extends Partial<StatusDocument>> {
  /** The values of its keys if it fails. */
  unknown: Part;
  /** @throws if it has no result at all. The clients observe the time limit and the signal. */
  collect(sources: Sources): Promise<Findings<Part>>;
}
