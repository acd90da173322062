import { withoutBlocking } from './output.ts';

/** Shows what the run is waiting for, and disappears at its end. */
export interface Progress {
  ended: (name: string, ok: boolean) => void;
  stop: () => void;
}

/** If stderr is not a terminal. */
export const noProgress: Progress = { ended: () => undefined, stop: () => undefined };

const REDRAW_EVERY = 100;
const CLEAR_LINE = '\u001b[2K';
const lineUp = (lines: number) => `\u001b[${lines}A\r`;
const CLEAR_BELOW = '\u001b[J';

/** One line for each name with its duration, redrawn in place until `stop` clears it. */
export function terminalProgress(
  names: readonly string[],
  write: (text: string) => void = writeOnce,
  now: () => number = () => performance.now(),
): Progress {
  const started = now();
  const ends = new Map<string, { at: number; ok: boolean }>();
  const width = Math.max(...names.map((name) => name.length));
  let drawn = false;

  const draw = () => {
    const lines = names.map((name) => {
      const end = ends.get(name);
      const seconds = (((end?.at ?? now()) - started) / 1000).toFixed(1);
      const state = end === undefined ? '…' : end.ok ? 'done' : 'failed';
      return `${CLEAR_LINE}${name.padEnd(width)}  ${seconds.padStart(5)} s  ${state}\n`;
    });
    write(`${drawn ? lineUp(names.length) : ''}${lines.join('')}`);
    drawn = true;
  };
  // a short run shows nothing, instead of flickering
  const timer = setInterval(draw, REDRAW_EVERY);
  timer.unref();
  return {
    ended: (name, ok) => ends.set(name, { at: now(), ok }),
    stop: () => {
      clearInterval(timer);
      if (drawn) write(`${lineUp(names.length)}${CLEAR_BELOW}`);
      drawn = false;
    },
  };
}

/** What a stopped or closed terminal does not accept is dropped: the next frame replaces it. */
function writeOnce(text: string): void {
  const output = withoutBlocking(2);
  try {
    output.write(Buffer.from(text));
  } catch {
    // the terminal is gone
  } finally {
    output.close();
  }
}
