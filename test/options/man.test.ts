import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parseCommandLine } from '../../src/options/command.ts';
import { manualPage } from '../../src/options/man.ts';
import { needs } from '../stand-ins/needs.ts';
import { temporaryFolder } from '../stand-ins/temporary.ts';

const page = manualPage('2026-11-21');

test('the manual page', async () => {
  await expect(page).toMatchFileSnapshot('postgres-status.1');
});

needs('groff')('groff warns of nothing', () => {
  // its warnings go to stderr
  const shown = execFileSync('/bin/sh', ['-c', 'groff -man -ww -Tascii 2>&1 >/dev/null'], { input: page });
  expect(String(shown)).toBe('');
});

needs('man')('as a person reads it, on 80 columns', () => {
  const path = join(temporaryFolder({ 'postgres-status.1': page }), 'postgres-status.1');
  const env = { PATH: process.env['PATH'], MANWIDTH: '80', LC_ALL: 'C.UTF-8', MANPAGER: 'cat' };
  const shown = execFileSync('man', ['--local-file', path], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  // the layout depends on the system's man, so only the words are compared
  const words = String(shown)
    .replaceAll(/.\u0008/g, '')
    .replaceAll(/\s+/g, ' ');
  expect(words).toContain(
    "--patroni-ca-cert <file> the CA of Patroni's certificate. Default: $PATRONI_CTL_CACERT, else",
  );
  expect(words).toContain(
    '* * * * * postgres run-one timeout 1m postgres-status --configmap --quiet every minute, in /etc/cron.d',
  );
});

test('every option of the help is in it', async () => {
  const commandLine = parseCommandLine(['--help'], () => 100);
  const help = 'show' in commandLine ? await commandLine.show() : '';
  const options = [...help.matchAll(/^ {2}(?:-\w, )?--[a-z-]+/gm)].map(([option]) => option.trim());
  expect(options.length).toBeGreaterThan(30);
  const named = page.replaceAll(String.raw`\-`, '-');
  expect(options.filter((option) => !named.includes(`\n.B ${option}`))).toEqual([]);
});
