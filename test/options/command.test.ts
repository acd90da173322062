import { expect, test } from 'vitest';
import { parseCommandLine } from '../../src/options/command.ts';
import { UsageError } from '../../src/errors.ts';
import { generator } from '../../src/generator.ts';

test.each([80, 100])('--help in %i columns', async (columns) => {
  const commandLine = parseCommandLine(['--help'], () => columns);
  const text = 'show' in commandLine ? await commandLine.show() : '';
  await expect(text).toMatchFileSnapshot(`help-${columns}.txt`);
  const widest = Math.max(...text.split('\n').map((line) => line.length));
  expect(widest).toBeLessThanOrEqual(columns);
});

test.each(['--version', '-V'])('%s', async (flag) => {
  const commandLine = parseCommandLine([flag]);
  expect('show' in commandLine && (await commandLine.show())).toBe(`postgres-status ${generator.version}\n`);
});

test.each([
  [[], {}],
  [['--quiet'], { quiet: true }],
  [['--configmap'], { configmap: true }],
  [['--configmap', 'status-postgres-a'], { configmap: 'status-postgres-a' }],
  [['--configmap', '--quiet'], { configmap: true, quiet: true }],
  [['--timeout=5s'], { timeout: '5s' }],
  [['--timeout', '5s', '--timeout', '6s'], { timeout: '6s' }],
  [['--patroni-url', 'http://a', 'http://b', '--quiet'], { patroniUrl: ['http://a', 'http://b'], quiet: true }],
  [['--patroni-url', 'http://a', '--patroni-url', 'http://b'], { patroniUrl: ['http://a', 'http://b'] }],
])('%j', (argv, args) => {
  expect(parseCommandLine(argv)).toEqual({ arguments: args });
});

test.each([
  [['--quite'], "unknown option '--quite' (Did you mean --quiet?): see --help"],
  [['-x'], "unknown option '-x': see --help"],
  [['--timeout'], "option '--timeout <duration>' argument missing: see --help"],
  [['--patroni-url'], "option '--patroni-url <url...>' argument missing: see --help"],
  [['check'], '"check" is neither an option nor the value of one: see --help'],
  [['--quiet', 'yes'], '"yes" is neither an option nor the value of one: see --help'],
  [[''], '"" is neither an option nor the value of one: see --help'],
])('%j is refused', (argv, message) => {
  expect(() => parseCommandLine(argv)).toThrow(new UsageError(message));
});
