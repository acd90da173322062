import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import * as z from 'zod';
import { parse, parseAllDocuments } from 'yaml';
import { loadThresholds } from '../src/options/thresholds.ts';
import { parseCommandLine } from '../src/options/command.ts';

const EXAMPLES = join(import.meta.dirname, '..', 'examples');
const read = (name: string) => readFileSync(join(EXAMPLES, name), 'utf8');

test('thresholds.yaml is valid for --config, and has every key', async () => {
  expect(await loadThresholds({ file: join(EXAMPLES, 'thresholds.yaml'), options: {} })).toEqual({
    lagMax: 16 * 1024 * 1024,
    backupMaxAge: { warning: 26 * 3_600_000, critical: 3 * 86_400_000 },
    missedBackups: 'ignore',
    walDelayMax: { warning: 16, critical: 256 },
    walAgeMax: 1_800_000,
    recoveryWindow: 604_800_000,
    failoversMax: 2,
    replayLagMax: 1024 ** 3,
    membersMin: 3,
    standbyAgeMax: 900_000,
    ignoreStandbys: ['barman*', 'debezium*'],
  });
});

const PUBLISHING = { configmap: true, quiet: true, state: '/var/lib/postgresql/postgres-status.state' };

const configMap = z.object({ data: z.object({ CRONTAB: z.string() }) });

const selector = z.object({ matchLabels: z.record(z.string(), z.string()) });
const policy = z.object({
  podSelector: selector,
  egress: z.array(z.object({ to: z.array(z.object({ podSelector: selector })).optional() })),
});

const manifest = z.object({
  kind: z.string(),
  metadata: z.object({ name: z.string(), namespace: z.string(), labels: z.record(z.string(), z.string()).optional() }),
  rules: z.unknown().optional(),
  spec: z.unknown().optional(),
});

/** The objects of an example. */
function manifestsOf(name: string): z.infer<typeof manifest>[] {
  return parseAllDocuments(read(`kubernetes/${name}`)).map((document) => manifest.parse(document.toJS()));
}

function fields(body: string): Record<string, string> {
  const lines = [...body.matchAll(/^ {2}(\w+) +(.*)$/gm)];
  return Object.fromEntries(lines.map(([, key = '', value = '']) => [key, value] as const));
}

test('nagios.cfg defines a command and the service that uses it', () => {
  const text = read('nagios.cfg').replaceAll(/^ *#.*\n/gm, '');
  const objects = [...text.matchAll(/^define (\w+) \{\n((?: {2}\w+ +\S.*\n)+)\}$/gm)].map(([, kind, body = '']) => ({
    kind,
    ...fields(body),
  }));
  expect(text.replaceAll(/^define \w+ \{\n[^}]*\}$/gm, '').trim()).toBe('');
  expect(objects).toEqual([
    expect.objectContaining({ kind: 'command', command_name: 'check_postgres_status' }),
    expect.objectContaining({ kind: 'service', check_command: 'check_postgres_status' }),
  ]);
  expect(parseCommandLine(['--check'])).toEqual({ arguments: { check: true } });
});

/** The lines of a crontab that start something. */
function jobsOf(name: string): string[] {
  return read(name)
    .split('\n')
    .filter((line) => /^[*\d]/.test(line));
}

test.each([
  [
    'prometheus-textfile.crontab',
    /^\* \* \* \* \* postgres run-one timeout 1m postgres-status (.*)$/,
    {
      quiet: true,
      state: '/var/lib/postgresql/postgres-status-metrics.state',
      format: 'prometheus',
      output: '/var/lib/prometheus/node-exporter/postgres-status.prom',
    },
  ],
  ['crontab', /^\* \* \* \* \* postgres run-one timeout 1m postgres-status (.*)$/, PUBLISHING],
  [
    'flock.crontab',
    /^\* \* \* \* \* postgres flock -n -E 0 \/var\/lib\/postgresql\/postgres-status\.lock timeout 1m postgres-status (.*)$/,
    PUBLISHING,
  ],
])('%s is a crontab with a user, and a command that is taken', (name, line, expected) => {
  const jobs = jobsOf(name);
  expect(jobs).toHaveLength(1);
  const [, command = ''] = line.exec(jobs[0] ?? '') ?? [];
  // for cron a % ends the command
  expect(command).not.toContain('%');
  expect(parseCommandLine(command.split(' '))).toEqual({ arguments: expected });
});

test("spilo-crontab.yaml: Spilo makes one line of a user's crontab from CRONTAB, with a valid command", () => {
  const { data } = configMap.parse(parse(read('kubernetes/spilo-crontab.yaml')));
  const lines = z.array(z.string()).parse(parse(data.CRONTAB));
  expect(lines).toHaveLength(1);
  const [, command = ''] =
    /^\* \* \* \* \* STATUS_NAME=\S+ .* timeout 1m postgres-status (.*) 2>\S+$/.exec(lines[0] ?? '') ?? [];
  expect(lines[0]).not.toMatch(/[%\n]/);
  expect(parseCommandLine(command.split(' '))).toEqual({
    arguments: { configmap: true, quiet: true, state: '/home/postgres/pgdata/pgroot/postgres-status.state' },
  });
});

const KUBERNETES = [
  'cronjob.yaml',
  'cronjob-pushgateway.yaml',
  'sidecar.yaml',
  'spilo-crontab.yaml',
  'zalando-postgresql.yaml',
  'networkpolicy.yaml',
];

test.each(KUBERNETES)('kubernetes/%s: no object has a label of Patroni, and all are in one namespace', (name) => {
  for (const { kind, metadata } of manifestsOf(name)) {
    expect(metadata.namespace).toBe('databases');
    if (kind !== 'ConfigMap') continue;
    expect(metadata.labels).toEqual({ 'app.kubernetes.io/name': 'postgres-status' });
    expect(metadata.name).toMatch(/^status-(postgres|citus)-|^postgres-pod-config$/);
  }
});

test.each(['cronjob.yaml', 'sidecar.yaml'])('kubernetes/%s: its Role is one verb on one object', (name) => {
  const manifests = manifestsOf(name);
  const configMaps = manifests.filter(({ kind }) => kind === 'ConfigMap').map(({ metadata }) => metadata.name);
  expect(manifests.filter(({ kind }) => kind === 'Role').map(({ rules }) => rules)).toEqual([
    [{ apiGroups: [''], resources: ['configmaps'], resourceNames: configMaps, verbs: ['patch'] }],
  ]);
  expect(manifests.filter(({ kind }) => kind.startsWith('Cluster'))).toEqual([]);
});

test('kubernetes/cronjob-pushgateway.yaml: only a CronJob, whose pods get no service account token', () => {
  const manifests = manifestsOf('cronjob-pushgateway.yaml');
  expect(manifests.map(({ kind }) => kind)).toEqual(['CronJob']);
  expect(read('kubernetes/cronjob-pushgateway.yaml')).toMatch(/^ +automountServiceAccountToken: false$/m);
});

test('kubernetes/networkpolicy.yaml selects the pods of cronjob.yaml, and allows connections to those of sidecar.yaml', () => {
  const labelsOf = (name: string, kind: string) => manifestsOf(name).find((manifest) => manifest.kind === kind)?.spec;
  const { podSelector, egress } = policy.parse(labelsOf('networkpolicy.yaml', 'NetworkPolicy'));
  expect(labelsOf('cronjob.yaml', 'CronJob')).toMatchObject({
    jobTemplate: { spec: { template: { metadata: { labels: podSelector.matchLabels } } } },
  });
  const [patroni] = egress.flatMap(({ to = [] }) => to);
  expect(labelsOf('sidecar.yaml', 'StatefulSet')).toMatchObject({
    template: { metadata: { labels: patroni?.podSelector.matchLabels } },
  });
});

test("the systemd service starts a valid command, with a longer time limit than the command's, as user postgres", () => {
  const unit = read('systemd/postgres-status.service');
  const [, command = ''] = /^ExecStart=\/usr\/local\/bin\/postgres-status (.*)$/m.exec(unit) ?? [];
  expect(parseCommandLine(command.split(' '))).toEqual({
    arguments: { configmap: true, quiet: true, state: '/var/lib/postgres-status/state' },
  });
  expect(unit).toMatch(/^Type=oneshot\nUser=postgres$/m);
  expect(unit).toMatch(/^TimeoutStartSec=60$/m);
});

test('README.md of the examples names every one of them, and its links are valid', () => {
  const text = read('README.md');
  const links = [...text.matchAll(/\]\((?!https?:|#)([^)]+)\)/g)].map(([, link = '']) => link);
  const examples = readdirSync(EXAMPLES, { recursive: true, encoding: 'utf8' }).filter(
    (path) => statSync(join(EXAMPLES, path)).isFile() && !/^demo\/|README\.md$/.test(path),
  );
  expect(examples.filter((path) => !links.includes(path))).toEqual([]);
  expect(links.filter((link) => !existsSync(join(EXAMPLES, link.replace(/#.*/, ''))))).toEqual([]);
});

test.each(['template.yaml', 'template-pushed.yaml'])(
  'zabbix/README.md says how many items and triggers %s has',
  (name) => {
    const template = z.object({
      discovery_rules: z.tuple([
        z.object({ item_prototypes: z.array(z.object({ trigger_prototypes: z.array(z.unknown()).default([]) })) }),
      ]),
      items: z.array(z.unknown()),
    });
    const content = z.object({ zabbix_export: z.object({ templates: z.tuple([template]) }) });
    const [{ items, discovery_rules }] = content.parse(parse(read(`zabbix/${name}`))).zabbix_export.templates;
    const prototypes = discovery_rules[0].item_prototypes;
    const triggers = prototypes.flatMap(({ trigger_prototypes }) => trigger_prototypes);
    const readme = read('zabbix/README.md').replaceAll(/\s+/g, ' ');
    expect(readme).toContain(
      `A cluster has ${String(prototypes.length)} items and ${String(triggers.length)} triggers, whatever the number of its members.`,
    );
    // of those of the host, the master is none, and neither is the revision that only an agent has
    const dependent = items.length - (name === 'template.yaml' ? 2 : 1);
    const most = Math.floor((29_999 - dependent) / prototypes.length);
    expect(readme).toContain(
      `29,999 dependent items for one master item, counting both levels: that is ${most.toLocaleString('en')} clusters.`,
    );
  },
);
