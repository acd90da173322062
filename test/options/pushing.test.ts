import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { UsageError } from '../../src/errors.ts';
import { parseCommandLine } from '../../src/options/command.ts';
import { resolveSettings, type Settings } from '../../src/options/settings.ts';
import { temporaryFolder } from '../stand-ins/temporary.ts';

interface Situation {
  argv?: string[];
  /** The WAL-G environment, as a file. */
  walg?: string;
  processEnv?: Record<string, string>;
}

async function settle({ argv = [], walg = '', processEnv = {} }: Situation): Promise<Settings> {
  const environment = join(temporaryFolder({ env: walg }), 'env');
  const commandLine = parseCommandLine(['--env', environment, ...argv]);
  if (!('arguments' in commandLine)) throw new Error('no run');
  return resolveSettings(commandLine.arguments, processEnv, {
    readText: () => undefined,
    findProgram: () => undefined,
    isPlugin: () => false,
  });
}

async function urls(situation: Situation) {
  const { destinations, ping } = await settle(situation);
  const pushgateway = destinations.find(({ to }) => to === 'pushgateway');
  return { pushgateway: pushgateway?.to === 'pushgateway' ? pushgateway.url.href : undefined, ping: ping?.url.href };
}

test('a flag, else the WAL-G environment, else the process environment, each with the URL or the name of its file', async () => {
  const folder = temporaryFolder({ gateway: ' http://file:9091 \n', ping: 'https://hc.example.org/file\n' });
  const walg = 'POSTGRES_STATUS_PUSHGATEWAY=http://u:p@walg:9091\nPOSTGRES_STATUS_PING=https://hc.example.org/walg';
  const processEnv = {
    POSTGRES_STATUS_PUSHGATEWAY: 'http://process:9091',
    POSTGRES_STATUS_PING: 'https://hc.example.org/process',
  };
  const argv = ['--pushgateway', 'http://flag:9091', '--ping', 'https://hc.example.org/flag'];
  const named = ['--pushgateway-file', `${folder}/gateway`, '--ping-file', `${folder}/ping`];
  const files = { POSTGRES_STATUS_PUSHGATEWAY_FILE: `${folder}/gateway`, POSTGRES_STATUS_PING_FILE: `${folder}/ping` };
  const from = (name: string, userInfo = '') => ({
    pushgateway: `http://${userInfo}${name}:9091/`,
    ping: `https://hc.example.org/${name}`,
  });
  expect(await urls({ argv, walg, processEnv })).toEqual(from('flag'));
  expect(await urls({ argv: named, walg, processEnv })).toEqual(from('file'));
  expect(await urls({ walg, processEnv })).toEqual(from('walg', 'u:p@'));
  expect(await urls({ processEnv })).toEqual(from('process'));
  expect(await urls({ processEnv: files })).toEqual(from('file'));
  expect(await urls({})).toEqual({ pushgateway: undefined, ping: undefined });
});

test.each([['--pushgateway', 'http://pg:9091'], ['--ping', 'https://hc.example.org/0a1b'], []])(
  'the leader gate is asked if something is published: %s',
  async (...argv) => {
    expect((await settle({ argv })).publishes).toBe(argv.length > 0);
  },
);

test('saved documents are not pushed: the variables are ignored, and a flag is rejected', async () => {
  const walg = 'POSTGRES_STATUS_PUSHGATEWAY=http://pg:9091\nPOSTGRES_STATUS_PING_FILE=/nowhere';
  expect(await urls({ argv: ['--input', '-'], walg })).toEqual({ pushgateway: undefined, ping: undefined });
  for (const flag of ['--pushgateway', '--pushgateway-file', '--ping', '--ping-file'])
    await expect(settle({ argv: ['--input', '-', flag, 'http://pg:9091/x'] })).rejects.toThrow(
      new UsageError(`${flag} needs a run that collects: nothing is pushed of documents that are read`),
    );
});

describe('what must be redacted', () => {
  test.each([
    ['http://pushgateway:9091', []],
    ['http://metrics:s%40crets@pushgateway:9091', ['s%40crets', 's@crets']],
    // a user name alone is a token
    ['http://0123456789abcdef@pushgateway:9091', ['0123456789abcdef', '0123456789abcdef']],
  ])('of the Pushgateway %s', async (url, secrets) => {
    expect((await settle({ processEnv: { POSTGRES_STATUS_PUSHGATEWAY: url } })).secrets).toEqual(secrets);
  });

  test('of a ping: everything except the host, and the random parts; not the name of the check, which may be that of the cluster', async () => {
    const url = 'https://hc-ping.com/fqOOd6-F4MMNuCEnzTU01w/postgres-main-1?rid=5bf1a0d2-0000-4000-8000-000000000000';
    const { secrets } = await settle({ argv: ['--ping', url] });
    expect([...new Set(secrets)]).toEqual([
      url,
      'hc-ping.com/fqOOd6-F4MMNuCEnzTU01w/postgres-main-1',
      '/fqOOd6-F4MMNuCEnzTU01w/postgres-main-1?rid=5bf1a0d2-0000-4000-8000-000000000000',
      '/fqOOd6-F4MMNuCEnzTU01w/postgres-main-1',
      'rid=5bf1a0d2-0000-4000-8000-000000000000',
      'fqOOd6-F4MMNuCEnzTU01w',
      '5bf1a0d2-0000-4000-8000-000000000000',
    ]);
  });
});

const ON_COMMAND_LINE =
  'contains a user name or password, which other users could see on the command line: put the URL into the variable or a file';

const refused: (Situation & { message: string })[] = [
  { argv: ['--pushgateway', 'http://u:secret@pg:9091'], message: `--pushgateway ${ON_COMMAND_LINE}` },
  { argv: ['--ping', 'https://secret@hc.example.org/x'], message: `--ping ${ON_COMMAND_LINE}` },
  { argv: ['--pushgateway', 'pg:9091'], message: '--pushgateway is not a URL such as http://pushgateway:9091' },
  {
    argv: ['--pushgateway', 'http://pg:9091 x'],
    message: '--pushgateway is not a URL such as http://pushgateway:9091',
  },
  { argv: ['--pushgateway', ''], message: '--pushgateway is empty' },
  {
    argv: ['--pushgateway', 'http://pg:9091/?a'],
    message: '--pushgateway is not a base URL: remove the part after ? or #',
  },
  {
    argv: ['--pushgateway', 'http://pg:9091/metrics/job/a'],
    message: '--pushgateway is not a base URL: remove the part from /metrics on',
  },
  { argv: ['--ping', 'hc-ping.com/secret'], message: '--ping is not a URL such as https://hc-ping.com/…' },
  { argv: ['--ping', 'ftp://hc-ping.com/secret'], message: '--ping is not a URL such as https://hc-ping.com/…' },
  { argv: ['--ping', 'https://a/b#c'], message: '--ping has a part after #, which is not sent: remove it' },
  {
    argv: ['--ping', 'https://hc-ping.com'],
    message: '--ping has no path, by which the service identifies the check',
  },
  {
    walg: 'POSTGRES_STATUS_PUSHGATEWAY=http://u:%zz@pg:9091',
    message:
      'POSTGRES_STATUS_PUSHGATEWAY in WALG has a % in its user name or password that is not followed by two hexadecimal digits',
  },
  {
    processEnv: { POSTGRES_STATUS_PING: 'secret' },
    message: 'POSTGRES_STATUS_PING in the environment is not a URL such as https://hc-ping.com/…',
  },
  { argv: ['--ping-file', '/nowhere'], message: '--ping-file /nowhere cannot be read (no such file or directory)' },
  { argv: ['--ping-file', '/'], message: '--ping-file / cannot be read (a directory)' },
  { argv: ['--ping-file', '/dev/zero'], message: '--ping-file /dev/zero cannot be read (a device, not a file)' },
  {
    argv: ['--ping-file', '/etc/passwd'],
    message: 'the content of --ping-file /etc/passwd is not a URL such as https://hc-ping.com/…',
  },
  {
    argv: ['--pushgateway-file', '/dev/null'],
    message: '--pushgateway-file /dev/null cannot be read (a device, not a file)',
  },
  {
    argv: ['--ping', 'https://a/b', '--ping-file', '/c'],
    message: '--ping and --ping-file cannot be combined',
  },
  {
    walg: 'POSTGRES_STATUS_PING=https://a/b',
    processEnv: { POSTGRES_STATUS_PING_FILE: '/c' },
    message: 'POSTGRES_STATUS_PING and POSTGRES_STATUS_PING_FILE are both set: leave one of them out',
  },
];

test.each(refused)('$message', async ({ message, ...situation }) => {
  const failure = await settle(situation).then(
    () => undefined,
    (error: unknown) => error,
  );
  expect(failure).toBeInstanceOf(UsageError);
  expect(String(failure).replace(/\/\S*postgres-status-test-\S*\/env/, 'WALG')).toBe(`UsageError: ${message}`);
});
