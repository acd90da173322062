import { expect, test, describe } from 'vitest';
import { bad, examined, good, type Shown, type Situation } from './examined.ts';

/** The checks options, environment, wal_g and kubectl, each alone. */

const walg = (version: string, database = 'PostgreSQL') => `printf 'wal-g version ${version}\\tx\\ty\\t${database}'`;
const kubectl = (version: string) => `echo '{"clientVersion":{"gitVersion":"${version}"}}'`;

describe('options', () => {
  const CORRECT = 'Correct them: --help and the manual page describe each option.';
  const NAME = 'Correct the name: --help gives the variable of each option.';

  test.each<[situation: string, given: Situation, shown: Shown]>([
    ['all are valid', { args: ['--timeout', '20s'] }, good('ok', 'all flags and variables are valid')],
    [
      'two variables of no option',
      { environment: { POSTGRES_STATUS_TIMOUT: '9s', POSTGRES_STATUS_LAG: '1' } },
      bad('warning', 'POSTGRES_STATUS_LAG and POSTGRES_STATUS_TIMOUT are not variables of options', NAME),
    ],
    [
      'a variable in the WAL-G environment that is of no option',
      { walg: { POSTGRES_STATUS_TIMOUT: '9s' } },
      bad('warning', 'POSTGRES_STATUS_TIMOUT is not the variable of an option', NAME),
    ],
    [
      'invalid values',
      { args: ['--timeout', 'soon', '--collect', 'all'], environment: { POSTGRES_STATUS_FORMAT: 'xml' } },
      bad(
        'failed',
        'POSTGRES_STATUS_FORMAT in the environment: "xml" is not one of: json, yaml, report, prometheus, nagios, zabbix, zabbix-sender; --timeout: "soon" is not a duration such as 50s, 1m30s or 8d; --collect: "all" contains "all", which is not a collector: use patroni, walg_backups, walg_verify',
        CORRECT,
      ),
    ],
    [
      '--verify-every without --state',
      { args: ['--verify-every', '1h'] },
      bad('failed', '--verify-every needs --state, which keeps the last result for the next run', CORRECT),
    ],
    [
      'a login in the URL of a flag',
      { args: ['--pushgateway', 'http://metrics:s3cr3ts@gateway:9091'] },
      bad(
        'failed',
        '--pushgateway contains a user name or password, which other users could see on the command line: put the URL into the variable or a file',
        CORRECT,
      ),
    ],
  ])('%s', async (_, given, shown) => {
    expect(await examined('options', given)).toEqual(shown);
  });
});

describe('environment', () => {
  const WHERE = 'there is no WAL-G environment (--env), so wal-g gets the environment of the process';
  const PREFIX =
    'WALG_S3_PREFIX, WALG_FILE_PREFIX or the prefix of another storage, as in the environment of archive_command.';

  test.each<[situation: string, given: Situation, shown: Shown]>([
    [
      'a folder of variables',
      { walg: { WALG_S3_PREFIX: 's3://bucket/main', AWS_REGION: 'eu-west-1' } },
      good('ok', 'HOST/env has 2 variables; storage: S3 s3://bucket/main (WALG_S3_PREFIX)'),
    ],
    [
      'none, and the process has the storage',
      { environment: { WALG_FILE_PREFIX: '/backups' } },
      good('ok', `${WHERE}; storage: folder /backups (WALG_FILE_PREFIX)`),
    ],
    [
      'none, and the process has no storage',
      {},
      bad(
        'failed',
        `${WHERE}, and no variable in it names a storage`,
        `Give the path of the WAL-G environment with --env. It must set ${PREFIX}`,
      ),
    ],
    [
      'one that names no storage',
      { walg: { AWS_REGION: 'eu-west-1' } },
      bad('failed', 'HOST/env has 1 variable, and no variable in it names a storage', `Set in HOST/env: ${PREFIX}`),
    ],
    [
      "WAL-G's own file",
      { walg: { WALG_CONFIG_PATH: '/etc/wal-g.yaml' } },
      good(
        'ok',
        'HOST/env has 1 variable; no variable names a storage, so wal-g takes that of its file /etc/wal-g.yaml',
      ),
    ],
    [
      'two storages',
      { walg: { WALG_FILE_PREFIX: '/backups', WALG_GS_PREFIX: 'gs://bucket/main' } },
      bad(
        'warning',
        'HOST/env has 2 variables; storage: folder /backups (WALG_FILE_PREFIX), and also WALG_GS_PREFIX: wal-g uses the first storage that it finds configured',
        'Remove the variables of the other storages.',
      ),
    ],
    [
      'a path that does not exist',
      { args: ['--env', '/nowhere'] },
      bad('failed', 'the WAL-G environment /nowhere does not exist', 'A path given with --env must exist.'),
    ],
    [
      'a file with a line that is not an assignment: its number is shown, not its text',
      { args: ['--env', 'HOST/bin/file'], programs: { file: 'line that is no assignment' } },
      bad(
        'failed',
        'line 2 of HOST/bin/file is neither KEY=VALUE nor a comment: correct it',
        'Either the path should be a directory, or a multi-line value is not quoted.',
      ),
    ],
  ])('%s', async (_, given, shown) => {
    expect(await examined('environment', given)).toEqual(shown);
  });
});

describe('wal_g', () => {
  const HINT = 'Install WAL-G for PostgreSQL, or give its path with --wal-g.';

  test.each<[situation: string, given: Situation, shown: Shown]>([
    [
      'a new one',
      { programs: { 'wal-g': walg('v3.0.9') } },
      good('ok', 'HOST/bin/wal-g is WAL-G 3.0.9 for PostgreSQL'),
    ],
    [
      'one that cannot verify',
      { programs: { 'wal-g': walg('v0.2.19') } },
      bad(
        'warning',
        'HOST/bin/wal-g is WAL-G 0.2.19, which cannot verify the WAL as it is needed here',
        'Upgrade WAL-G to 0.2.20 or newer (3.0.8 and newer need no database login), or use --skip walg_verify.',
      ),
    ],
    [
      'one of another database',
      { programs: { 'wal-g': walg('v3.0.9', 'MySQL') } },
      bad('failed', 'HOST/bin/wal-g is WAL-G 3.0.9 for MySQL', HINT),
    ],
    [
      'a local build',
      { programs: { 'wal-g': walg('devel') } },
      bad(
        'warning',
        'HOST/bin/wal-g does not report its version',
        'Install a released WAL-G: it is not known what a local build can do.',
      ),
    ],
    [
      'one that does not run',
      { programs: { 'wal-g': 'exit 127' } },
      bad('failed', 'wal-g --version failed with exit status 127: no reason given', HINT),
    ],
    [
      'a path that does not exist (program)',
      { args: ['--wal-g', '/missing'] },
      bad('failed', '/missing is not an executable file: correct --wal-g', HINT),
    ],
    [
      'it is not used',
      { args: ['--collect', 'patroni'] },
      good('skipped', 'no collector that uses wal-g runs (--collect, --skip)'),
    ],
  ])('%s', async (_, given, shown) => {
    expect(await examined('wal_g', given)).toEqual(shown);
  });
});

describe('kubectl', () => {
  const HINT = 'Install kubectl, or give its path with --kubectl.';
  const publishing = ['--configmap', 'status-postgres-main', '--kubectl', 'HOST/bin/kubectl'];

  test.each<[situation: string, given: Situation, shown: Shown]>([
    [
      'a suitable one',
      { args: publishing, programs: { kubectl: kubectl('v1.32.4-dispatcher') } },
      good('ok', 'HOST/bin/kubectl is kubectl 1.32.4'),
    ],
    [
      'an old one',
      { args: publishing, programs: { kubectl: kubectl('v1.18.0') } },
      bad(
        'warning',
        'HOST/bin/kubectl is kubectl 1.18.0',
        'Upgrade kubectl to 1.20 or newer: older ones do not know --patch-file.',
      ),
    ],
    [
      'another program',
      { args: publishing, programs: { kubectl: 'echo hello' } },
      bad('failed', 'HOST/bin/kubectl version does not print the version of a kubectl (exit status 0)', HINT),
    ],
    [
      'none there',
      { args: publishing },
      bad('failed', '--kubectl: "HOST/bin/kubectl" is not an executable file', HINT),
    ],
    ['it is not used', {}, good('skipped', 'not needed: nothing is published without --configmap')],
  ])('%s', async (_, given, shown) => {
    expect(await examined('kubectl', given)).toEqual(shown);
  });
});
