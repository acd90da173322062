import { setTimeout as sleep } from 'node:timers/promises';
import type { Outcome } from './processes.ts';
import { verdictIn, type Verdict } from './verdict.ts';

/** A run of the command, with its start and end (performance.now()). */
export interface Look extends Verdict {
  began: number;
  ended: number;
}

/** Runs the command once a second until it is stopped. */
export function watch(ask: () => Promise<Outcome>) {
  const looks: Look[] = [];
  const over = new AbortController();
  const asking = (async () => {
    while (!over.signal.aborted) {
      const began = performance.now();
      const { stdout } = await ask();
      const ended = performance.now();
      looks.push({ began, ended, ...verdictIn(stdout) });
      await sleep(Math.max(0, 1000 - (ended - began)));
    }
  })();
  return {
    looks,
    async end(): Promise<void> {
      over.abort();
      await asking;
    },
  };
}

/** One line for a run: its time, counted from `zero`, and the checks that are not ok. */
export function describeLook({ began, ended, status, checks }: Look, zero: number): string {
  const wrong = Object.entries(checks).filter(([, verdict]) => !verdict.startsWith('ok: '));
  const words = wrong.map(([name, verdict]) => `${name} ${verdict}`).join('; ');
  return `${seconds(began - zero)} to ${seconds(ended - zero)} s: ${status ?? 'no verdict'}${words === '' ? '' : `: ${words}`}`;
}

export function seconds(milliseconds: number): string {
  return (milliseconds / 1000).toFixed(1);
}
