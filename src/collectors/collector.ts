import type { Memory } from '../document/memory.ts';
import type { StatusDocument } from '../document/schema.ts';
import type { Patroni } from '../patroni/client.ts';
import type { Walg } from '../walg/client.ts';

/** What an earlier run kept, and how old (seconds) its verification may be (--verify-every). */
export interface Earlier {
  memory: Memory;
  maxAge: number;
  /** Of the environment that WAL-G has now. */
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

/** What a collector brought, and why it is incomplete; no failures = it is complete. */
export interface Findings<Part> {
  part: Part;
  failures: readonly Error[];
  /** When it was true, epoch seconds, if an earlier run brought it. */
  collectedAt?: number;
}

/** One file per collector: which keys of the document it fills, and how. */
export interface Collector<Part extends Partial<StatusDocument>> {
  /** The values of its keys if it fails. */
  unknown: Part;
  /** @throws if it brings nothing at all. The clients observe the time limit and the signal. */
  collect(sources: Sources): Promise<Findings<Part>>;
}
