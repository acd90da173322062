import { expect } from 'vitest';
import { type Claims, unfulfilled } from './claims.ts';
import type { Moment } from './moment.ts';
import { startMoment } from './run.ts';

/** The duration of a collector in the report. */
const TOOK = /^( {2}\S (?:patroni|walg_backups|walg_verify)) +[\d.]+ m?s$/gm;

/** Runs the command at this moment, checks its output against the claims, and compares the whole output with the recording. */
export async function expectAt(
  moment: Moment,
  claims: Claims,
  snapshot: string,
  { args = [], ...circumstances }: { args?: readonly string[] } & Parameters<typeof startMoment>[1] = {},
): Promise<void> {
  const host = await startMoment(moment, circumstances);
  const { stdout: nagios, stderr } = await host.run('--check', ...args);
  const shown = 'report' in claims ? (await host.run('--format', 'report', ...args)).stdout : '';
  const report = shown.replaceAll(TOOK, '$1');
  expect(unfulfilled(claims, { nagios, report })).toEqual([]);
  const whole = [nagios, ...(stderr === '' ? [] : ['stderr:\n', stderr]), ...(report === '' ? [] : ['\n', report])];
  await expect(whole.join('')).toMatchFileSnapshot(`${snapshot}.txt`);
}
