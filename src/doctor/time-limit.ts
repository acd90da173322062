import { divideBudget } from '../system/deadline.ts';
import { formatDuration } from '../text/units.ts';
import type { Check } from './check.ts';
import { failed, ok, type Finding, skipped, together, warning } from './finding.ts';
import { entries } from './collectors.ts';

/** If a larger share of the time was needed, the reserve for slow days is too small. */
const COMFORTABLE = 1 / 2;

/** Whether the time limit leaves a reserve. */
export const timeLimit: Check = {
  name: 'time_limit',
  what: 'whether the time limit leaves a reserve',
  hint: 'Raise --timeout, and the limit of the program that starts this one (timeout 1m in the crontab).',
  examine: async ({ setUp: { timeout }, budget, collected, statusOf, learnt }) => {
    const [runs] = await Promise.all([collected(), statusOf('configmap')]);
    const findings: Finding[] = [];
    const late = entries(runs).filter(([, { timed_out: timedOut }]) => timedOut);
    const slowest = Math.max(0, ...entries(runs).map(([, { duration_ms: milliseconds }]) => milliseconds));
    // as of the start of a run
    const whole = divideBudget(timeout, budget.collect.signal, () => 0);
    const collecting = whole.collect.deadline.remaining();
    const delivering = whole.deliver.deadline.remaining() - whole.collected.remaining();
    const share = `of ${seconds(timeout)}, ${seconds(collecting)} are for collecting`;
    if (late.length > 0) {
      const names = late.map(([name]) => name).join(', ');
      findings.push(failed(`${names} did not finish within ${seconds(slowest)}; ${share}`, LONGER));
    } else if (entries(runs).length > 0) {
      const reason = `${share}, of which it took ${seconds(slowest)}`;
      findings.push(slowest > collecting * COMFORTABLE ? warning(reason, LONGER) : ok(reason));
    }
    if (learnt.patchTime !== undefined) {
      const reason = `${seconds(delivering)} are for publishing, of which it took ${seconds(learnt.patchTime)}`;
      findings.push(learnt.patchTime > delivering * COMFORTABLE ? warning(reason) : ok(reason));
    }
    return findings.length === 0
      ? skipped('nothing was measured, because of the faults that other checks found')
      : together(findings);
  },
};

const LONGER =
  'Raise --timeout, and the limit of the program that starts this one (timeout 1m in the crontab); or use --skip walg_verify, which lists all WAL.';

function seconds(milliseconds: number): string {
  return formatDuration(milliseconds / 1000);
}
