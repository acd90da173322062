/**
 * A point in time that the run must not pass, on the monotonic clock whose zero is the start of the process: so the time that
 * starting took counts too, and a step of the system clock does not.
 */
export interface Deadline {
  /** Milliseconds left, never below 0. */
  remaining(): number;
}

/** What a part of the run must keep to, handed down to whatever it starts. */
export interface Limit {
  /** When it must be over. */
  deadline: Deadline;
  /** Aborted when the run itself is being ended. */
  signal: AbortSignal;
  /** Milliseconds between SIGTERM and SIGKILL for a child that is late. */
  grace: number;
}

/** The deadline at `at` milliseconds after the start of the process. */
export function deadlineAt(at: number, now: () => number = () => performance.now()): Deadline {
  return { remaining: () => Math.max(0, at - now()) };
}

/** The same limit, but for a deadline that is at most `milliseconds` from now. */
export function within(limit: Limit, milliseconds: number): Limit {
  const left = Math.min(milliseconds, limit.deadline.remaining());
  return { ...limit, deadline: deadlineAt(performance.now() + left) };
}

/** Aborted when the limit's deadline passes, or when the run is being ended. */
export function signalOf({ deadline, signal }: Limit): AbortSignal {
  return AbortSignal.any([signal, AbortSignal.timeout(Math.ceil(deadline.remaining()))]);
}

/** What the parts of a run must keep to. */
export interface Budget {
  /** Collectors are told to stop at its deadline. */
  collect: Limit;
  /** A collector that has not stopped by then is left behind: the time that delivery needs is kept back. */
  collected: Deadline;
  /** Everything is delivered. */
  deliver: Limit;
}

/** A kubectl patch takes 60 to 80 ms, and seconds against a slow API server with a cold discovery cache (src/kubectl/README.md). */
const MOST_FOR_DELIVERY = 10_000;
/** What a child that is told to end may take before it is killed. */
const MOST_GRACE = 2_000;

/** Divides the whole run's `timeout` (ms). Delivery keeps a fifth, 10 s at most; ending late children takes a twentieth, 2 s at most. */
export function divideBudget(timeout: number, signal: AbortSignal, now?: () => number): Budget {
  const delivery = Math.min(MOST_FOR_DELIVERY, timeout / 5);
  const grace = graceWithin(timeout);
  return {
    collect: { deadline: deadlineAt(timeout - delivery - grace, now), signal, grace },
    collected: deadlineAt(timeout - delivery, now),
    // half the grace, so that a kubectl that must be killed is gone before the run's own end
    deliver: { deadline: deadlineAt(timeout - grace, now), signal, grace: grace / 2 },
  };
}

/** How long (ms) a child has between SIGTERM and SIGKILL in a run of `timeout` ms. */
export function graceWithin(timeout: number): number {
  return Math.min(MOST_GRACE, timeout / 20);
}
