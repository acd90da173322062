import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readWalgEnvironment } from '../../src/walg/environment.ts';
import { overlay } from '../../src/walg/variables.ts';
import { UsageError } from '../../src/errors.ts';
import { asNobody, temporaryFolder } from '../stand-ins/temporary.ts';

test('a directory and a file are distinguished, also through links', () => {
  const folder = temporaryFolder({ file: 'A=from the file' });
  mkdirSync(join(folder, 'directory'));
  writeFileSync(join(folder, 'directory', 'A'), 'from the directory');
  symlinkSync('directory', join(folder, 'link'));
  expect(readWalgEnvironment(join(folder, 'file')).variables).toEqual(new Map([['A', 'from the file']]));
  expect(readWalgEnvironment(join(folder, 'link')).variables).toEqual(new Map([['A', 'from the directory']]));
});

test('the first of the usual paths that exists', () => {
  const folder = temporaryFolder({ first: 'A=1', second: 'A=2' });
  const [first, second, none] = [join(folder, 'first'), join(folder, 'second'), join(folder, 'none')];
  expect(readWalgEnvironment(undefined, [first, second])).toEqual({ path: first, variables: new Map([['A', '1']]) });
  expect(readWalgEnvironment(undefined, [none, second])).toEqual({ path: second, variables: new Map([['A', '2']]) });
  expect(readWalgEnvironment(undefined, [none])).toEqual({ path: null, variables: new Map() });
  expect(readWalgEnvironment(undefined, [join(first, 'below a file')])).toEqual({ path: null, variables: new Map() });
  expect(readWalgEnvironment(second, [first])).toEqual({ path: second, variables: new Map([['A', '2']]) });
});

test('a path in --env that does not exist is an error', () => {
  expect(() => readWalgEnvironment('/nowhere/env')).toThrow(
    new UsageError('the WAL-G environment /nowhere/env does not exist'),
  );
});

test.each(['a file', 'a directory'])('%s that may not be read is an error, asked for or not', (kind) => {
  const path = join(temporaryFolder(), 'env');
  if (kind === 'a file') writeFileSync(path, 'A=v', { mode: 0o000 });
  else mkdirSync(path, { mode: 0o000 });
  const error = new UsageError(`the WAL-G environment ${path} cannot be read (permission denied)`);
  asNobody(() => {
    expect(() => readWalgEnvironment(path)).toThrow(error);
    expect(() => readWalgEnvironment(undefined, [path])).toThrow(error);
  });
  chmodSync(path, 0o755);
});

test('its values override the process environment, and an empty file removes a variable', () => {
  const variables = new Map([
    ['A', 'ours'],
    ['B', ''],
    ['C', null],
    ['D', null],
  ]);
  expect(overlay({ A: 'theirs', C: 'theirs', E: 'theirs', F: undefined }, variables)).toEqual({
    A: 'ours',
    B: '',
    E: 'theirs',
  });
});
