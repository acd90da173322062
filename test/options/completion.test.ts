import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { formatNames } from '../../src/formats/index.ts';
import { completionScript } from '../../src/options/completion.ts';
import { parseCommandLine } from '../../src/options/command.ts';
import { shellNames } from '../../src/options/definitions.ts';
import { UsageError } from '../../src/errors.ts';
import { needs } from '../stand-ins/needs.ts';
import { temporaryFolder } from '../stand-ins/temporary.ts';

test.each(shellNames)('the completions for %s', async (shell) => {
  const commandLine = parseCommandLine(['--completion', shell]);
  const script = 'show' in commandLine ? await commandLine.show() : '';
  expect(script).toBe(completionScript(shell));
  await expect(script).toMatchFileSnapshot(`completion.${shell}`);
});

test('another shell', () => {
  expect(() => parseCommandLine(['--completion', 'csh'])).toThrow(
    new UsageError('--completion: "csh" is not one of: bash, zsh, fish'),
  );
});

/** The completions that bash offers for these words; the last one is incomplete. */
function inBash(folder: string, ...words: string[]): string[] {
  const ask = [
    `source ${folder}/completion`,
    `COMP_WORDS=(postgres-status ${words.map((word) => `'${word}'`).join(' ')}); COMP_CWORD=${words.length}`,
    // compopt works only during a completion
    'compopt() { :; }; _postgres_status; printf "%s\\n" "${COMPREPLY[@]}"',
  ].join('\n');
  const said = execFileSync('/bin/bash', ['--norc', '-c', ask], { cwd: folder, encoding: 'utf8' });
  return said.split('\n').filter((word) => word !== '');
}

needs('bash').each([
  [['--fo'], ['--format']],
  [['--wal'], ['--wal-g', '--wal-delay-max', '--wal-age-max']],
  [
    ['--format', ''],
    ['json', 'yaml', 'report', 'prometheus', 'nagios', 'zabbix', 'zabbix-sender'],
  ],
  [['--format', 're'], ['report']],
  [['--format', '=', 're'], ['report']],
  [
    ['--format', '='],
    ['json', 'yaml', 'report', 'prometheus', 'nagios', 'zabbix', 'zabbix-sender'],
  ],
  [
    ['--collect', ''],
    ['patroni', 'walg_backups', 'walg_verify'],
  ],
  [
    ['--quiet', '--skip', 'walg_'],
    ['walg_backups', 'walg_verify'],
  ],
  [
    ['--color', 'a'],
    ['always', 'auto'],
  ],
  [
    ['--publish-from', ''],
    ['leader', 'any'],
  ],
  [
    ['--completion', ''],
    ['bash', 'zsh', 'fish'],
  ],
  [
    ['--input', 'st'],
    ['status of today.json', 'status.json'],
  ],
  [['--timeout', ''], []],
])('bash, after %j', (words, offered) => {
  const files = { completion: completionScript('bash'), 'status.json': '', 'status of today.json': '' };
  expect(inBash(temporaryFolder(files), ...words).sort()).toEqual([...offered].sort());
});

needs('zsh')('zsh takes it', () => {
  const folder = temporaryFolder({ '_postgres-status': completionScript('zsh') });
  expect(check('zsh', '-n', join(folder, '_postgres-status'))).toBe('');
  // autoloaded and called as by compinit; _arguments reports what it does not understand
  const call =
    'fpath=($PWD $fpath); _arguments() { print -rl -- "$@" }; autoload -U _postgres-status; _postgres-status';
  const specifications = execFileSync('zsh', ['-f', '-c', call], { cwd: folder, encoding: 'utf8' }).split('\n');
  expect(specifications).toContain("--patroni-ca-cert=[the CA of Patroni's certificate]:file:_files");
  expect(specifications).toContain(
    '--color=[colour the report\\: always, never, or auto (on a terminal, unless $NO_COLOR is set)]:value:(always never auto)',
  );
});

needs('fish')('fish takes it, and completes', () => {
  const folder = temporaryFolder({ 'postgres-status.fish': completionScript('fish') });
  const file = join(folder, 'postgres-status.fish');
  expect(check('fish', '--no-execute', file)).toBe('');
  const complete = (line: string) =>
    execFileSync('fish', ['--no-config', '-c', `source ${file}; complete -C '${line}'`], {
      cwd: folder,
      encoding: 'utf8',
      env: { PATH: process.env['PATH'], HOME: folder },
    })
      .trimEnd()
      .split('\n')
      .map((offer) => offer.split('\t', 1)[0]);
  expect(complete('postgres-status --fo')).toEqual(['--format']);
  expect(complete('postgres-status --format ').sort()).toEqual([...formatNames].sort());
  expect(complete('postgres-status --collect ').sort()).toEqual(['patroni', 'walg_backups', 'walg_verify']);
});

/** Its messages, warnings included. */
function check(...[program = '', ...args]: string[]): string {
  return execFileSync('/bin/sh', ['-c', '"$@" 2>&1', 'sh', program, ...args], { encoding: 'utf8' });
}
