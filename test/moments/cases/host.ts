import { critical, ok, told, unknown } from '../claims.ts';
import type { Case } from './case.ts';
import { type Cluster, configBody, healthy, moment } from './healthy.ts';

const archiving = (command: string) => moment({ ...healthy(), config: configBody({ archive_command: command }) });

/** Auto-instrumentation and CI set such variables for every process. */
const HARMLESS: readonly (readonly [string, string])[] = [
  ['NODE_EXTRA_CA_CERTS', '/nonexistent/ca.pem'],
  ['NODE_TLS_REJECT_UNAUTHORIZED', '0'],
  ['HTTP_PROXY', 'http://127.0.0.1:9'],
  ['https_proxy', 'http://127.0.0.1:9'],
  ['ALL_PROXY', 'socks5://127.0.0.1:9'],
  ['TZ', 'Nowhere/Bogus'],
  ['LC_ALL', 'tr_TR.UTF-8'],
];

/** archive_mode was just switched on: the leader reports a pending restart, /cluster does not yet. */
function archiveModeWaits(): Cluster {
  const cluster = healthy();
  const waits = {
    pending_restart: true,
    pending_restart_reason: { archive_mode: { old_value: 'off', new_value: 'on' } },
  };
  return { ...cluster, nodes: { ...cluster.nodes, 'pg-a': { ...cluster.nodes['pg-a'], ...waits } } };
}

export const hostCases: readonly Case[] = [
  ...['', '/bin/true', ':', 'exit 0', ' true ', '/usr/bin/true'].map((command, index): Case => ({
    name: `21 archive_command archives nothing, ${index + 1}`,
    moment: archiving(command),
    claims: {
      verdict: critical(/archiv/),
      archiving: critical(/archive_command/),
    },
  })),
  ...(['pg-a', 'pg-b'] as const).map((asked): Case => ({
    name: `21 archive_mode waits for a restart, which /cluster does not know yet, asked ${asked}`,
    moment: moment(archiveModeWaits(), { asked: [asked] }),
    claims: { verdict: critical(/archiv/), archiving: critical(/restart/) },
  })),
  {
    name: '21 archive_command is a test and wal-g',
    moment: archiving('test ! -e /archive_broken && wal-g wal-push %p'),
    claims: { verdict: ok() },
  },
  ...HARMLESS.map(([name, value]): Case => ({
    name: `23 ${name} is in the environment`,
    moment: moment(healthy()),
    environment: { [name]: value },
    claims: { verdict: ok() },
  })),
  {
    name: "31 patronictl's CA is not here, and the URL is plain http",
    moment: moment(healthy()),
    environment: { PATRONI_CTL_CACERT: '/etc/patroni/ca.pem' },
    claims: { verdict: ok() },
  },
];

/** Lines that a shell would interpret differently: the line, and a word of the message. */
export const SHELL_LINES: readonly (readonly [string, RegExp])[] = [
  ['AWS_SECRET_ACCESS_KEY=abc#def/ghi', /#/],
  ['CLUSTER=main\nWALG_S3_PREFIX="s3://pg-backup/${CLUSTER}"', /:2|line 2/],
  ['WALG_S3_PREFIX=$(cat /etc/walg/prefix)', /\$\(/],
  ['AWS_SECRET_ACCESS_KEY=`cat /run/secrets/key`', /back.?quot|`/],
  ['export AWS_REGION=eu-west-1 AWS_ENDPOINT=https://s3.example.org', /two|assignment/],
  ['AWS_SECRET_ACCESS_KEY=\'abc\'"def"', /quot/],
];

/** A comment after a blank, and text that single quotes keep as it is. */
export const PLAIN_LINES: readonly string[] = ['AWS_REGION=eu-west-1 # of the bucket', "PGPASSWORD='$(a)${b}`c`#d'"];

export const refused = (words: RegExp) => ({ verdict: unknown(words), anywhere: told() });
