import { formatDuration } from '../text/units.ts';
import { list } from '../text/words.ts';
import type { Check } from './check.ts';
import { failed, ok, skipped } from './finding.ts';
import type { CollectorRuns } from './subject.ts';

/** The collectors, run once as in a usual run. */
export const collectors: Check = {
  name: 'collectors',
  what: 'whether the collectors of a run succeed',
  hint: 'The manual page says under DIAGNOSTICS what to do about each message.',
  isDiagnosed: true,
  examine: async ({ setUp, collected }) => {
    const runs = await collected();
    const failures = entries(runs).filter(([, { ok: isOk }]) => !isOk);
    const missing = setUp.collectors.filter((name) => runs[name] === undefined);
    const left =
      missing.length === 0 ? '' : `; ${list(missing)}: not run, because of the faults that other checks found`;
    if (failures.length > 0)
      return failed(failures.map(([name, { error }]) => `${name}: ${error ?? 'failed'}`).join('; ') + left);
    if (entries(runs).length === 0) return skipped('not run, because of the faults that other checks found');
    return ok(
      entries(runs)
        .map(([name, run]) => `${name} in ${formatDuration(run.duration_ms / 1000)}`)
        .join(', ') + left,
    );
  },
};

export function entries(runs: CollectorRuns) {
  return Object.entries(runs);
}
