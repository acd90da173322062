import { userInfo } from 'node:os';
import { existsSync } from 'node:fs';
import { findExecutable } from '../system/executable.ts';
import { list, some } from '../text/words.ts';
import type { Check } from './check.ts';
import { type Finding, ok, skipped, together, warning } from './finding.ts';
import type { SetUp } from './set-up.ts';
import type { Subject } from './subject.ts';
import { usesWalg } from './wal-g.ts';

/** The PATH of cron (crontab(5)); Spilo starts cron with an empty environment, and so its jobs get the same. */
const CRON_PATH = '/usr/bin:/bin';

/** What this run gets from its environment and a run from cron would not. */
export const cron: Check = {
  name: 'cron',
  what: 'what this run gets from its environment and a run from cron would not',
  hint: 'Set the variables in the WAL-G environment or as lines of the crontab.',
  examine: ({ setUp }: Subject) => {
    if (cronProgram(setUp) === undefined) return skipped('there is no cron on this host');
    const findings = [...ofPrograms(setUp), ...ofHome(setUp), ...ofKubeconfig(setUp), ...ofVariables(setUp)];
    return findings.length === 0
      ? ok('a run from cron has everything that this one gets from its environment')
      : together(findings);
  },
};

function cronProgram({ processEnvironment: { PATH } }: SetUp): string | undefined {
  return ['cron', 'crond'].map((name) => findExecutable(name, PATH)).find((path) => path !== undefined);
}

/** Programs that this run finds on its PATH, but a run from cron finds elsewhere or not at all. */
function ofPrograms(setUp: SetUp): Finding[] {
  const { environment, walg, publishing } = setUp;
  const ownPath = environment.value?.variables.has('PATH') === true;
  const kubectl = publishing?.kubectl.value?.program;
  const wanted = [
    ...(usesWalg(setUp) && walg.path === undefined && !ownPath
      ? [{ name: 'wal-g', option: '--wal-g', now: findExecutable('wal-g', walg.environment['PATH']) }]
      : []),
    ...(kubectl !== undefined && publishing?.isKubectlGiven === false
      ? [{ name: 'kubectl', option: '--kubectl', now: kubectl }]
      : []),
  ];
  return wanted.flatMap(({ name, option, now }) => {
    const then = findExecutable(name, CRON_PATH);
    if (now === undefined || now === then) return [];
    const other = then === undefined ? 'finds none' : `finds ${then}`;
    return warning(
      `this run finds ${now} on PATH, but a run from cron (PATH=${CRON_PATH}) ${other}`,
      `Give ${option} ${now}, or set PATH in the crontab.`,
    );
  });
}

/** cron takes HOME from the user database. */
function ofHome({ processEnvironment, publishing }: SetUp): Finding[] {
  const [own, theirs] = [processEnvironment['HOME'], homeOfUser()];
  if (!own || theirs === undefined || own === theirs) return [];
  const kubeconfig = `${own}/.kube/config`;
  const files = [
    ...(publishing !== undefined && !isKubeconfigGiven(publishing, processEnvironment) ? [kubeconfig] : []),
    `${own}/.pgpass`,
    `${own}/.aws/credentials`,
  ].filter((file) => existsSync(file));
  if (files.length === 0) return [];
  const option = files.includes(kubeconfig) ? `Give --kubeconfig ${kubeconfig}, or set` : 'Set';
  return [
    warning(
      `HOME is ${own} here, but ${theirs} in a run from cron, so that ${list(files)} would not be found`,
      `${option} HOME in the crontab.`,
    ),
  ];
}

function homeOfUser(): string | undefined {
  try {
    return userInfo().homedir || undefined;
  } catch {
    return undefined;
  }
}

type Publishing = NonNullable<SetUp['publishing']>;

function isKubeconfigGiven({ kubectl }: Publishing, environment: NodeJS.ProcessEnv): boolean {
  return kubectl.value?.kubeconfig !== undefined || Boolean(environment['KUBECONFIG']);
}

function ofKubeconfig({ publishing, processEnvironment }: SetUp): Finding[] {
  const path = processEnvironment['KUBECONFIG'];
  if (publishing === undefined || !path || publishing.kubectl.value?.kubeconfig !== undefined) return [];
  return [
    warning(
      `KUBECONFIG is set here (${path}), but not in a run from cron`,
      `Give --kubeconfig ${path}, or set KUBECONFIG in the crontab.`,
    ),
  ];
}

/** Variables that this program, wal-g and the libraries of both use. */
const HEEDED =
  /^(?:POSTGRES_STATUS_\w+|STATUS_NAME|POD_NAMESPACE|PATRONI_(?:CTL_\w+|RESTAPI_CAFILE)|WAL[GE]_\w+|AWS_\w+|S3_\w+|AZURE_\w+|OSS_\w+|SWIFT_\w+|GOOGLE_APPLICATION_CREDENTIALS|PG(?:HOST|PORT|USER|PASSWORD|DATABASE|PASSFILE|SERVICE|SERVICEFILE|SSL\w+)|SSL_CERT_(?:FILE|DIR)|(?:HTTPS?|NO)_PROXY)$/i;

/** Only their names are shown, because values may be secret. */
function ofVariables({ environment, processEnvironment }: SetUp): Finding[] {
  const own = environment.value?.variables;
  const lacking = Object.keys(processEnvironment)
    .filter((name) => HEEDED.test(name) && processEnvironment[name] !== '' && own?.has(name) !== true)
    .toSorted();
  if (lacking.length === 0) return [];
  const where = environment.value?.path ?? 'a WAL-G environment (/etc/wal-g.d/env)';
  return [
    warning(
      `set here, but not in a run from cron: ${some(lacking, 8)}`,
      `Put what is needed into ${where}, or set it in the crontab.`,
    ),
  ];
}
