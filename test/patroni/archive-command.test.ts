import { describe, expect, test } from 'vitest';
import { archiveCommand } from '../../src/patroni/archive-command.ts';
import { describeConfig } from '../../src/patroni/describe-config.ts';

describe('archive_command', () => {
  test.for([
    '/bin/true',
    '/usr/bin/true',
    'true',
    ' true ',
    'true;',
    "'/bin/true'",
    '"true"',
    '/bin/true %p',
    ':',
    ': %p %f',
    'exit 0',
    'exit 0;',
    'exit',
    'cd .',
    '  ',
    'true # archiving is off',
    'true; exit 0',
    'true && true',
    '/bin/true > /dev/null 2>&1',
    "/bin/sh -c 'exit 0'",
    'echo %p',
  ])('does nothing: %s', (text) => {
    expect(archiveCommand(text)).toBe('noop');
  });

  test.for([
    'envdir /etc/wal-g.d/env wal-g wal-push %p',
    'wal-g wal-push "%p"',
    '/bin/false',
    'exit 1',
    'true && cp %p /archive/%f',
    'true; wal-g wal-push %p',
    'echo %p >> /var/log/archived; cp %p /archive',
    'echo %p > /archive/list',
    'true | cp %p /archive/%f',
    'echo $(cp %p /archive/%f)',
    'trueish',
    '/opt/true-archiver %p',
    'test ! -f /archive/%f && cp %p /archive/%f',
  ])('does something: %s', (text) => {
    expect(archiveCommand(text)).toBe('set');
  });

  test('missing, or empty', () => {
    expect([archiveCommand(undefined), archiveCommand('')]).toEqual(['none', 'empty']);
  });

  test('a long command is read in linear time', () => {
    const started = performance.now();
    expect(archiveCommand(`true${' '.repeat(200_000)}x;${'('.repeat(200_000)}`)).toBe('set');
    expect(performance.now() - started).toBeLessThan(1_000);
  });
});

test.for<[text: unknown, seconds: number | null]>([
  [60, 60],
  ['60', 60],
  ['60s', 60],
  ['1min', 60],
  ['1 min', 60],
  [' 5min ', 300],
  ['1h', 3600],
  ['1d', 86_400],
  ['1.5min', 90],
  ['60000ms', 60],
  [0, 0],
  ['1MIN', null],
  ['1 hour', null],
  ['-1', null],
  ['', null],
  [true, null],
  [null, null],
  [undefined, null],
])('archive_timeout %j: %j s', ([archive_timeout, seconds]) => {
  expect(describeConfig({ postgresql: { parameters: { archive_timeout } } }).archive_timeout).toBe(seconds);
});

test('a secret in archive_command is redacted', () => {
  const parameters = {
    archive_command: 'AWS_SECRET_ACCESS_KEY=sesame wal-g wal-push %p',
    archive_library: 'basic_archive',
  };
  const config = describeConfig({ postgresql: { parameters } });
  expect(config).toMatchObject({ archive_command: 'set', archive_library: true });
  expect(JSON.stringify(config)).not.toContain('sesame');
});
