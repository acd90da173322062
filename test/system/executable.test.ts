import { chmodSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { findExecutable } from '../../src/system/executable.ts';
import { temporaryFolder } from '../stand-ins/temporary.ts';

function folderWith(name: string, mode: number): string {
  const folder = temporaryFolder({ [name]: '#!/bin/sh\n' });
  chmodSync(join(folder, name), mode);
  return folder;
}

test('the first executable file on PATH', () => {
  const [first, second] = [folderWith('some-program', 0o755), folderWith('some-program', 0o755)];
  expect(findExecutable('some-program', `${first}:${second}`)).toBe(join(first, 'some-program'));
  expect(findExecutable('some-program', `/nowhere:${second}`)).toBe(join(second, 'some-program'));
});

test('files that are not executable are ignored', () => {
  const folder = temporaryFolder();
  mkdirSync(join(folder, 'some-program'));
  const right = folderWith('some-program', 0o755);
  expect(findExecutable('some-program', `${folder}:${folderWith('some-program', 0o644)}:${right}`)).toBe(
    join(right, 'some-program'),
  );
});

test('relative folders on PATH are ignored', () => {
  const cwd = process.cwd();
  process.chdir(folderWith('some-program', 0o755));
  expect(findExecutable('some-program', ':.:')).toBeUndefined();
  process.chdir(cwd);
});

test('the usual folders, if they are not on PATH', () => {
  expect(findExecutable('cat', '/nowhere')).toMatch(/^(\/usr)?\/bin\/cat$/);
  expect(findExecutable('cat', undefined)).toMatch(/^(\/usr)?\/bin\/cat$/);
  expect(findExecutable('some-program', undefined)).toBeUndefined();
});
