import type { Memory } from '../document/memory.ts';
import type { HealthCheck, StatusDocument } from '../document/schema.ts';
import { worstFirst, type Status } from '../document/status.ts';
import type { Thresholds } from './thresholds.ts';

/** What is judged, by which thresholds, and when. */
export interface Situation {
  document: StatusDocument;
  thresholds: Thresholds;
  /** Epoch milliseconds. */
  now: number;
  /** What the last run on this node saved (--state); undefined = nothing was saved. */
  memory?: Memory | undefined;
}

/** What a check found: its reasons, the worst first, and the number that was judged, with up to two limits. */
export type Finding = Omit<HealthCheck, 'name' | 'message' | 'reasons'> & { reasons: readonly string[] };

/** One file per check. Undefined if the document does not have the facts: the check is left out. */
export type Check = (situation: Situation) => Finding | undefined;

/** One of several things that a check has to say. */
export interface Remark {
  status: Status;
  text: string;
}

/** The remarks as one finding, the worst first. */
export function conclude(remarks: readonly Remark[], measured: Omit<Finding, 'status' | 'reasons'> = {}): Finding {
  const sorted = worstFirst(remarks, ({ status }) => status);
  return { status: sorted[0]?.status ?? 'ok', reasons: sorted.map(({ text }) => text), ...measured };
}

/** A finding of one reason. */
export function finding(status: Status, reason: string): Finding {
  return { status, reasons: [reason] };
}
