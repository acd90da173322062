import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { NODE1, startHost } from '../stand-ins/host.ts';

/** A different secret for each place, so that a leak shows where it comes from. */
const secret = (place: string) => `Tr0ub4dor&3/${place}+correct-horse`;

test("a secret in every input of --doctor, in the output of programs and in Patroni's replies: none is printed", async () => {
  const host = await startHost({
    patroni: (path) =>
      NODE1(path)
        .toString()
        .replaceAll('"node1"', `"node1 ${secret('process')}"`),
    environment: {
      POSTGRES_STATUS_LEADER_API: '',
      COLUMNS: '200',
      AWS_SESSION_TOKEN: secret('process'),
      PATRONI_CTL_KEYFILE_PASSWORD: secret('keyfile'),
      // a secret pasted into the wrong line
      POSTGRES_STATUS_TIMEOUT: secret('process'),
      POSTGRES_STATUS_LAG_MAX: `postgres://u:${encodeURIComponent(secret('lag'))}@h/db`,
      POSTGRES_STATUS_PING: `https://ping.example/${secret('ping')}`,
      POSTGRES_STATUS_PUSHGATEWAY: `http://user:${secret('gateway')}@gateway:9091`,
      POSTGRES_STATUS_TOKEN: secret('unknown'),
      PGPASSWORD: secret('pgpassword'),
    },
    walg: {
      AWS_SECRET_ACCESS_KEY: secret('walg'),
      WALG_S3_PREFIX: `s3://user:${encodeURIComponent(secret('prefix'))}@bucket/path`,
      WALG_FILE_PREFIX: '/backups',
      WALG_LIBSODIUM_KEY: secret('libsodium'),
      POSTGRES_STATUS_PING_FILE: 'ping.url',
    },
  });
  const { folder } = host;
  writeFileSync(join(folder, 'ping.url'), `https://ping.example/${secret('pingfile')}`);
  writeFileSync(join(folder, 'thresholds.yaml'), `password: ${secret('config')}\n`);
  host.program('cron');
  const all = '$AWS_SECRET_ACCESS_KEY $AWS_SESSION_TOKEN $WALG_LIBSODIUM_KEY $PGPASSWORD $WALG_S3_PREFIX';
  host.program(
    'wal-g',
    '[ "$1" != --version ] || exec printf "wal-g version v3.0.7\\tx\\ty\\tPostgreSQL"',
    `echo "ERROR: 2026/11/21 06:42:51.5 signed with ${all}" >&2; exit 1`,
  );
  host.program('kubectl', `echo "error: ${all} refused; Authorization: Bearer $TOKEN" >&2; env >&2; exit 1`);
  const given = ['--doctor', '--configmap', '--config', 'thresholds.yaml', '--kubectl', join(folder, 'bin/kubectl')];
  const urls = ['--patroni-url', `${host.patroni.url},http://user:${encodeURIComponent(secret('url'))}@127.0.0.1:1`];
  for (const format of ['report', 'json'])
    for (const more of [[], ['--verbose'], urls, ['--env', `/nowhere/${secret('env')}`]]) {
      const { status, stdout, stderr } = await host.run(...given, '--format', format, ...more);
      expect(status).toBe(1);
      const shown = stdout + stderr;
      // a path on the command line is not a secret
      const own = shown.replaceAll(secret('env'), '');
      const leaks = [...own.matchAll(/.{0,60}(?:Tr0ub4dor|correct-horse).{0,60}/g)].map(([text]) => text);
      expect({ more, leaks }).toEqual({ more, leaks: [] });
      expect(Buffer.from(shown).toString()).not.toContain(Buffer.from(secret('walg')).toString('base64'));
    }
});
