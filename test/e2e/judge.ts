import { expect } from 'vitest';
import { postgresStatus } from './command.ts';
import type { Member } from './patroni-cluster.ts';
import { verdictIn } from './verdict.ts';

/** The problems that a run reports. */
export interface Complaint {
  exit: number;
  status: string | undefined;
  /** The checks that are not ok, by name, as `status: message`. */
  wrong: Readonly<Record<string, unknown>>;
}

/** A message of which only a part is the same in each run. */
export const saying = (words: RegExp): unknown => expect.stringMatching(words);

export const ALL_WELL: Complaint = { exit: 0, status: 'ok', wrong: {} };

/** A critical verdict, with no other problem than `wrong`. */
export const critical = (wrong: Complaint['wrong']): Complaint => ({ exit: 2, status: 'critical', wrong });

/** A warning, with no other problem than `wrong`. */
export const warning = (wrong: Complaint['wrong']): Complaint => ({ exit: 1, status: 'warning', wrong });

/** Runs the command with --check on Patroni's facts only, as a monitoring system would on the host of that member. */
export async function complaintOf({ url }: Pick<Member, 'url'>, ...args: string[]): Promise<Complaint> {
  const { status: exit, stdout, stderr } = await postgresStatus([...verdictAt(url), ...args]);
  expect(stderr).toBe('');
  const { status, checks } = verdictIn(stdout);
  const wrong = Object.entries(checks).filter(([, verdict]) => !verdict.startsWith('ok: '));
  return { exit, status, wrong: Object.fromEntries(wrong) };
}

/** The arguments to judge only what Patroni reports at this URL. */
export function verdictAt(url: string): string[] {
  return ['--patroni-url', url, '--collect', 'patroni', '--check', '--format', 'json'];
}

/** Repeats the run until the result is this one: Patroni reports a change only after one or two of its loops. */
export async function untilSaid(
  member: Pick<Member, 'url'>,
  expected: Partial<Complaint>,
  ...args: string[]
): Promise<void> {
  await expect.poll(() => complaintOf(member, ...args), { timeout: 90_000, interval: 300 }).toEqual(expected);
}
