import type { StatusDocument } from '../document/schema.ts';
import type { Patroni } from '../patroni/client.ts';
import type { Walg } from '../walg/client.ts';

/** What a collector may ask. Each asks whom it needs; what was asked once in a run is not asked again. */
export interface Sources {
  patroni: Patroni;
  walg: Walg;
}

/** What a collector brought, and each way in which it is known to be incomplete. */
export interface Findings<Part> {
  part: Part;
  failures: readonly Error[];
}

/** One file per collector: it says which keys of the document are its own, and how to learn them. */
export interface Collector<Part extends Partial<StatusDocument>> {
  /** Its keys as they are when nothing could be learnt. */
  unknown: Part;
  /** @throws where nothing at all could be learnt. Time and signal are the sources' business. */
  collect(sources: Sources): Promise<Findings<Part>>;
}
