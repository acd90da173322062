import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { parseCommandLine } from '../src/options/command.ts';
import { DIAGNOSTICS } from '../src/options/diagnostics.ts';
import { generated } from './generated-readmes.ts';

const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');

test.each(generated)('$file.pathname is up to date (npm run format writes it)', async ({ file, text }) => {
  expect(readFileSync(file, 'utf8')).toBe(await text());
});

test('README.md has less than 16 KiB', () => {
  expect(Buffer.byteLength(readme)).toBeLessThan(16 * 1024);
});

test('every message in the diagnostics occurs in the program', () => {
  const sources = new URL('../src/', import.meta.url);
  const source = readdirSync(sources, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.ts') && !path.endsWith('diagnostics.ts'))
    .map((path) => readFileSync(new URL(path, sources), 'utf8'))
    .join('\n');
  const parts = DIAGNOSTICS.flatMap(([message]) => message.split('…').map((part) => part.trim()));
  expect(parts.length).toBeGreaterThan(20);
  expect(parts.filter((part) => !source.includes(part))).toEqual([]);
});

test('every message under "When something goes wrong" is in the diagnostics', () => {
  const chapter = /## When something goes wrong\n([^]*?)\n## /.exec(readme)?.[1] ?? '';
  const messages = [...chapter.matchAll(/^\| `([^`]+)`/gm)].map(([, message = '']) => message);
  const known = DIAGNOSTICS.map(([message]) => message);
  expect(messages.length).toBeGreaterThan(5);
  expect(messages.filter((message) => !known.includes(message))).toEqual([]);
});

test.each([
  'README.md',
  'examples/crontab',
  'examples/flock.crontab',
  'examples/prometheus-textfile.crontab',
  'examples/runbook.md',
  'examples/kubernetes/cronjob.yaml',
  'examples/kubernetes/sidecar.yaml',
  'examples/kubernetes/spilo-crontab.yaml',
  'examples/kubernetes/zalando-postgresql.yaml',
])('every command line in %s is one that the program takes', (path) => {
  const text = readFileSync(new URL(path, new URL('..', import.meta.url)), 'utf8')
    .replaceAll(/^ *#.*\n| +# .*$/gm, '')
    // the items of a list in YAML
    .replaceAll(/\n *- (?=--)/g, ' ');
  const lines = [...text.matchAll(/(?:^|\s)postgres-status((?: +--[^\s&`]+(?: +[^-\s&`|>][^\s&`|>]*| +-(?= ))?)+)/g)];
  expect(lines.length).toBeGreaterThan(0);
  for (const [, options = ''] of lines) {
    const commandLine = parseCommandLine(options.trim().split(/ +/));
    const kinds = { '--completion': 'show', '--doctor': 'doctor' };
    const kind = Object.entries(kinds).find(([option]) => options.includes(option))?.[1] ?? 'arguments';
    expect(Object.keys(commandLine)).toEqual([kind]);
    if ('doctor' in commandLine) expect(commandLine.doctor.faults).toEqual([]);
  }
});
