import { isAtLeast } from '../document/members.ts';
import { kubectlVersion } from '../kubectl/probe.ts';
import { within } from '../system/deadline.ts';
import type { Check } from './check.ts';
import { failed, ok, skipped, warning } from './finding.ts';

const MOST_TIME = 5_000;

/** The kubectl program and its version. */
export const kubectl: Check = {
  name: 'kubectl',
  what: 'the kubectl program and its version',
  hint: 'Install kubectl, or give its path with --kubectl.',
  examine: async ({ setUp: { publishing }, budget }) => {
    if (publishing === undefined) return skipped('not needed: nothing is published without --configmap');
    const { value, fault } = publishing.kubectl;
    if (fault !== undefined) return failed(fault);
    const version = await kubectlVersion(value, within(budget.deliver, MOST_TIME));
    const reason = `${value.program} is kubectl ${version}`;
    if (isAtLeast(version, 1, 20)) return ok(reason);
    return warning(reason, 'Upgrade kubectl to 1.20 or newer: older ones do not know --patch-file.');
  },
};
