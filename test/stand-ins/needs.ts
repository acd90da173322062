import { findExecutable } from '../../src/system/executable.ts';
import { test } from 'vitest';

/** Programs that a test may need, and the packages that contain them. */
const PACKAGES = {
  bash: 'apt: bash',
  envdir: 'apt: daemontools',
  fish: 'apt: fish',
  groff: 'apt: groff',
  kubectl: 'apt: kubernetes-client',
  man: 'apt: man-db',
  openssl: 'apt: openssl',
  promtool: 'apt: prometheus',
  script: 'apt: util-linux, bsdutils',
  unshare: 'apt: util-linux',
  zsh: 'apt: zsh',
};
type Need = keyof typeof PACKAGES | 'root';

/** `test` if all of these are installed; else the test is skipped with the reason. With CI=true a missing program is an error. */
export function needs(...needed: Need[]): typeof test.skip {
  const missing = needed.filter((need) => !isAtHand(need));
  if (missing.length === 0) return test;
  const described = missing.map(describeNeed).join(', ');
  if (process.env['CI'] === 'true') throw new Error(`CI=true, and nothing may be missing: ${described}`);
  console.warn(`tests are skipped that need ${described}`);
  return test.skip;
}

function isAtHand(need: Need): boolean {
  return need === 'root' ? process.getuid?.() === 0 : findExecutable(need, process.env['PATH']) !== undefined;
}

function describeNeed(need: Need): string {
  return need === 'root' ? need : `${need} (${PACKAGES[need]})`;
}
