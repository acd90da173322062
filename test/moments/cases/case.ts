import type { Claims } from '../claims.ts';
import type { Moment } from '../moment.ts';

/** A problem that operators reported, reconstructed: the situation, and the required output. */
export interface Case {
  /** A description; its first two digits are the number of the kind of problem. */
  name: string;
  moment: Moment;
  args?: readonly string[];
  /** The process environment. */
  environment?: Readonly<Record<string, string>>;
  /** The WAL-G environment. */
  walg?: Readonly<Record<string, string>>;
  claims: Claims;
}
