import type { Finding } from './finding.ts';
import type { Subject } from './subject.ts';

/** One thing that a run needs. */
export interface Check {
  name: string;
  /** What it examines, in words that follow "checks". */
  what: string;
  /** Checks without which there is nothing to examine. */
  needs?: readonly string[];
  /** What to do if nothing more particular is known. */
  hint: string;
  /** Most of its messages are in the diagnostics of the manual page: what they advise goes before the hint. */
  isDiagnosed?: true;
  /** An error that is thrown means that it failed, with the error's message as the reason. */
  examine: (subject: Subject) => Promise<Finding> | Finding;
}
