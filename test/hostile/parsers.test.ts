import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { formatNagios, formatPrometheus, formatJson, formatYaml } from '../stand-ins/formats.ts';
import { parsePluginOutput } from '../e2e/plugin-output.ts';
import { needs } from '../stand-ins/needs.ts';
import { COLLECTED, healthyDocument } from '../stand-ins/saved.ts';

const NAMES = [
  '\u0085integrity: OK',
  'a\u2028b: c',
  '\u2029',
  '\u007f',
  '\u009b2J',
  '\ufffe',
  '\ufeff',
  '=',
  '<<',
  'on',
  '~',
  '1:30',
  '\u001b[2J',
  'a\r\nb',
  '\u202e',
  '- x',
  '*a',
  '&a',
  '!!python/object',
  "'",
  '"',
];

const hasYaml = works('import yaml');

function works(program: string): boolean {
  try {
    execFileSync('python3', ['-c', program], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

async function cluster() {
  const document = await healthyDocument();
  const names = Object.fromEntries(NAMES.map((name) => [name, name]));
  const members = NAMES.map((name) => ({ name, role: 'replica', state: 'running', tags: names }));
  const health = { status: 'ok' as const, checks: [] };
  return [
    {
      name: 'demo',
      origin: { host: 'here' },
      error: null,
      document: { ...document, cluster_status: { members }, health },
    },
  ];
}

/** The value that Python parsed, as JSON in ASCII. */
function read(program: string, input: string): unknown {
  return JSON.parse(execFileSync('python3', ['-c', program], { input, encoding: 'utf8' }));
}

test.skipIf(!works(''))('Python reads the JSON as it was meant, and a terminal gets no control character', async () => {
  const clusters = await cluster();
  const json = formatJson(clusters, { indented: true, isList: false });
  expect(json).not.toMatch(/[^\P{Cc}\n]/u);
  expect(read('import json,sys; print(json.dumps(json.load(sys.stdin)))', json)).toEqual(clusters[0]?.document);
});

test.skipIf(!hasYaml)('PyYAML reads the same value, and the text has no control characters', async () => {
  const clusters = await cluster();
  const yaml = formatYaml(clusters, { isList: false });
  expect(yaml).not.toMatch(/[^\P{Cc}\n]/u);
  expect(read('import json,sys,yaml; print(json.dumps(yaml.safe_load(sys.stdin)))', yaml)).toEqual(
    clusters[0]?.document,
  );
});

/** Names as the labels of metrics and of performance data. */
async function measuredCluster() {
  const [cluster_] = await cluster();
  if (cluster_ === undefined) throw new Error('there is no cluster');
  const { document } = cluster_;
  const members = NAMES.map((name, lag) => ({
    name,
    role: 'replica',
    state: 'streaming',
    host: name,
    lag,
    timeline: 1,
  }));
  const health = {
    status: 'critical' as const,
    checks: NAMES.map((name, value) => ({ name, status: 'critical' as const, message: name, value, unit: name })),
  };
  return [{ ...cluster_, name: NAMES.join(''), document: { ...document, cluster_status: { members }, health } }];
}

needs('promtool')('promtool reads the metrics, and a terminal gets no control character', async () => {
  const rendering = { columns: 80, colour: false, indented: false, now: COLLECTED, walgCompat: true, isList: false };
  const metrics = formatPrometheus(await measuredCluster(), rendering);
  expect(metrics).not.toMatch(/[^\P{Cc}\n]/u);
  expect(execFileSync('promtool', ['check', 'metrics'], { input: metrics, encoding: 'utf8' })).toBe('');
});

test('the output of a plugin conforms to the grammar of performance data, and has no control characters', async () => {
  const text = formatNagios(await measuredCluster());
  expect(text).not.toMatch(/[^\P{Cc}\n]/u);
  const { summary, details } = parsePluginOutput(text);
  expect(summary).toMatch(/^POSTGRES CRITICAL - /);
  expect(details).toHaveLength(NAMES.length);
});
