import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { loadThresholds } from '../src/options/thresholds.ts';
import { parseCommandLine } from '../src/options/command.ts';

const EXAMPLES = join(import.meta.dirname, '..', 'examples');
const read = (name: string) => readFileSync(join(EXAMPLES, name), 'utf8');

test('thresholds.yaml is a file that --config takes, with every key', async () => {
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

test('prometheus-textfile.crontab is a crontab with a user, and a command that is taken', () => {
  const lines = read('prometheus-textfile.crontab')
    .split('\n')
    .filter((line) => /^[*\d]/.test(line));
  expect(lines).toHaveLength(1);
  const [, command = ''] =
    /^\* \* \* \* \* postgres run-one timeout 1m postgres-status (.*)$/.exec(lines[0] ?? '') ?? [];
  // cron takes a % for the end of the command
  expect(command).not.toContain('%');
  expect(parseCommandLine(command.split(' '))).toEqual({
    arguments: {
      quiet: true,
      state: '/var/lib/postgresql/postgres-status-metrics.state',
      format: 'prometheus',
      output: '/var/lib/prometheus/node-exporter/postgres-status.prom',
    },
  });
});
