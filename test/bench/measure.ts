/** What a command costs, with its children. */
import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { cacheDir } from '../../bin/build/layout.ts';

/** Milliseconds. */
export interface Times {
  cpu: number;
  wall: number;
}

/** Bash's `time` counts the children that were waited for, in milliseconds; GNU time only in hundredths of a second. */
const timed = 'TIMEFORMAT="%U %S %R"; { time "$@" >/dev/null 2>&1 </dev/null; } 2>&1; exit 0';

export async function timesOf(command: readonly string[]): Promise<Times> {
  const child = spawn('bash', ['-c', timed, 'bench', ...command], { stdio: ['ignore', 'pipe', 'inherit'] });
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => (output += chunk));
  await new Promise((resolve) => child.on('close', resolve));
  const [user = NaN, system = NaN, wall = NaN] = output
    .trim()
    .split(' ')
    .map((seconds) => Number(seconds) * 1000);
  return { cpu: user + system, wall };
}

const gnuTime = '/usr/bin/time'; // the only portable way to a peak of memory; without it that column is empty
const memoryFile = join(cacheDir, 'bench-memory');

export const canMeasurePeak = existsSync(gnuTime);

/** The command, which also notes its peak of memory if that can be measured. */
export function notingPeak(command: readonly string[]): readonly string[] {
  return canMeasurePeak ? [gnuTime, '-o', memoryFile, '-f', '%M', ...command] : command;
}

/** MiB, of the largest process of the last command that noted it, not the sum of all processes. */
export function peakOfLast(): number {
  if (!canMeasurePeak) return NaN;
  return Number(readFileSync(memoryFile, 'utf8').trim().split('\n').at(-1)) / 1024;
}

export function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN;
}
