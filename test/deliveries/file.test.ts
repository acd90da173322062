import { chmodSync, chownSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { writeFile } from '../../src/deliveries/file.ts';
import { needs } from '../stand-ins/needs.ts';
import { temporaryFolder } from '../stand-ins/temporary.ts';

test('a new file is complete, readable by everybody, and no temporary file is left', () => {
  const folder = temporaryFolder();
  writeFile(join(folder, 'status.prom'), 'postgres_status_up 1\n');
  expect(readdirSync(folder)).toEqual(['status.prom']);
  expect(readFileSync(join(folder, 'status.prom'), 'utf8')).toBe('postgres_status_up 1\n');
  expect(statSync(join(folder, 'status.prom')).mode & 0o777).toBe(0o644);
});

test('whatever the umask', () => {
  const folder = temporaryFolder();
  const umask = process.umask(0o077);
  try {
    writeFile(join(folder, 'status.json'), '{}');
  } finally {
    process.umask(umask);
  }
  expect(statSync(join(folder, 'status.json')).mode & 0o777).toBe(0o644);
});

test('an old file is replaced, not overwritten: a process that has it open still reads the old content', () => {
  const folder = temporaryFolder();
  const path = join(folder, 'status.json');
  writeFileSync(path, 'old');
  const before = statSync(path).ino;
  writeFile(path, 'new');
  expect(readFileSync(path, 'utf8')).toBe('new');
  expect(statSync(path).ino).not.toBe(before);
});

test('a file with a guessable temporary name, created by another user, has no effect', () => {
  const folder = temporaryFolder({ 'status.json': 'old', [`.status.json.${process.pid}.tmp`]: 'taken' });
  writeFile(join(folder, 'status.json'), 'new');
  expect(readFileSync(join(folder, 'status.json'), 'utf8')).toBe('new');
  expect(readFileSync(join(folder, `.status.json.${process.pid}.tmp`), 'utf8')).toBe('taken');
});

test('an existing file keeps its mode', () => {
  const folder = temporaryFolder({ 'status.json': 'old' });
  chmodSync(join(folder, 'status.json'), 0o600);
  writeFile(join(folder, 'status.json'), 'new');
  expect(statSync(join(folder, 'status.json')).mode & 0o777).toBe(0o600);
});

needs('root')('and its owner', () => {
  const folder = temporaryFolder({ 'status.json': 'old' });
  chownSync(join(folder, 'status.json'), 12_345, 54_321);
  writeFile(join(folder, 'status.json'), 'new');
  expect(statSync(join(folder, 'status.json'))).toMatchObject({ uid: 12_345, gid: 54_321 });
});

test('a folder that is not writable: one sentence', () => {
  expect(() => {
    writeFile('/proc/self/status.json', 'new');
  }).toThrow('/proc/self/status.json could not be written (no such file or directory); its old content is unchanged');
});
