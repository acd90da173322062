import { expect } from 'vitest';
import { postgresStatus } from './command.ts';
import type { Member } from './patroni-cluster.ts';
import { verdictIn } from './verdict.ts';

/** What a run says is not as it should be. */
export interface Complaint {
  exit: number;
  status: string | undefined;
  /** Under its name each check that is not ok, as `status: message`. */
  wrong: Readonly<Record<string, unknown>>;
}

/** A verdict's words, where only their beginning or a part is the same each time. */
export const saying = (words: RegExp): unknown => expect.stringMatching(words);

export const ALL_WELL: Complaint = { exit: 0, status: 'ok', wrong: {} };

/** A verdict that is critical, and nothing else is wrong. */
export const critical = (wrong: Complaint['wrong']): Complaint => ({ exit: 2, status: 'critical', wrong });

/** A verdict that warns, and nothing else is wrong. */
export const warning = (wrong: Complaint['wrong']): Complaint => ({ exit: 1, status: 'warning', wrong });

/** Asks for a verdict on what Patroni says, as a monitoring system would at that member. */
export async function complaintOf({ url }: Pick<Member, 'url'>, ...args: string[]): Promise<Complaint> {
  const { status: exit, stdout, stderr } = await postgresStatus([...verdictAt(url), ...args]);
  expect(stderr).toBe('');
  const { status, checks } = verdictIn(stdout);
  const wrong = Object.entries(checks).filter(([, verdict]) => !verdict.startsWith('ok: '));
  return { exit, status, wrong: Object.fromEntries(wrong) };
}

/** The arguments with which the command judges what Patroni says there. */
export function verdictAt(url: string): string[] {
  return ['--patroni-url', url, '--collect', 'patroni', '--check', '--format', 'json'];
}

/** Asks until the answer is this one: what changes in a cluster is seen a round or two of Patroni's later. */
export async function untilSaid(
  member: Pick<Member, 'url'>,
  expected: Partial<Complaint>,
  ...args: string[]
): Promise<void> {
  await expect.poll(() => complaintOf(member, ...args), { timeout: 90_000, interval: 300 }).toEqual(expected);
}
