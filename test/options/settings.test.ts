import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Published } from '../../src/deliveries/delivery.ts';
import { asError, UsageError } from '../../src/errors.ts';
import { defaultThresholds } from '../../src/health/thresholds.ts';
import { parseCommandLine } from '../../src/options/command.ts';
import { asksToCheck, resolveSettings, type Settings } from '../../src/options/settings.ts';
import { temporaryFolder } from '../stand-ins/temporary.ts';

/** A program that exists wherever the tests run. */
const PROGRAM = process.execPath;

interface Situation {
  argv?: string[];
  /** The WAL-G environment, as a file; none where not given. */
  walg?: string;
  processEnv?: Record<string, string>;
  /** The namespace of the pod's service account. */
  serviceAccount?: string;
  /** Where kubectl is found. */
  kubectl?: string;
  /** Called as kubectl-postgres_status. */
  asPlugin?: boolean;
}

async function settle({
  argv = [],
  walg,
  processEnv = {},
  serviceAccount,
  kubectl,
  asPlugin = false,
}: Situation): Promise<Settings> {
  const file = join(temporaryFolder(), 'env');
  writeFileSync(file, walg ?? '');
  const commandLine = parseCommandLine(['--env', file, ...argv]);
  if (!('arguments' in commandLine)) throw new Error('no run');
  const machine = { readText: () => serviceAccount, findProgram: () => kubectl, isPlugin: () => asPlugin };
  return resolveSettings(commandLine.arguments, processEnv, machine);
}

/** Where the document is published. */
function published({ destinations }: Settings): Published | undefined {
  return destinations.find((destination) => destination.to === 'configmap');
}

test('the defaults', async () => {
  const { walg, ...settings } = await settle({});
  expect(walg).toEqual({ path: undefined, environment: {} });
  expect(settings).toEqual({
    patroni: { urls: [new URL('http://localhost:8008')], tls: { insecure: false }, leaderApi: 'auto' },
    timeout: 50_000,
    collectors: ['patroni', 'walg_backups', 'walg_verify'],
    publishes: false,
    publishFrom: 'leader',
    destinations: [{ to: 'stdout' }],
    ping: undefined,
    secrets: [],
    inputs: [],
    scope: undefined,
    statusName: undefined,
    state: undefined,
    verifyEvery: undefined,
    now: undefined,
    thresholds: defaultThresholds,
    check: false,
    format: 'json',
    walgCompat: false,
    color: 'auto',
    quiet: false,
    verbose: false,
  });
});

const publishing = ['--configmap', 'status-postgres-a'];
const kubectl = '/usr/bin/kubectl';

/** An option of every kind, with three values and the default: flag, WAL-G environment, process environment. */
const options: {
  option: string;
  given?: string[];
  values: [string, string, string];
  read: (settings: Settings) => unknown;
  expected: [flag: unknown, walg: unknown, process: unknown, byDefault: unknown];
}[] = [
  {
    option: '--patroni-url',
    values: ['http://f:1/', 'http://w:1/ http://w:2/', 'http://p:1/,http://p:2/'],
    read: ({ patroni }) => patroni.urls.map(String),
    expected: [
      ['http://f:1/'],
      ['http://w:1/', 'http://w:2/'],
      ['http://p:1/', 'http://p:2/'],
      ['http://localhost:8008/'],
    ],
  },
  {
    option: '--timeout',
    values: ['5s', '6s', '7'],
    read: ({ timeout }) => timeout,
    expected: [5000, 6000, 7000, 50_000],
  },
  {
    option: '--collect',
    values: ['patroni', 'walg_verify,patroni', 'walg_backups walg_backups'],
    read: ({ collectors }) => collectors,
    expected: [['patroni'], ['patroni', 'walg_verify'], ['walg_backups'], ['patroni', 'walg_backups', 'walg_verify']],
  },
  {
    option: '--skip',
    values: ['patroni', 'walg_verify,patroni', ' walg_backups'],
    read: ({ collectors }) => collectors,
    expected: [
      ['walg_backups', 'walg_verify'],
      ['walg_backups'],
      ['patroni', 'walg_verify'],
      ['patroni', 'walg_backups', 'walg_verify'],
    ],
  },
  {
    option: '--wal-g',
    values: ['/f', '/w', '/p'],
    read: ({ walg }) => walg.path,
    expected: ['/f', '/w', '/p', undefined],
  },
  {
    option: '--configmap',
    values: ['status-citus-f', 'status-postgres-w', 'anything'],
    read: (settings) => published(settings)?.configMap.name,
    expected: ['status-citus-f', 'status-postgres-w', 'anything', undefined],
  },
  {
    option: '--namespace',
    given: publishing,
    values: ['f', 'w', 'p'],
    read: (settings) => published(settings)?.configMap.namespace,
    expected: ['f', 'w', 'p', undefined],
  },
  {
    option: '--context',
    given: publishing,
    values: ['f', 'w', 'p'],
    read: (settings) => published(settings)?.kubectl.context,
    expected: ['f', 'w', 'p', undefined],
  },
  {
    option: '--kubeconfig',
    given: publishing,
    values: ['/f', '/w', '/p'],
    read: (settings) => published(settings)?.kubectl.kubeconfig,
    expected: ['/f', '/w', '/p', undefined],
  },
  {
    option: '--kubectl',
    given: publishing,
    values: ['/bin/sh', '/bin/cat', PROGRAM],
    read: (settings) => published(settings)?.kubectl.program,
    expected: ['/bin/sh', '/bin/cat', PROGRAM, kubectl],
  },
  {
    option: '--publish-from',
    values: ['any', 'leader', 'any'],
    read: ({ publishFrom }) => publishFrom,
    expected: ['any', 'leader', 'any', 'leader'],
  },
  {
    option: '--input',
    values: ['f', 'w', '-'],
    read: ({ inputs }) => inputs,
    expected: [['f'], ['w'], ['-'], []],
  },
  {
    option: '--state',
    values: ['f', 'w', 'p'],
    read: ({ state }) => state,
    expected: ['f', 'w', 'p', undefined],
  },
  {
    option: '--scope',
    values: ['f', 'w', 'p'],
    read: ({ scope }) => scope,
    expected: ['f', 'w', 'p', undefined],
  },
  {
    option: '--now',
    given: ['--input', '-'],
    values: ['2026-11-21', '2026-11-21T08:30Z', '2026-11-21T08:30:00.5+01:00'],
    read: ({ now }) => now,
    expected: [Date.UTC(2026, 10, 21), Date.UTC(2026, 10, 21, 8, 30), Date.UTC(2026, 10, 21, 7, 30, 0, 500), undefined],
  },
  {
    option: '--lag-max',
    values: ['0', '16MiB', '1.5kB'],
    read: ({ thresholds }) => thresholds.lagMax,
    expected: [0, 16_777_216, 1536, undefined],
  },
  {
    option: '--backup-max-age',
    values: ['26h', '1d,2d', '90, 1m30s'],
    read: ({ thresholds }) => thresholds.backupMaxAge,
    expected: [
      { warning: 93_600_000, critical: 691_200_000 },
      { warning: 86_400_000, critical: 172_800_000 },
      { warning: 90_000, critical: 90_000 },
      { warning: undefined, critical: 691_200_000 },
    ],
  },
  {
    option: '--wal-delay-max',
    values: ['4', '0,1', '16 , 64'],
    read: ({ thresholds }) => thresholds.walDelayMax,
    expected: [
      { warning: 4, critical: 256 },
      { warning: 0, critical: 1 },
      { warning: 16, critical: 64 },
      { warning: 16, critical: 256 },
    ],
  },
  {
    option: '--failovers-max',
    values: ['0', '2', '30'],
    read: ({ thresholds }) => thresholds.failoversMax,
    expected: [0, 2, 30, undefined],
  },
  {
    option: '--format',
    values: ['yaml', 'report', 'prometheus'],
    read: ({ format }) => format,
    expected: ['yaml', 'report', 'prometheus', 'json'],
  },
  {
    option: '--format',
    given: ['--check'],
    values: ['json', 'report', 'prometheus'],
    read: ({ format }) => format,
    expected: ['json', 'report', 'prometheus', 'nagios'],
  },
  {
    option: '--output',
    values: ['/tmp/f', 'w', './p'],
    read: ({ destinations }) => destinations,
    expected: [
      [{ to: 'file', path: '/tmp/f' }],
      [{ to: 'file', path: 'w' }],
      [{ to: 'file', path: './p' }],
      [{ to: 'stdout' }],
    ],
  },
  {
    option: '--color',
    values: ['always', 'never', 'auto'],
    read: ({ color }) => color,
    expected: ['always', 'never', 'auto', 'auto'],
  },
];

function variable(option: string): string {
  return `POSTGRES_STATUS_${option.slice(2).replaceAll('-', '_').toUpperCase()}`;
}

test.each(options)(
  '$option: flag, WAL-G environment, process environment, default',
  async ({ option, given = [], values, read, expected }) => {
    const [flag, walgValue, processValue] = values;
    const walg = `${variable(option)}='${walgValue}'`;
    const processEnv = { [variable(option)]: processValue };
    const settled = async (situation: Situation) => read(await settle({ kubectl, argv: given, ...situation }));
    expect(await settled({ argv: [...given, option, flag], walg, processEnv })).toEqual(expected[0]);
    expect(await settled({ walg, processEnv })).toEqual(expected[1]);
    expect(await settled({ processEnv })).toEqual(expected[2]);
    expect(await settled({})).toEqual(expected[3]);
    expect(await settled({ walg: `${variable(option)}=`, processEnv })).toEqual(expected[3]);
    expect(await settled({ processEnv: { [variable(option)]: '' } })).toEqual(expected[3]);
  },
);

test.each([
  ['check', (settings: Settings) => settings.check],
  ['quiet', (settings: Settings) => settings.quiet],
  ['verbose', (settings: Settings) => settings.verbose],
  ['patroni-insecure', (settings: Settings) => settings.patroni.tls.insecure],
])('--%s is a switch', async (option, read) => {
  const name = variable(`--${option}`);
  expect(read(await settle({ argv: [`--${option}`], walg: `${name}=no` }))).toBe(true);
  expect(read(await settle({ walg: `${name}=off`, processEnv: { [name]: '1' } }))).toBe(false);
  expect(read(await settle({ walg: `${name}=`, processEnv: { [name]: '1' } }))).toBe(false);
  for (const on of ['1', 'true', 'YES', 'on']) expect(read(await settle({ processEnv: { [name]: on } }))).toBe(true);
  for (const off of ['0', 'false', 'No', 'off', ''])
    expect(read(await settle({ processEnv: { [name]: off } }))).toBe(false);
});

test("missing files in patronictl's variables are an error only if a URL is https", async () => {
  const processEnv = { PATRONI_CTL_CACERT: '/nowhere', PATRONI_CTL_CERTFILE: '/nowhere' };
  const tls = async (...argv: string[]) => (await settle({ argv, processEnv })).patroni.tls;
  expect(await tls()).toEqual({ insecure: false });
  const cannot = (option: string, file: string) =>
    new UsageError(`${option} ${file} cannot be read (no such file or directory)`);
  await expect(tls('--patroni-url', 'http://a https://b')).rejects.toThrow(cannot('--patroni-ca-cert', '/nowhere'));
  await expect(tls('--patroni-ca-cert', '/f')).rejects.toThrow(cannot('--patroni-ca-cert', '/f'));
});

test("TLS: an option, else patronictl's variable, in the WAL-G environment first", async () => {
  const processEnv = {
    POSTGRES_STATUS_PATRONI_URL: 'https://a',
    PATRONI_CTL_CACERT: '/p',
    PATRONI_RESTAPI_CAFILE: '/restapi',
    PATRONI_CTL_CERTFILE: '/p',
  };
  const unreadable = (situation: Situation) =>
    settle({ processEnv, ...situation }).catch((error: unknown) => asError(error).message);
  const walg = 'PATRONI_CTL_CACERT=/w\nPATRONI_CTL_CERTFILE=/w';
  const cannot = (option: string, file: string) => `${option} ${file} cannot be read (no such file or directory)`;
  expect(await unreadable({ argv: ['--patroni-ca-cert', '/f'], walg })).toBe(cannot('--patroni-ca-cert', '/f'));
  expect(await unreadable({ walg })).toBe(cannot('--patroni-ca-cert', '/w'));
  expect(await unreadable({})).toBe(cannot('--patroni-ca-cert', '/p'));
  expect(await unreadable({ walg: 'PATRONI_CTL_CACERT=' })).toBe(cannot('--patroni-ca-cert', '/restapi'));
  const withoutCa = 'PATRONI_CTL_CACERT=\nPATRONI_RESTAPI_CAFILE=';
  expect(await unreadable({ argv: ['--patroni-cert', '/f'], walg: withoutCa })).toBe(cannot('--patroni-cert', '/f'));
  expect(await unreadable({ walg: withoutCa })).toBe(cannot('--patroni-cert', '/p'));
  expect((await settle({ processEnv: { PATRONI_CTL_INSECURE: 'true' } })).patroni.tls).toEqual({ insecure: true });
  const insecure = { walg: 'POSTGRES_STATUS_PATRONI_INSECURE=no', processEnv: { PATRONI_CTL_INSECURE: 'true' } };
  expect((await settle(insecure)).patroni.tls).toEqual({ insecure: false });
});

test('the name of the ConfigMap comes from STATUS_NAME, in the WAL-G environment or in that of the process', async () => {
  const argv = ['--configmap'];
  const name = async (situation: Situation) => published(await settle({ argv, kubectl, ...situation }))?.configMap.name;
  expect(await name({ walg: 'STATUS_NAME=postgres-w', processEnv: { STATUS_NAME: 'postgres-p' } })).toBe(
    'status-postgres-w',
  );
  expect(await name({ processEnv: { STATUS_NAME: 'citus-p' } })).toBe('status-citus-p');
  expect(await name({ argv: ['--configmap', 'outright'], walg: 'STATUS_NAME=postgres-w' })).toBe('outright');
  const asVariable = { STATUS_NAME: 'postgres-p', POSTGRES_STATUS_CONFIGMAP: 'true' };
  expect(await name({ argv: [], processEnv: asVariable })).toBe('status-postgres-p');
  expect(await name({ argv: [], walg: 'POSTGRES_STATUS_CONFIGMAP=no', processEnv: asVariable })).toBeUndefined();
});

test('the namespace: --namespace, POD_NAMESPACE, the service account, kubectl', async () => {
  const namespace = async (situation: Situation) =>
    published(await settle({ argv: publishing, kubectl, ...situation }))?.configMap.namespace;
  const both = { walg: 'POD_NAMESPACE=w', processEnv: { POD_NAMESPACE: 'p' }, serviceAccount: 's' };
  expect(await namespace({ ...both, argv: [...publishing, '--namespace', 'f'] })).toBe('f');
  expect(await namespace(both)).toBe('w');
  expect(await namespace({ ...both, walg: '' })).toBe('p');
  expect(await namespace({ ...both, walg: 'POD_NAMESPACE=' })).toBe('s');
  expect(await namespace({ serviceAccount: 's' })).toBe('s');
  expect(await namespace({})).toBeUndefined();
});

const long = 'x'.repeat(250);
const noName = 'is not a name that Kubernetes allows: lower-case letters, digits, "-" and ".", 253 at most';
const noNamespace = 'is not a namespace that Kubernetes allows: lower-case letters, digits and "-", 63 at most';
const notThere = 'is not an executable file';

const refused: (Situation & { message: string })[] = [
  { argv: ['--timeout', 'soon'], message: '--timeout: "soon" is not a duration such as 50s, 1m30s or 8d' },
  { argv: ['--timeout', '500ms'], message: '--timeout: "500ms" is not between 1s and 1d' },
  { argv: ['--timeout', '2d'], message: '--timeout: "2d" is not between 1s and 1d' },
  { argv: ['--timeout', ''], message: '--timeout is empty' },
  { argv: ['--timeout='], message: '--timeout is empty' },
  {
    processEnv: { POSTGRES_STATUS_TIMEOUT: 'soon' },
    message: 'POSTGRES_STATUS_TIMEOUT in the environment: "soon" is not a duration such as 50s, 1m30s or 8d',
  },
  {
    argv: ['--patroni-url', 'localhost:8008'],
    message: '--patroni-url: "localhost:8008" is not a URL such as http://localhost:8008',
  },
  {
    argv: ['--patroni-url', 'http://a', '8008'],
    message: '--patroni-url: "http://a 8008" is not a URL such as http://localhost:8008',
  },
  { argv: ['--patroni-url', ','], message: '--patroni-url: "," contains no URL' },
  {
    argv: ['--patroni-url', 'http://me:sesame@a'],
    message: '--patroni-url contains a user name or password, which Patroni does not need for reading',
  },
  {
    argv: ['--patroni-url', 'nonsense', 'ftp://sesame@a'],
    message: '--patroni-url contains a user name or password, which Patroni does not need for reading',
  },
  {
    argv: ['--patroni-url', 'http://a/?token=sesame'],
    message: '--patroni-url is not a base URL: remove the part after ? or #',
  },
  {
    argv: ['--patroni-ca-cert', '/nowhere'],
    message: '--patroni-ca-cert /nowhere cannot be read (no such file or directory)',
  },
  {
    processEnv: { PATRONI_CTL_INSECURE: 'perhaps' },
    message: 'PATRONI_CTL_INSECURE in the environment: "perhaps" is neither true nor false',
  },
  {
    argv: ['--collect', 'patroni,postgres'],
    message:
      '--collect: "patroni,postgres" contains "postgres", which is not a collector: use patroni, walg_backups, walg_verify',
  },
  {
    argv: ['--skip', 'walg-verify'],
    message:
      '--skip: "walg-verify" contains "walg-verify", which is not a collector: use patroni, walg_backups, walg_verify',
  },
  {
    argv: ['--collect', 'patroni', '--skip', 'patroni'],
    message: '--collect and --skip leave no collector to run',
  },
  { argv: ['--collect', ','], message: '--collect and --skip leave no collector to run' },
  { argv: ['--publish-from', 'replica'], message: '--publish-from: "replica" is not one of: leader, any' },
  { argv: ['--configmap', ''], message: '--configmap is empty' },
  { argv: ['--configmap', 'Status_A'], message: `--configmap: "Status_A" ${noName}` },
  {
    argv: ['--configmap'],
    message:
      '--configmap needs a name: set STATUS_NAME in the WAL-G environment or in the environment, or name the ConfigMap',
  },
  {
    argv: ['--configmap'],
    processEnv: { STATUS_NAME: 'mysql-a' },
    message:
      'STATUS_NAME in the environment: "mysql-a" starts with neither postgres nor citus, so Zabbix would not find it',
  },
  {
    argv: ['--configmap'],
    processEnv: { STATUS_NAME: 'postgres_a' },
    message: `STATUS_NAME in the environment: "postgres_a" ${noName}`,
  },
  {
    argv: ['--configmap'],
    processEnv: { STATUS_NAME: `postgres${long}`.slice(0, 250) },
    message: `STATUS_NAME in the environment: "${`postgres${long}`.slice(0, 250)}" ${noName}`,
  },
  { argv: [...publishing, '--namespace', 'my.ns'], message: `--namespace: "my.ns" ${noNamespace}` },
  {
    argv: publishing,
    processEnv: { POD_NAMESPACE: 'X' },
    message: `POD_NAMESPACE in the environment: "X" ${noNamespace}`,
  },
  { argv: [...publishing, '--context', ''], message: '--context is empty' },
  { argv: ['--configmap', 'a', '--kubectl', '/nowhere'], message: `--kubectl: "/nowhere" ${notThere}` },
  { argv: ['--configmap', 'a', '--kubectl', '/etc/passwd'], message: `--kubectl: "/etc/passwd" ${notThere}` },
  { argv: ['--configmap', 'a', '--kubectl', '/tmp'], message: `--kubectl: "/tmp" ${notThere}` },
  {
    argv: ['--timeout', '26h\r\u001b\u202e'],
    message: String.raw`--timeout: "26h\r\u001b\u202e" is not a duration such as 50s, 1m30s or 8d`,
  },
  { argv: ['--env', ''], message: '--env is empty' },
  { argv: ['--lag-max', '16 cows'], message: '--lag-max: "16 cows" is not a size such as 16MiB or 1GB' },
  {
    argv: ['--backup-max-age', '1d,a week'],
    message: '--backup-max-age: "1d,a week" is not a duration such as 50s, 1m30s or 8d',
  },
  {
    argv: ['--backup-max-age', '1d,2d,3d'],
    message: '--backup-max-age: "1d,2d,3d" has more than two parts: warning[,critical]',
  },
  { argv: ['--wal-delay-max', '1.5'], message: '--wal-delay-max: "1.5" is not a whole number' },
  { argv: ['--wal-delay-max', ',64'], message: '--wal-delay-max: ",64" is not a whole number' },
  { argv: ['--failovers-max', '-1'], message: '--failovers-max: "-1" is not a whole number' },
  {
    argv: ['--format', 'xml'],
    message: '--format: "xml" is not one of: json, yaml, report, prometheus, nagios, zabbix, zabbix-sender',
  },
  { argv: ['--metrics-compat', 'pgbackrest'], message: '--metrics-compat: "pgbackrest" is not one of: walg' },
  { argv: ['--color', 'yes'], message: '--color: "yes" is not one of: always, never, auto' },
  {
    argv: ['--output', '/nowhere/status.json'],
    message: '--output: "/nowhere/status.json" cannot be written: the folder /nowhere does not exist',
  },
  { argv: ['--output', '/tmp'], message: '--output: "/tmp" is a folder: give the name of a file' },
  { argv: ['--output', '/dev/full'], message: '--output: "/dev/full" is not a regular file' },
  { argv: ['--input', ''], message: '--input is empty' },
  { argv: ['--input', '-', '--now', 'noon'], message: '--now: "noon" is not a time such as 2026-11-21T08:30:00Z' },
  {
    argv: ['--input', '-', '--now', '2026-11-21T08:30'],
    message: '--now: "2026-11-21T08:30" is not a time such as 2026-11-21T08:30:00Z',
  },
  {
    argv: ['--now', '2026-11-21'],
    message: '--now requires --input or --from: a collected document is judged as of its own time',
  },
  {
    argv: ['--input', '-', ...publishing],
    message: '--input and --configmap cannot be combined: saved documents are not published',
  },
  { argv: ['--env', '/nowhere'], message: 'the WAL-G environment /nowhere does not exist' },
];

test.each(refused)('$message', async ({ message, ...situation }) => {
  await expect(settle({ kubectl, ...situation })).rejects.toThrow(new UsageError(message));
});

test('kubectl is not found', async () => {
  await expect(settle({ argv: publishing })).rejects.toThrow(
    new UsageError('kubectl is neither on PATH nor in the usual places: install it or give --kubectl'),
  );
  expect(published(await settle({ argv: [] }))).toBeUndefined();
});

test('--configmap on the command line publishes or is rejected; its variable may turn publishing off', async () => {
  const argv = (value: string) => ['--configmap', value];
  const name = async (situation: Situation) =>
    published(await settle({ kubectl, walg: 'STATUS_NAME=postgres-a', ...situation }))?.configMap.name;
  expect(await name({ argv: argv('true') })).toBe('status-postgres-a');
  for (const off of ['0', 'false', 'no', 'off']) {
    await expect(name({ argv: argv(off) })).rejects.toThrow(
      new UsageError(`--configmap: "${off}" would publish nothing: remove the option, or give another name`),
    );
    expect(await name({ processEnv: { POSTGRES_STATUS_CONFIGMAP: off } })).toBeUndefined();
  }
});

test('--config is read before anything runs', async () => {
  const folder = temporaryFolder({ f: 'failovers_max: 1', w: 'failovers_max: 2', p: 'failovers_max: 3' });
  const most = async (situation: Situation) => (await settle(situation)).thresholds.failoversMax;
  const name = variable('--config');
  const walg = `${name}=${folder}/w`;
  const processEnv = { [name]: `${folder}/p` };
  expect(await most({ argv: ['--config', `${folder}/f`], walg, processEnv })).toBe(1);
  expect(await most({ walg, processEnv })).toBe(2);
  expect(await most({ processEnv })).toBe(3);
  expect(await most({ processEnv, argv: ['--failovers-max', '0'] })).toBe(0);
  await expect(most({ argv: ['--config', '/nowhere'] })).rejects.toThrow(
    new UsageError('--config /nowhere cannot be read (no such file or directory)'),
  );
});

test('the destinations of the document', async () => {
  const to = async (...argv: string[]) => (await settle({ argv, kubectl })).destinations.map((each) => each.to);
  expect(await to()).toEqual(['stdout']);
  expect(await to('--quiet')).toEqual([]);
  expect(await to('--output', '/tmp/f', '--quiet')).toEqual(['file']);
  expect(await to(...publishing)).toEqual(['configmap', 'stdout']);
  expect(await to(...publishing, '--output', '/tmp/f')).toEqual(['configmap', 'file']);
});

test('an error in a value from the WAL-G environment names its file', async () => {
  const folder = temporaryFolder({ STATUS_NAME: 'mysql-a' });
  await expect(resolveSettings({ env: folder, configmap: true }, {})).rejects.toThrow(
    new UsageError(
      `STATUS_NAME in ${folder}: "mysql-a" starts with neither postgres nor citus, so Zabbix would not find it`,
    ),
  );
});

test('--env may come from its variable, in the environment of the process', async () => {
  const folder = temporaryFolder({ PGPORT: '5433' });
  const { walg } = await resolveSettings({}, { POSTGRES_STATUS_ENV: folder, PGHOST: 'p' });
  expect(walg.environment).toEqual({ POSTGRES_STATUS_ENV: folder, PGHOST: 'p', PGPORT: '5433' });
});

test.each([
  ['nothing', {}, undefined, {}, false],
  ['the flag', { check: true as const }, 'POSTGRES_STATUS_CHECK=no', {}, true],
  ['the WAL-G environment', {}, 'POSTGRES_STATUS_CHECK=true', {}, true],
  ['the WAL-G environment first', {}, 'POSTGRES_STATUS_CHECK=no', { POSTGRES_STATUS_CHECK: 'true' }, false],
  ['the environment, if the other cannot be read', {}, 'no variable', { POSTGRES_STATUS_CHECK: 'true' }, true],
  ['unusable content', {}, '', { POSTGRES_STATUS_CHECK: 'perhaps' }, false],
])('whether a plugin was asked for, though the settings are wrong: %s', (_what, args, walg, processEnv, asked) => {
  const env = join(temporaryFolder({ env: walg ?? '' }), 'env');
  expect(asksToCheck({ env, ...args }, processEnv)).toBe(asked);
});
