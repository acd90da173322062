import { expect, test } from 'vitest';
import { overlay } from '../../src/walg/variables.ts';
import { childEnvironment } from '../../src/walg/child-environment.ts';
import { script, walg } from '../stand-ins/walg-run.ts';

const FORCED = { WALG_LOG_LEVEL: 'NORMAL', WALG_LOG_DESTINATION: 'stderr', S3_LOG_LEVEL: 'OFF' };
const DEFAULTS = { S3_MAX_RETRIES: '3', PGCONNECT_TIMEOUT: '5' };

test.each([
  ['nothing', {}, { ...DEFAULTS, ...FORCED }],
  [
    'what its users set',
    { WALG_S3_PREFIX: 's3://backups', PGUSER: 'postgres', EMPTY: '' },
    { WALG_S3_PREFIX: 's3://backups', PGUSER: 'postgres', EMPTY: '', ...DEFAULTS, ...FORCED },
  ],
  [
    'its own retry settings',
    { S3_MAX_RETRIES: '15', PGCONNECT_TIMEOUT: '60' },
    { S3_MAX_RETRIES: '15', PGCONNECT_TIMEOUT: '60', ...FORCED },
  ],
  [
    'empty retry settings, which WAL-G treats as unset',
    { S3_MAX_RETRIES: '', PGCONNECT_TIMEOUT: '' },
    { ...DEFAULTS, ...FORCED },
  ],
  [
    'a noisy log',
    { WALG_LOG_LEVEL: 'DEVEL', WALG_LOG_DESTINATION: '/dev/stdout', S3_LOG_LEVEL: 'DEVEL', WALG_S3_LOG_LEVEL: 'DEVEL' },
    { ...DEFAULTS, ...FORCED, WALG_S3_LOG_LEVEL: 'DEVEL' },
  ],
  [
    'what would have side effects',
    { HTTP_LISTEN: ':8090', WALG_STATSD_ADDRESS: 'statsd:8125', PROFILE_MODE: 'cpu', PROFILE_PATH: '/tmp' },
    { ...DEFAULTS, ...FORCED },
  ],
])('%s', (_, environment, expected) => {
  expect(childEnvironment(environment)).toEqual(expected);
});

test('the environment of wal-g: the process environment, overridden by the WAL-G environment and by the variables of one call', async () => {
  const variables = new Map([
    ['WALG_FILE_PREFIX', '/backups'],
    ['PGUSER', 'backup'],
    ['KEY', 'two\nlines'],
    ['GONE', null],
  ]);
  const environment = { PATH: '/usr/bin:/bin', HOME: '/var/lib/postgresql', PGUSER: 'postgres', GONE: 'away' };
  // the shell adds PWD, SHLVL and _
  const path = script(`exec env -0 -u PWD -u OLDPWD -u SHLVL -u _`);
  const { stdout } = await walg({ path, environment, variables }).run([], { env: { PGPORT: '5433' } });
  const given = stdout.split('\0').filter((entry) => entry !== '');
  expect(
    Object.fromEntries(given.map((entry) => [entry.slice(0, entry.indexOf('=')), entry.slice(entry.indexOf('=') + 1)])),
  ).toEqual({
    PATH: '/usr/bin:/bin',
    HOME: '/var/lib/postgresql',
    WALG_FILE_PREFIX: '/backups',
    PGUSER: 'backup',
    KEY: 'two\nlines',
    PGPORT: '5433',
    ...DEFAULTS,
    ...FORCED,
  });
  expect(overlay(environment, variables)).not.toHaveProperty('GONE');
});
