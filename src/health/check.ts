import type { Health, HealthCheck, StatusDocument } from '../document/schema.ts';
import type { Thresholds } from './thresholds.ts';

/** What is judged, by which measure, and when. */
export interface Situation {
  document: StatusDocument;
  thresholds: Thresholds;
  /** Epoch milliseconds. */
  now: number;
}

export type Status = Health['status'];
export type Finding = Omit<HealthCheck, 'name'>;

/** One file per check. Undefined where the document does not carry the facts: the check is left out. */
export type Check = (situation: Situation) => Finding | undefined;

/** What cannot be seen is worse than a warning. */
const FROM_BEST_TO_WORST: readonly Status[] = ['ok', 'warning', 'unknown', 'critical'];

export function badness(status: Status): number {
  return FROM_BEST_TO_WORST.indexOf(status);
}

/** The worst of them; nothing judged is nothing bad. */
export function worst(statuses: readonly Status[]): Status {
  return statuses.reduce((sofar, status) => (badness(status) > badness(sofar) ? status : sofar), 'ok');
}

/** One of several things that a check has to say. */
export interface Remark {
  status: Status;
  text: string;
}

/** The remarks as one finding, the worst first. */
export function conclude(remarks: readonly Remark[], measured: Omit<Finding, 'status' | 'message'> = {}): Finding {
  const worstFirst = [...remarks].sort((a, b) => badness(b.status) - badness(a.status));
  return {
    status: worst(remarks.map((remark) => remark.status)),
    message: worstFirst.map((remark) => remark.text).join('; '),
    ...measured,
  };
}
