import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { formatJson } from '../../src/formats/json.ts';
import { formatYaml } from '../../src/formats/yaml.ts';
import { healthyDocument } from '../stand-ins/saved.ts';

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

/** What Python read, as JSON in ASCII. */
function read(program: string, input: string): unknown {
  return JSON.parse(execFileSync('python3', ['-c', program], { input, encoding: 'utf8' }));
}

test.skipIf(!works(''))('Python reads the JSON as it was meant, and a terminal gets no control character', async () => {
  const clusters = await cluster();
  const json = formatJson(clusters, { indented: true, isList: false });
  expect(json).not.toMatch(/[^\P{Cc}\n]/u);
  expect(read('import json,sys; print(json.dumps(json.load(sys.stdin)))', json)).toEqual(clusters[0]?.document);
});

test.skipIf(!hasYaml)('PyYAML reads the YAML as it was meant, and a terminal gets no control character', async () => {
  const clusters = await cluster();
  const yaml = formatYaml(clusters, { isList: false });
  expect(yaml).not.toMatch(/[^\P{Cc}\n]/u);
  expect(read('import json,sys,yaml; print(json.dumps(yaml.safe_load(sys.stdin)))', yaml)).toEqual(
    clusters[0]?.document,
  );
});
