/**
 * A point in time on the monotonic clock, which is 0 at the start of the process: so the time limit includes the start-up, and changes
 * of the system clock do not matter.
 */
export interface Deadline {
  /** Milliseconds left, never below 0. */
  remaining(): number;
}

/** The time limit of a part of the run, passed down to everything that it starts. */
export interface Limit {
  /** When it must be over. */
  deadline: Deadline;
  /** Aborted when the run itself is being ended. */
  signal: AbortSignal;
  /** Milliseconds between SIGTERM and SIGKILL for a child that exceeds the deadline. */
  grace: number;
}

/** The deadline at `at` milliseconds after the start of the process. */
export function deadlineAt(at: number, now: () => number = () => performance.now()): Deadline {
  return { remaining: () => Math.max(0, at - now()) };
}

/** The same limit with a deadline at most `milliseconds` from now. */
export function within(limit: Limit, milliseconds: number): Limit {
  const left = Math.min(milliseconds, limit.deadline.remaining());
  return { ...limit, deadline: deadlineAt(performance.now() + left) };
}

/** Aborted when the limit's deadline passes, or when the run is being ended. */
export function signalOf({ deadline, signal }: Limit): AbortSignal {
  return AbortSignal.any([signal, AbortSignal.timeout(Math.ceil(deadline.remaining()))]);
}

/** The time limits of the parts of a run. */
export interface Budget {
  /** At its deadline the requests and children of the collectors are aborted. */
  collect: Limit;
  /** The run stops waiting for collectors: the rest of the time is for delivery. */
  collected: Deadline;
  /** For deliveries. */
  deliver: Limit;
}

/** A kubectl patch takes 60 to 80 ms, and seconds against a slow API server with a cold discovery cache (src/kubectl/README.md). */
const MOST_FOR_DELIVERY = 10_000;
/** The time between SIGTERM and SIGKILL. */
const MOST_GRACE = 2_000;

/** Divides the run's `timeout` (ms): a fifth, 10 s at most, for delivery; a twentieth, 2 s at most, for ending children. */
export function divideBudget(timeout: number, signal: AbortSignal, now?: () => number): Budget {
  const delivery = Math.min(MOST_FOR_DELIVERY, timeout / 5);
  const grace = graceWithin(timeout);
  return {
    collect: { deadline: deadlineAt(timeout - delivery - grace, now), signal, grace },
    collected: deadlineAt(timeout - delivery, now),
    // half the grace, so that a kubectl that must be killed is gone before the run ends
    deliver: { deadline: deadlineAt(timeout - grace, now), signal, grace: grace / 2 },
  };
}

/** Milliseconds between SIGTERM and SIGKILL in a run of `timeout` ms. */
export function graceWithin(timeout: number): number {
  return Math.min(MOST_GRACE, timeout / 20);
}
