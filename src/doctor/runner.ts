import { setTimeout as sleep } from 'node:timers/promises';
import { asError, isForeseen } from '../errors.ts';
import type { Deadline } from '../system/deadline.ts';
import type { Progress } from '../system/progress.ts';
import { presentable, type Redact } from '../text/redact.ts';
import type { Check } from './check.ts';
import { type CheckStatus, failed, type Finding, skipped } from './finding.ts';
import type { Subject } from './subject.ts';

/** What is shown of a check. */
export interface Result {
  name: string;
  status: CheckStatus;
  reason: string;
  /** What to do; null = nothing. */
  remedy: string | null;
  duration_ms: number;
}

const LONGEST_TEXT = 1000;

export interface Running {
  checks: readonly Check[];
  /** The result of another check, by its name. */
  subject: (statusOf: Subject['statusOf']) => Subject;
  deadline: Deadline;
  redact: Redact;
  progress: Progress;
}

/** Runs all checks concurrently; one that needs another waits for it. The only place that measures, limits and redacts them. */
export async function runChecks({
  checks,
  subject: makeSubject,
  deadline,
  redact,
  progress,
}: Running): Promise<Result[]> {
  const ends = new Map<string, Promise<Result>>();
  const statusOf = async (name: string) => (await ends.get(name))?.status ?? 'skipped';
  const subject = makeSubject(statusOf);
  for (const check of checks)
    ends.set(
      check.name,
      Promise.resolve().then(() => runOne(check)),
    );
  return Promise.all(ends.values());

  async function runOne(check: Check): Promise<Result> {
    const needed = await Promise.all((check.needs ?? []).flatMap((name) => ends.get(name) ?? []));
    const started = performance.now();
    const missing = needed.find(({ status }) => status === 'failed' || status === 'skipped');
    const finding = missing === undefined ? await bounded(check, subject, deadline) : skipped(because(missing));
    progress.ended(check.name, finding.status !== 'failed');
    return {
      name: check.name,
      ...shown(finding, check, subject, redact),
      duration_ms: Math.round(performance.now() - started),
    };
  }
}

/** If the other check was skipped, its reason applies to this one too. */
function because({ name, status, reason }: Result): string {
  return status === 'failed' ? `not examined, because ${name} failed` : reason;
}

function shown(
  { status, reason, remedy }: Finding,
  { hint, isDiagnosed }: Check,
  { setUp: { remedyFor } }: Subject,
  redact: Redact,
): Pick<Result, 'status' | 'reason' | 'remedy'> {
  const text = (words: string) => presentable(words, redact).slice(0, LONGEST_TEXT);
  const isWell = status === 'ok' || status === 'skipped';
  return {
    status,
    reason: text(reason),
    remedy: isWell ? null : text(remedy ?? (isDiagnosed && remedyFor(reason)) ?? hint),
  };
}

/** Checks end by themselves, because what they start observes an earlier deadline. The run does not wait for one that does not. */
async function bounded(check: Check, subject: Subject, deadline: Deadline): Promise<Finding> {
  const late = new AbortController();
  const left = sleep(deadline.remaining(), undefined, { signal: late.signal }).then(() =>
    failed('it did not finish within the time limit', 'Raise --timeout.'),
  );
  left.catch(() => undefined);
  try {
    return await Promise.race([check.examine(subject), left]);
  } catch (error) {
    if (!isForeseen(error)) throw error;
    return failed(asError(error).message);
  } finally {
    late.abort();
  }
}
