import { setTimeout as sleep } from 'node:timers/promises';
import { asError, joinErrors, TimeLimitError } from '../errors.ts';
import type { CollectorRun, StatusDocument } from '../document/schema.ts';
import type { Deadline } from '../system/deadline.ts';
import { presentable, type Redact } from '../text/redact.ts';
import type { Collector, Findings, Sources } from './collector.ts';

const LONGEST_ERROR = 600;

/** The one place that measures the time of a collector, limits it, and records success or failure. */
export async function execute<Part extends Partial<StatusDocument>>(
  collector: Collector<Part>,
  sources: Sources,
  deadline: Deadline,
  redact: Redact,
  collectedAt: number,
): Promise<{ part: Part; run: CollectorRun }> {
  const started = performance.now();
  const { part, failures, collectedAt: earlier } = await bounded(collector, sources, deadline);
  const failure = failures.length === 0 ? undefined : joinErrors(failures);
  return {
    part: part ?? collector.unknown,
    run: {
      ok: failure === undefined,
      partial: failure !== undefined && part !== undefined,
      duration_ms: Math.round(performance.now() - started),
      error: failure === undefined ? null : presentable(failure.message, redact).slice(0, LONGEST_ERROR),
      ...(failure?.shortCause !== undefined && {
        cause: presentable(failure.shortCause, redact).slice(0, LONGEST_ERROR),
      }),
      timed_out: failure instanceof TimeLimitError,
      collected_at: part === undefined ? null : (earlier ?? collectedAt),
    },
  };
}

/** Collectors end by themselves, because the clients observe an earlier deadline. The run does not wait for one that does not. */
async function bounded<Part extends Partial<StatusDocument>>(
  collector: Collector<Part>,
  sources: Sources,
  deadline: Deadline,
): Promise<Partial<Findings<Part>> & Pick<Findings<Part>, 'failures'>> {
  const late = new AbortController();
  const left = sleep(deadline.remaining(), undefined, { signal: late.signal }).then(() => {
    throw new TimeLimitError('did not finish in time');
  });
  try {
    return await Promise.race([collector.collect(sources), left]);
  } catch (error) {
    return { failures: [asError(error)] };
  } finally {
    late.abort();
    left.catch(() => undefined);
  }
}
