import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { checks } from '../../src/doctor/index.ts';
import { type CheckStatus, type Finding } from '../../src/doctor/finding.ts';
import { type Result, runChecks } from '../../src/doctor/runner.ts';
import { type Subject, subjectOf } from '../../src/doctor/subject.ts';
import { parseCommandLine } from '../../src/options/command.ts';
import { resolveSetUp } from '../../src/options/set-up.ts';
import { divideBudget } from '../../src/system/deadline.ts';
import { noProgress } from '../../src/system/progress.ts';
import { stderrLog } from '../../src/system/log.ts';
import { redactor } from '../../src/text/redact.ts';
import { temporaryFolder } from '../stand-ins/temporary.ts';

/** A set-up for one check. */
export interface Situation {
  args?: readonly string[];
  /** The process environment. */
  environment?: Record<string, string>;
  /** The WAL-G environment; undefined = there is none. */
  walg?: Record<string, string>;
  /** Programs on the PATH: shell scripts by name. */
  programs?: Record<string, string>;
  /** The results of other checks that this one depends on; ok if not given. */
  others?: Record<string, CheckStatus>;
  /** Replaces facts that the subject would determine. */
  subject?: Partial<Subject>;
}

export type Shown = Pick<Result, 'status' | 'reason' | 'remedy'>;

/** The output for a check without a remedy. */
export function good(status: 'ok' | 'skipped', reason: string): Shown {
  return { status, reason, remedy: null };
}

export function bad(status: 'warning' | 'failed', reason: string, remedy: string): Shown {
  return { status, reason, remedy };
}

/** The output for one check, with settings from a command line. The folder is replaced by HOST, durations by N s. */
export async function examined(name: string, situation: Situation): Promise<Shown> {
  const folder = temporaryFolder();
  for (const sub of ['bin', 'env', 'home']) mkdirSync(join(folder, sub));
  const { args = [], environment = {}, walg, programs = {}, others = {} } = situation;
  for (const [program, lines] of Object.entries(programs))
    writeFileSync(join(folder, 'bin', program), `#!/bin/sh\n${lines.replaceAll('HOST', folder)}\n`, { mode: 0o755 });
  for (const [variable, value] of Object.entries(walg ?? {})) writeFileSync(join(folder, 'env', variable), value);
  const given = [...(walg === undefined ? [] : ['--env', join(folder, 'env')]), ...args];
  const line = parseCommandLine(['--doctor', ...given.map((text) => text.replaceAll('HOST', folder))]);
  if (!('doctor' in line)) throw new Error('--doctor is missing');
  const variables = { HOME: join(folder, 'home'), PATH: `${join(folder, 'bin')}:/usr/bin:/bin`, ...environment };
  const setUp = await resolveSetUp(line.doctor, variables);
  const budget = divideBudget(setUp.timeout, new AbortController().signal, since(performance.now()));
  const redact = redactor();
  const log = stderrLog({ quiet: true, verbose: false, silent: true }, redact);
  const wanted = checks.filter((check) => check.name === name);
  const stubs = checks
    .filter((check) => check.name !== name)
    .map((check) => {
      const finding: Finding = { status: others[check.name] ?? 'ok', reason: `${check.name} said so` };
      return { name: check.name, what: '', hint: '', examine: () => finding };
    });
  const results = await runChecks({
    checks: [...stubs, ...wanted],
    subject: (statusOf) => ({
      ...subjectOf({ setUp, budget, log, redact, now: Date.now, statusOf }),
      ...situation.subject,
    }),
    deadline: budget.collected,
    redact,
    progress: noProgress,
  });
  const { status, reason, remedy } = results.find((result) => result.name === name) ?? NONE;
  const timeless = (text: string) =>
    text
      .replaceAll(folder, 'HOST')
      .replaceAll(/127\.0\.0\.1:\d+/g, 'ADDRESS')
      .replaceAll(/\b\d+(\.\d+)? s\b/g, 'N s');
  return { status, reason: timeless(reason), remedy: remedy === null ? null : timeless(remedy) };
}

const NONE: Shown = { status: 'failed', reason: 'there is no such check', remedy: null };

/** A clock that starts at 0 now, so that the time of earlier tests does not count. */
function since(start: number): () => number {
  return () => performance.now() - start;
}
