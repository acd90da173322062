import { list } from '../text/words.ts';
import type { Check } from './check.ts';
import { failed, ok, warning } from './finding.ts';

/** Flags, variables and the file of thresholds. */
export const options: Check = {
  name: 'options',
  what: 'flags and variables',
  hint: 'Correct them: --help and the manual page describe each option.',
  examine: ({ setUp: { faults, unknownVariables } }) => {
    if (faults.length > 0) return failed(faults.join('; '));
    if (unknownVariables.length > 0)
      return warning(
        `${list(unknownVariables)} ${unknownVariables.length === 1 ? 'is not the variable of an option' : 'are not variables of options'}`,
        'Correct the name: --help gives the variable of each option.',
      );
    return ok('all flags and variables are valid');
  },
};
