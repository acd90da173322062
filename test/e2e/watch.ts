import { setTimeout as sleep } from 'node:timers/promises';
import type { Outcome } from './processes.ts';
import { verdictIn, type Verdict } from './verdict.ts';

/** A run of the command, with when it was made: times of performance.now(). */
export interface Look extends Verdict {
  began: number;
  ended: number;
}

/** Asks for a verdict once a second until it is ended. */
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

/** A line of a time line: when a run was made, counted from `zero`, and each of its checks that is not ok. */
export function describeLook({ began, ended, status, checks }: Look, zero: number): string {
  const wrong = Object.entries(checks).filter(([, verdict]) => !verdict.startsWith('ok: '));
  const words = wrong.map(([name, verdict]) => `${name} ${verdict}`).join('; ');
  return `${seconds(began - zero)} to ${seconds(ended - zero)} s: ${status ?? 'no verdict'}${words === '' ? '' : `: ${words}`}`;
}

export function seconds(milliseconds: number): string {
  return (milliseconds / 1000).toFixed(1);
}
