import { mkdirSync, writeFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { temporaryFolder } from '../stand-ins/temporary.ts';
import { bad, examined, good, type Shown, type Situation } from './examined.ts';

const CRON = { cron: 'exit 0' };
const WELL = good('ok', 'a run from cron has everything that this one gets from its environment');
/** Cron's own folders: programs there are not mentioned. */
const walg = { 'wal-g': 'exit 0' };
const PATRONI_ALONE = ['--collect', 'patroni'];
const PUBLISHING = ['--configmap', 'x', '--kubectl', 'HOST/bin/kubectl', ...PATRONI_ALONE];
const kubectl = { kubectl: 'exit 0' };

describe('a run from cron, whose environment is empty but for HOME, PATH, SHELL and LOGNAME', () => {
  test.each<[situation: string, given: Situation, shown: Shown]>([
    ['has all', { args: PATRONI_ALONE, programs: CRON }, WELL],
    ['is recognized if cron is called crond', { args: PATRONI_ALONE, programs: { crond: 'exit 0' } }, WELL],
    [
      'finds no wal-g',
      { programs: { ...CRON, ...walg } },
      bad(
        'warning',
        'this run finds HOST/bin/wal-g on PATH, but a run from cron (PATH=/usr/bin:/bin) finds none',
        'Give --wal-g HOST/bin/wal-g, or set PATH in the crontab.',
      ),
    ],
    ['has the path of wal-g', { args: ['--wal-g', 'HOST/bin/wal-g'], programs: { ...CRON, ...walg } }, WELL],
    ['has PATH from the WAL-G environment', { walg: { PATH: '/opt/wal-g/bin' }, programs: { ...CRON, ...walg } }, WELL],
    [
      'lacks KUBECONFIG',
      { args: PUBLISHING, programs: { ...CRON, ...kubectl }, environment: { KUBECONFIG: '/root/.kube/config' } },
      bad(
        'warning',
        'KUBECONFIG is set here (/root/.kube/config), but not in a run from cron',
        'Give --kubeconfig /root/.kube/config, or set KUBECONFIG in the crontab.',
      ),
    ],
    [
      'has the kubeconfig by its option',
      {
        args: [...PUBLISHING, '--kubeconfig', '/root/.kube/config'],
        programs: { ...CRON, ...kubectl },
        environment: { KUBECONFIG: '/root/.kube/config' },
      },
      WELL,
    ],
    [
      'needs no KUBECONFIG if nothing is published',
      { args: PATRONI_ALONE, programs: CRON, environment: { KUBECONFIG: '/root/.kube/config' } },
      WELL,
    ],
    [
      'lacks variables: only their names are shown',
      {
        args: PATRONI_ALONE,
        programs: CRON,
        environment: {
          ...{ AWS_SECRET_ACCESS_KEY: 'Tr0ub4dor', PGPASSWORD: 'correct-horse', WALG_S3_PREFIX: 's3://bucket' },
          ...{ STATUS_NAME: 'postgres-main', HTTPS_PROXY: 'http://proxy:3128', LANG: 'C', PGAPPNAME: 'psql' },
        },
      },
      bad(
        'warning',
        'set here, but not in a run from cron: AWS_SECRET_ACCESS_KEY, HTTPS_PROXY, PGPASSWORD, STATUS_NAME and WALG_S3_PREFIX',
        'Put what is needed into a WAL-G environment (/etc/wal-g.d/env), or set it in the crontab.',
      ),
    ],
    [
      'has those of the WAL-G environment',
      {
        args: PATRONI_ALONE,
        programs: CRON,
        walg: { AWS_REGION: 'eu-west-1' },
        environment: { AWS_REGION: 'eu-central-1', AWS_PROFILE: 'backup' },
      },
      bad(
        'warning',
        'set here, but not in a run from cron: AWS_PROFILE',
        'Put what is needed into HOST/env, or set it in the crontab.',
      ),
    ],
  ])('%s', async (_, given, shown) => {
    expect(await examined('cron', given)).toEqual(shown);
  });

  test('has another HOME: files in the current one would not be found', async () => {
    const HOME = temporaryFolder();
    const theirs = userInfo().homedir;
    const environment = { HOME };
    expect(await examined('cron', { args: PATRONI_ALONE, programs: CRON, environment })).toEqual(WELL);
    for (const folder of ['.kube', '.aws']) mkdirSync(join(HOME, folder));
    for (const file of ['.kube/config', '.aws/credentials', '.pgpass']) writeFileSync(join(HOME, file), 'secret');
    expect(await examined('cron', { args: PATRONI_ALONE, programs: CRON, environment })).toEqual(
      bad(
        'warning',
        `HOME is ${HOME} here, but ${theirs} in a run from cron, so that ${HOME}/.pgpass and ${HOME}/.aws/credentials would not be found`,
        'Set HOME in the crontab.',
      ),
    );
    expect(await examined('cron', { args: PUBLISHING, programs: { ...CRON, ...kubectl }, environment })).toEqual(
      bad(
        'warning',
        `HOME is ${HOME} here, but ${theirs} in a run from cron, so that ${HOME}/.kube/config, ${HOME}/.pgpass and ${HOME}/.aws/credentials would not be found`,
        `Give --kubeconfig ${HOME}/.kube/config, or set HOME in the crontab.`,
      ),
    );
  });
});
