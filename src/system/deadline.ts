/**
 * A point in time that the run must not pass, on the monotonic clock whose zero is the start of the process: so the time that
 * starting took counts too, and a step of the system clock does not.
 */
export interface Deadline {
  /** Milliseconds left, never below 0. */
  remaining(): number;
}

/** The deadline at `at` milliseconds after the start of the process. */
export function deadlineAt(at: number, now: () => number = () => performance.now()): Deadline {
  return { remaining: () => Math.max(0, at - now()) };
}

/** The three points at which the parts of a run must be over. */
export interface Budget {
  /** Collectors are told to stop. */
  collect: Deadline;
  /** Whatever has not stopped by then is left behind: what delivery needs is kept back. */
  collected: Deadline;
  /** Everything is delivered. */
  deliver: Deadline;
}

/** A kubectl patch takes 60 to 80 ms (reference: measured), and seconds against a slow API server with a cold discovery cache. */
const MOST_FOR_DELIVERY = 10_000;
/** What a child that is told to end may take before it is killed. */
const MOST_GRACE = 2_000;

/** Divides the whole run's `timeout` (ms). Delivery keeps a fifth, 10 s at most; ending late children takes a twentieth, 2 s at most. */
export function divideBudget(timeout: number, now?: () => number): Budget {
  const delivery = Math.min(MOST_FOR_DELIVERY, timeout / 5);
  const grace = graceWithin(timeout);
  return {
    collect: deadlineAt(timeout - delivery - grace, now),
    collected: deadlineAt(timeout - delivery, now),
    deliver: deadlineAt(timeout - grace, now),
  };
}

/** How long (ms) a child has between SIGTERM and SIGKILL in a run of `timeout` ms. */
export function graceWithin(timeout: number): number {
  return Math.min(MOST_GRACE, timeout / 20);
}
