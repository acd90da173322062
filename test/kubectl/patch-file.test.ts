import { closeSync, readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { openUnnamed } from '../../src/kubectl/patch-file.ts';
import { temporaryFolder } from '../stand-ins/temporary.ts';

const TEXT = 'größe '.repeat(100_000);

test('the text can be read through the descriptor, and the file has no name', () => {
  const folder = temporaryFolder();
  const descriptor = openUnnamed(TEXT, ['/nowhere', '/proc', folder]);
  expect(readFileSync(`/proc/self/fd/${descriptor}`, 'utf8')).toBe(TEXT);
  expect(readFileSync(descriptor ?? -1, 'utf8')).toBe(TEXT);
  expect(readdirSync(folder)).toEqual([]);
  closeSync(descriptor ?? -1);
});

test('no folder supports it', () => {
  expect(openUnnamed(TEXT, ['/nowhere', '/proc', '/etc/passwd'])).toBeUndefined();
});
