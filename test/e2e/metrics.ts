import { chmodSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { inject } from 'vitest';
import { run, type Outcome } from './processes.ts';

export const SILENCE: Outcome = { status: 0, stdout: '', stderr: '' };

/** The result of promtool for these metrics: 0 = ok, 1 = it cannot parse them, 3 = lint warnings. */
export function promtool(metrics: string): Promise<Outcome> {
  return run(['promtool', 'check', 'metrics'], { input: metrics, statuses: [0, 1, 3] });
}

/** A new folder to which user postgres may write. */
export function openFolder(name: string): string {
  const folder = join(inject('workshop'), name);
  mkdirSync(folder);
  chmodSync(folder, 0o777);
  return folder;
}

/** The values of a text exposition by series, with the labels sorted by name. */
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
