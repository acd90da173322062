import { join } from 'node:path';
import { Linter } from 'eslint';
import { globSync } from 'node:fs';
import { expect, test } from 'vitest';
import { circleOf, readGraph } from './lint/circles.ts';
import { imports } from './lint/imports.ts';
import { forbidden, MAY_IMPORT } from './lint/rooms.ts';

const SRC = join(import.meta.dirname, '../src');

function complaints(file: string, code: string): string[] {
  const linter = new Linter({ cwd: join(SRC, '..') });
  const config: Linter.Config = {
    files: ['**/*.ts'],
    plugins: { imports },
    rules: { 'imports/boundaries': 'error', 'imports/no-circles': 'error' },
  };
  return linter.verify(code, [config], { filename: join(SRC, file) }).map(({ message }) => message);
}

test('the table has every folder of src/', () => {
  expect(globSync('*/', { cwd: SRC }).sort()).toEqual(Object.keys(MAY_IMPORT).sort());
});

test.each([
  "import { patroniClient } from '../patroni/client.ts';",
  "export { patroniClient } from '../patroni/client.ts';",
  "export * from '../patroni/client.ts';",
  "const client = await import('../patroni/client.ts');",
])('the lint rule refuses this in health/: %s', (code) => {
  expect(complaints('health/lag.ts', code)).toEqual(['src/health must not import src/patroni (test/lint/rooms.ts)']);
});

test('only the files that begin a run import the options', () => {
  expect(complaints('sources/live.ts', "import { definitions } from '../options/definitions.ts';")).toEqual([
    'src/sources must not import src/options (test/lint/rooms.ts)',
  ]);
  expect(complaints('run.ts', "import { definitions } from './options/definitions.ts';")).toEqual([]);
});

test('no file of the tests is shipped', () => {
  expect(complaints('run.ts', "import { startHost } from '../test/stand-ins/host.ts';")).toEqual([
    'src/ imports nothing from outside it',
  ]);
});

test('a room that is not in the table is rejected', () => {
  expect(forbidden('elsewhere/run.ts', 'text/words.ts')).toBe(
    'src/elsewhere is not in the table of test/lint/rooms.ts',
  );
});

test('a circle is found, in its shortest form', () => {
  const graph = new Map([
    ['a', ['b', 'c']],
    ['b', ['c']],
    ['c', ['d', 'a']],
    ['d', []],
  ]);
  expect(circleOf('a', graph)).toEqual(['a', 'c', 'a']);
  expect(circleOf('b', graph)).toEqual(['b', 'c', 'a', 'b']);
  expect(circleOf('d', graph)).toBeUndefined();
});

test('the graph has the imports of the sources, types and lazy ones included', () => {
  const graph = readGraph(SRC);
  expect(graph.get(join(SRC, 'cli.ts'))).toContain(join(SRC, 'main.ts'));
  expect(graph.get(join(SRC, 'sources/index.ts'))).toContain(join(SRC, 'sources/live.ts'));
  expect(graph.get(join(SRC, 'run.ts'))).toContain(join(SRC, 'deliveries/state.ts'));
});
