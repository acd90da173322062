import { chmodSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { inject } from 'vitest';
import { run, type Outcome } from './processes.ts';

export const SILENCE: Outcome = { status: 0, stdout: '', stderr: '' };

/** What promtool thinks of these metrics: 0 = nothing, 1 = it cannot read them, 3 = it would have written them otherwise. */
export function promtool(metrics: string): Promise<Outcome> {
  return run(['promtool', 'check', 'metrics'], { input: metrics, statuses: [0, 1, 3] });
}

/** A new folder in which user postgres may write. */
export function openFolder(name: string): string {
  const folder = join(inject('workshop'), name);
  mkdirSync(folder);
  chmodSync(folder, 0o777);
  return folder;
}

/** The value of each series of a text exposition; its labels are in the order of their names. */
export type Series = ReadonlyMap<string, number>;

export function seriesOf(exposition: string): Series {
  const samples = exposition.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  return new Map(
    samples.map((line) => {
      const { name = '', labels = '', value = '' } = SAMPLE.exec(line)?.groups ?? {};
      const sorted = (labels.match(LABEL) ?? []).sort();
      return [`${name}{${sorted.join(',')}}`, Number(value.replace('Inf', 'Infinity'))];
    }),
  );
}

const SAMPLE = /^(?<name>\w+)(?:\{(?<labels>.*)\})? (?<value>\S+)$/;
const LABEL = /\w+="(?:[^"\\]|\\.)*"/g;
