import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { fitDocument } from '../../src/document/fit.ts';
import { redactDocument } from '../../src/document/redact.ts';
import { statusDocument, type StatusDocument } from '../../src/document/schema.ts';
import { formatNames, formats } from '../../src/formats/index.ts';
import { judge } from '../../src/health/index.ts';
import { defaultThresholds } from '../../src/health/thresholds.ts';
import { fit, parseJson } from '../../src/text/json.ts';
import { redactor } from '../../src/text/redact.ts';
import { withWal } from '../../src/wal/read.ts';
import { collectFrom } from '../stand-ins/collect.ts';
import { textOf } from '../stand-ins/formats.ts';
import { NODE1 } from '../stand-ins/host.ts';
import { httpReply, startPatroni } from '../stand-ins/patroni.ts';
import { COLLECTED, healthyDocument } from '../stand-ins/saved.ts';
import { temporaryFolder } from '../stand-ins/temporary.ts';
import { GROWING } from './growing.ts';

/** The allowed factor of the time for ten times the input: a quadratic step would have 100; above 10 there is room for noise. */
const MOST = 12;
/** Milliseconds that are ignored: garbage collection runs only with the larger input. */
const NOISE = 200;
const ATTEMPTS = 4;

/** The CPU time of this thread for each step, milliseconds. */
type Costs = Map<string, number>;

/** The steps of a run with a saved document, each with its cost. */
async function costsOf(json: string): Promise<Costs> {
  const costs: Costs = new Map();
  const measured = <Result>(step: string, action: () => Result): Result => {
    const started = process.threadCpuUsage();
    const result = action();
    const { user, system } = process.threadCpuUsage(started);
    costs.set(step, (user + system) / 1000);
    return result;
  };
  const redact = redactor([
    ['TOKEN', 'sesame-1'],
    ['PASSWORD', 'open sesame & more'],
    ['DATABASE_URI', 'postgres://u:p@ss@h/d'],
  ]);
  const value = measured('parse', () => parseJson(json, { elements: 200_000 }));
  measured('schema', () => fit(statusDocument, value, 'it'));
  const redacted = measured('redact', () => redactDocument(value as StatusDocument, redact));
  const read = measured('wal', () => withWal(redacted));
  const health = measured('health', () => judge(read, defaultThresholds, COLLECTED));
  const whole = { ...read, health };
  measured('fit', () => fitDocument(whole));
  const clusters = [{ name: 'demo', origin: { host: 'here' }, document: whole, error: null }];
  const rendering = {
    columns: 100,
    colour: true,
    indented: true,
    now: COLLECTED,
    walgCompat: true,
    isList: false,
  };
  for (const name of formatNames) {
    const format = await formats[name]();
    measured(name, () => textOf(format, clusters, rendering));
  }
  return costs;
}

function least(...costs: Costs[]): Costs {
  const steps = new Set(costs.flatMap((each) => [...each.keys()]));
  return new Map([...steps].map((step) => [step, Math.min(...costs.map((each) => each.get(step) ?? Infinity))]));
}

/** The steps whose cost grows faster than the input, with both costs. Only a step that is found each time counts, because of noise. */
async function disproportionate(
  measure: (size: number) => Promise<Costs>,
  most: number,
): Promise<Record<string, number[]>> {
  const measures = { small: new Map() as Costs, large: new Map() as Costs };
  let faults: [string, number[]][] = [];
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    measures.small = least(measures.small, await measure(most / 10));
    measures.large = least(measures.large, await measure(most));
    faults = [...measures.large].flatMap(([step, cost]) => {
      const small = measures.small.get(step) ?? 0;
      return cost > MOST * small + NOISE ? [[step, [small, cost]] as [string, number[]]] : [];
    });
    if (faults.length === 0) return {};
  }
  return Object.fromEntries(faults);
}

test.each(GROWING)(
  'ten times as many $title take at most twelve times the CPU time, at every step',
  async (growing) => {
    const document = await healthyDocument();
    const measure = (size: number) => costsOf(JSON.stringify(growing.grow(document, size)));
    expect(await disproportionate(measure, growing.most)).toEqual({});
  },
);

const list = (size: number, element: (index: number) => string) =>
  `[${Array.from({ length: size }, (_, index) => element(index)).join(',')}]`;

/** The input of each source, by size. */
const SAID: {
  title: string;
  most: number;
  patroni?: (size: number) => [string, string];
  walg?: (size: number) => string;
}[] = [
  {
    title: 'parameters in /config',
    most: 10_000,
    patroni: (size) => [
      '/config',
      `{"postgresql":{"parameters":{${list(size, (index) => `"p${String(index)}":"${'v'.repeat(100)}"`).slice(1, -1)}}}}`,
    ],
  },
  {
    title: 'members in /cluster',
    most: 10_000,
    patroni: (size) => [
      '/cluster',
      `{"members":${list(size, (index) => `{"name":"m${String(index)}","role":"replica","state":"streaming","api_url":"http://m${String(index)}:8008/patroni","timeline":3,"lag":0}`)}}`,
    ],
  },
  {
    title: 'rows in /history',
    most: 10_000,
    patroni: (size) => [
      '/history',
      list(size, (index) => `[${String(index + 1)},25623960,"no recovery target specified"]`),
    ],
  },
  {
    title: 'backups in backup-list',
    most: 10_000,
    walg: (size) =>
      list(
        size,
        (index) =>
          `{"backup_name":"base_${String(index).padStart(24, '0')}","time":"2026-11-20T07:00:00Z","wal_file_name":"000000010000000000000002","hostname":"${'h'.repeat(60)}"}`,
      ),
  },
  {
    title: 'rows in wal-verify',
    most: 30_000,
    walg: (size) =>
      `{"integrity":{"status":"FAILURE","details":${list(size, (index) => `{"timeline_id":1,"start_segment":"${String(index).padStart(24, '0')}","end_segment":"${String(index).padStart(24, '0')}","segments_count":1,"status":"MISSING_LOST"}`)}}}`,
  },
  { title: 'bytes that are not JSON', most: 10_000_000, walg: (size) => '[{"a":"'.repeat(size / 7) },
];

test.each(SAID)('ten times as many $title take at most twelve times the CPU time of the collectors', async (said) => {
  const folder = temporaryFolder();
  const measure = async (size: number): Promise<Costs> => {
    const [endpoint, body] = said.patroni?.(size) ?? [];
    const reply = httpReply(200, body ?? '');
    const patroni = await startPatroni((path) => (path === endpoint ? reply : NODE1(path)));
    writeFileSync(join(folder, 'wal-g'), `#!/bin/sh\nexec cat ${folder}/said\n`, { mode: 0o755 });
    writeFileSync(join(folder, 'said'), said.walg?.(size) ?? '[]');
    const redact = redactor([['TOKEN', 'sesame-1']]);
    const started = process.threadCpuUsage();
    try {
      await collectFrom({ patroniUrl: patroni.url, program: join(folder, 'wal-g'), at: COLLECTED, redact });
    } finally {
      await patroni.close();
    }
    const { user, system } = process.threadCpuUsage(started);
    return new Map([['collect', (user + system) / 1000]]);
  };
  expect(await disproportionate(measure, said.most)).toEqual({});
});
