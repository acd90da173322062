import { hostname } from 'node:os';
import { printText } from '../deliveries/stdout.ts';
import { escapeUnprintable } from '../formats/escape.ts';
import { generator } from '../generator.ts';
import { divideBudget } from '../system/deadline.ts';
import { noProgress, terminalProgress } from '../system/progress.ts';
import { wantsColour } from '../text/colour.ts';
import type { World } from '../world.ts';
import { checks } from './index.ts';
import { type Result, runChecks } from './runner.ts';
import type { SetUp } from './set-up.ts';
import { subjectOf } from './subject.ts';
import { formatText, worstOf } from './text.ts';

const USUAL_COLUMNS = 80;

/** Examines the set-up and prints what is wrong with it. @returns the exit status: 1 if a check failed. */
export async function examine(setUp: SetUp, world: World): Promise<0 | 1> {
  const { signal, redact, log, now, environment, terminal, showsProgress } = world;
  const budget = divideBudget(setUp.timeout, signal);
  const progress = showsProgress && !setUp.verbose ? terminalProgress(checks.map(({ name }) => name)) : noProgress;
  signal.addEventListener('abort', progress.stop, { once: true });
  const started = now();
  let results: Result[];
  try {
    results = await runChecks({
      checks,
      subject: (statusOf) => subjectOf({ setUp, budget, log, redact, now, statusOf }),
      deadline: budget.collected,
      redact,
      progress,
    });
  } finally {
    progress.stop();
  }
  signal.throwIfAborted();
  const colour = wantsColour(setUp.color, terminal !== undefined, environment);
  const columns = terminal?.columns ?? (Number(environment['COLUMNS']) || USUAL_COLUMNS);
  const text =
    setUp.format === 'json'
      ? formatJson(results, started, terminal !== undefined)
      : formatText(results, { host: hostname(), columns, colour, took: (now() - started) / 1000 });
  await printText(text, budget.deliver.deadline);
  return worstOf(results) === 'failed' ? 1 : 0;
}

function formatJson(results: readonly Result[], started: number, indented: boolean): string {
  const report = {
    status: worstOf(results),
    current_timestamp: Math.floor(started / 1000),
    generator,
    checks: results,
  };
  return `${escapeUnprintable(JSON.stringify(report, null, indented ? 2 : undefined))}\n`;
}
