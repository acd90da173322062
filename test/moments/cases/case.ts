import type { Claims } from '../claims.ts';
import type { Moment } from '../moment.ts';

/** A trouble that operators reported, rebuilt: what was true, and what must be said of it. */
export interface Case {
  /** In words; the first two digits are those of a kind of trouble. */
  name: string;
  moment: Moment;
  args?: readonly string[];
  /** Of the process. */
  environment?: Readonly<Record<string, string>>;
  /** Of WAL-G. */
  walg?: Readonly<Record<string, string>>;
  claims: Claims;
}
