import { chmodSync, lchownSync, mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { followLinks } from '../../src/system/follow-links.ts';
import { needs } from '../stand-ins/needs.ts';
import { temporaryFolder } from '../stand-ins/temporary.ts';

test('links are followed, in folders too, and missing components are kept', () => {
  const folder = temporaryFolder({ file: '' });
  mkdirSync(join(folder, 'real'));
  symlinkSync('real', join(folder, 'folder'));
  symlinkSync('../file', join(folder, 'real', 'link'));
  expect(followLinks(join(folder, 'folder', 'link'))).toBe(join(folder, 'file'));
  expect(followLinks(join(folder, 'folder', 'new'))).toBe(join(folder, 'real', 'new'));
});

test('a link to itself', () => {
  const folder = temporaryFolder();
  symlinkSync('link', join(folder, 'link'));
  expect(() => followLinks(join(folder, 'link'))).toThrow('is a symbolic link that leads to itself');
});

needs('root')('a link of another user in a sticky folder is not followed, and its own is', () => {
  const folder = temporaryFolder({ file: '' });
  chmodSync(folder, 0o1777);
  symlinkSync('file', join(folder, 'theirs'));
  lchownSync(join(folder, 'theirs'), 12_345, 12_345);
  symlinkSync('file', join(folder, 'mine'));
  expect(() => followLinks(join(folder, 'theirs'))).toThrow('is a symbolic link of another user (uid 12345)');
  expect(followLinks(join(folder, 'mine'))).toBe(join(folder, 'file'));
});
