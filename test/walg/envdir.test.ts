import { execFileSync } from 'node:child_process';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readEnvdir } from '../../src/walg/envdir.ts';
import { overlay } from '../../src/walg/variables.ts';
import { UsageError } from '../../src/errors.ts';
import { findExecutable } from '../../src/system/executable.ts';
import { needs } from '../stand-ins/needs.ts';
import { asNobody, temporaryFolder } from '../stand-ins/temporary.ts';

const situations: { what: string; files: Record<string, string>; variables: Record<string, string | null> }[] = [
  { what: 'a value without a line feed', files: { A: 'v' }, variables: { A: 'v' } },
  { what: 'a value with a line feed', files: { A: 'v\n' }, variables: { A: 'v' } },
  { what: 'blanks after the value are cut', files: { A: 'v \t \n' }, variables: { A: 'v' } },
  { what: 'blanks before the value stay', files: { A: ' \tv' }, variables: { A: ' \tv' } },
  { what: 'blanks within the value stay', files: { A: 'v  w' }, variables: { A: 'v  w' } },
  { what: 'only the first line counts', files: { A: 'first \nsecond\n' }, variables: { A: 'first' } },
  { what: 'NUL means line feed', files: { A: 'a\0b\0' }, variables: { A: 'a\nb\n' } },
  { what: 'blanks before a NUL at the end stay', files: { A: 'a \0' }, variables: { A: 'a \n' } },
  { what: 'an empty file removes the variable', files: { A: '' }, variables: { A: null } },
  { what: 'only a line feed is an empty value', files: { A: '\n' }, variables: { A: '' } },
  { what: 'only blanks are an empty value', files: { A: '  ' }, variables: { A: '' } },
  { what: 'an empty first line is an empty value', files: { A: '\nv' }, variables: { A: '' } },
  { what: 'a carriage return is part of the value', files: { A: 'v\r\n' }, variables: { A: 'v\r' } },
  { what: 'nothing is unquoted or expanded', files: { A: `"$B" '\\n' # c` }, variables: { A: `"$B" '\\n' # c` } },
  { what: 'names that begin with a dot are skipped', files: { '.A': 'v', '..data': 'w' }, variables: {} },
  { what: 'a name with "="', files: { 'A=X': 'v' }, variables: { A: 'X=v' } },
  { what: 'a name with "=", and an empty file', files: { 'A=X': '' }, variables: { A: 'X' } },
  { what: 'names keep their case', files: { lower: 'v' }, variables: { lower: 'v' } },
  { what: 'no UTF-8 byte order mark is cut', files: { A: '\uFEFFv' }, variables: { A: '\uFEFFv' } },
  { what: 'characters of several bytes', files: { A: 'größe à\n' }, variables: { A: 'größe à' } },
  { what: 'a long value', files: { A: 'x'.repeat(100_000) }, variables: { A: 'x'.repeat(100_000) } },
];

test.each(situations)('$what', ({ files, variables }) => {
  expect(Object.fromEntries(readEnvdir(temporaryFolder(files)))).toEqual(variables);
});

test('a mounted Secret: symbolic links through ..data', () => {
  const folder = temporaryFolder();
  mkdirSync(join(folder, '..2026_11_21_06_48_52.1'));
  writeFileSync(join(folder, '..2026_11_21_06_48_52.1', 'PGPORT'), '5433');
  symlinkSync('..2026_11_21_06_48_52.1', join(folder, '..data'));
  symlinkSync('..data/PGPORT', join(folder, 'PGPORT'));
  expect(Object.fromEntries(readEnvdir(folder))).toEqual({ PGPORT: '5433' });
});

test('a file that cannot be a variable is an error that names it', () => {
  const folder = temporaryFolder({ A: Buffer.from('gr\xf6\xdfe', 'latin1') });
  expect(() => readEnvdir(folder)).toThrow(
    new UsageError(`the value of A in ${folder} is not UTF-8: convert ${folder}/A`),
  );
  const withFolder = temporaryFolder();
  mkdirSync(join(withFolder, 'A'));
  expect(() => readEnvdir(withFolder)).toThrow(
    new UsageError(`${withFolder}/A is a directory: an environment directory contains one file per variable`),
  );
  // envdir of daemontools uses the value of the previous file (src/walg/README.md)
  const dangling = temporaryFolder();
  symlinkSync('nowhere', join(dangling, 'A'));
  expect(() => readEnvdir(dangling)).toThrow(
    new UsageError(`${dangling}/A, a variable of the WAL-G environment, cannot be read (no such file or directory)`),
  );
});

test('only the first line must be UTF-8', () => {
  const folder = temporaryFolder({ A: Buffer.from('v\n\xff', 'latin1') });
  expect(Object.fromEntries(readEnvdir(folder))).toEqual({ A: 'v' });
});

test('a file that may not be read', () => {
  const folder = temporaryFolder();
  writeFileSync(join(folder, 'A'), 'v', { mode: 0o000 });
  asNobody(() => {
    expect(() => readEnvdir(folder)).toThrow(
      new UsageError(`${folder}/A, a variable of the WAL-G environment, cannot be read (permission denied)`),
    );
  });
});

const BASE = { PATH: '/usr/bin:/bin', A: 'from outside', OTHER: 'stays' };
/** The envdir of daemontools, and if it is installed, that of runit, which Spilo uses. */
const commands = [['envdir'], ['chpst', '-e']].filter(([name = '']) => program(name) !== undefined);

function program(name: string): string | undefined {
  return findExecutable(name, process.env['PATH']);
}

needs('envdir').each(commands.flatMap((command) => situations.map((situation) => ({ command, ...situation }))))(
  '$command hands over the same: $what',
  ({ command, files }) => {
    const folder = temporaryFolder(files);
    expect(overlay(BASE, readEnvdir(folder))).toEqual(handedOver(command, folder));
  },
);

needs('envdir').each(commands.map((command) => ({ command })))(
  '$command hands over the same from directories of odd content',
  ({ command }) => {
    const random = randomNumbers(3);
    const pieces = [
      'v',
      ' ',
      '\t',
      '\n',
      '\0',
      '\r',
      '=',
      '"',
      "'",
      '#',
      '$A',
      '\\n',
      'é',
      '\uFEFF',
      '\u00a0',
      '\u2028',
    ];
    for (let round = 0; round < 60; round++) {
      const files: Record<string, string> = {};
      for (const name of ['A', 'B', '.C', 'D=E', 'f', 'G H', 'PATH']) {
        const length = Math.floor(random() * 6);
        files[name] = Array.from({ length }, () => pieces[Math.floor(random() * pieces.length)]).join('');
      }
      const folder = temporaryFolder({ ...files, PATH: '/usr/bin:/bin' });
      expect(overlay(BASE, readEnvdir(folder)), JSON.stringify(files)).toEqual(handedOver(command, folder));
    }
  },
);

function handedOver([name = '', ...args]: readonly string[], folder: string): Record<string, string> {
  const printed = execFileSync(program(name) ?? name, [...args, folder, '/usr/bin/env', '-0'], {
    env: BASE,
    encoding: 'utf8',
  });
  const entries = printed.split('\0').slice(0, -1);
  return Object.fromEntries(entries.map((entry) => [entry.replace(/=[^]*/, ''), entry.replace(/^[^=]*=/, '')]));
}

/** Numbers from 0 to 1, the same in every run (a linear congruential generator). */
function randomNumbers(seed: number): () => number {
  let state = seed;
  return () => (state = (state * 1_664_525 + 1_013_904_223) % 2 ** 32) / 2 ** 32;
}
