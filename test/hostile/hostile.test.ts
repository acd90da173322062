import { execFileSync } from 'node:child_process';
import { mkdirSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { CLI, NODE1, startHost, type Host } from '../stand-ins/host.ts';
import { httpReply } from '../stand-ins/patroni.ts';
import { tryEveryInput } from './suite.ts';

/** Milliseconds that a run may take on a shared machine, start-up included; without the bounds most of these inputs take minutes. */
const MOST_TIME = 20_000;
/** V8 ends a run that needs more memory. */
const environment = { NODE_OPTIONS: '--max-old-space-size=500' };

async function timed(host: Host, ...args: string[]) {
  const started = performance.now();
  const ended = await host.run('--timeout', '15s', ...args);
  expect(performance.now() - started).toBeLessThan(MOST_TIME);
  return ended;
}

tryEveryInput(() => CLI);

test('no secret is printed, however WAL-G or Patroni encodes it', async () => {
  const secret = `p+a/ss'w&o"rd%x<y>`;
  const spellings = [
    secret,
    encodeURIComponent(secret),
    encodeURIComponent(secret).toLowerCase(),
    new URLSearchParams({ a: secret }).toString(),
    JSON.stringify(JSON.stringify(secret)),
    JSON.stringify(secret).replace('&', String.raw`\u0026`),
    Buffer.from(`user:${secret}`).toString('base64'),
    Buffer.from(secret).toString('hex'),
  ];
  const rows = spellings.map((hostname, index) => ({
    backup_name: `base_${String(index)}`,
    time: '2026-11-21T06:42:47Z',
    wal_file_name: '000000010000000000000001',
    hostname,
  }));
  const cluster = {
    members: spellings.map((note, index) => ({
      name: `m${String(index)}`,
      role: 'replica',
      state: 'running',
      tags: { note, [note]: true },
    })),
  };
  const host = await startHost({
    environment: { ...environment, SERVICE_PW: secret },
    patroni: (asked) => (asked === '/cluster' ? httpReply(200, JSON.stringify(cluster)) : NODE1(asked)),
  });
  writeFileSync(join(host.folder, 'rows'), JSON.stringify(rows));
  writeFileSync(join(host.folder, 'stderr'), `ERROR: ${spellings.join(' ')}\n`);
  host.program('wal-g', `cat ${host.folder}/stderr >&2; cat ${host.folder}/rows`);
  for (const format of ['json', 'yaml', 'report', 'prometheus', 'nagios']) {
    const { stdout, stderr } = await timed(host, '--format', format, '--verbose');
    for (const spelling of spellings) expect(stdout + stderr).not.toContain(spelling);
    for (const spelling of spellings) expect(stdout + stderr).not.toContain(JSON.stringify(spelling).slice(1, -1));
  }
});

test.each(['--env', '--config', '--patroni-ca-cert', '--input'])(
  'what %s names is no file to be read',
  async (option) => {
    const host = await startHost({ environment });
    execFileSync('mkfifo', [join(host.folder, 'pipe')]);
    writeFileSync(join(host.folder, 'sparse'), '');
    truncateSync(join(host.folder, 'sparse'), 1_500_000_000);
    for (const [path, why] of [
      ['/dev/zero', 'a device, not a file'],
      [join(host.folder, 'sparse'), 'larger than '],
      ...(option === '--input' ? [] : [[join(host.folder, 'pipe'), 'a named pipe, not a file']]),
    ] as const) {
      const { status, stderr } = await timed(host, option, path);
      expect({ status, stderr }).toEqual({
        status: 2,
        stderr: expect.stringContaining(`${path} cannot be read (${why}`) as string,
      });
    }
  },
);

test('a named pipe in the environment directory', async () => {
  const host = await startHost({ environment });
  execFileSync('mkfifo', [join(host.folder, 'env', 'AWS_REGION')]);
  const { status, stderr } = await timed(host);
  expect(status).toBe(2);
  expect(stderr).toContain(
    'env/AWS_REGION, a variable of the WAL-G environment, cannot be read (a named pipe, not a file)',
  );
});

test('kubectl sees no secret of WAL-G or Patroni in the environment of the process', async () => {
  const secrets = {
    AWS_SECRET_ACCESS_KEY: 'sesame-aws',
    PATRONI_CTL_KEYFILE_PASSWORD: 'sesame-patroni',
    WALG_PGP_KEY_PASSPHRASE: 'sesame-walg',
  };
  const host = await startHost({
    environment: { ...environment, ...secrets, STATUS_NAME: 'postgres-demo', WALG_RECORDING: '/nowhere' },
  });
  mkdirSync(join(host.folder, 'seen'));
  host.program('kubectl', `env > ${host.folder}/seen/kubectl`, 'cat >/dev/null');
  const { stderr } = await host.shell(
    `$CLI --configmap --env /dev/null/none --timeout 15s >/dev/null; $(echo $CLI | sed 's# --env [^ ]*##') --configmap --timeout 15s > /dev/null; cat ${host.folder}/seen/kubectl >&2`,
  );
  expect(stderr).toContain('PATH=');
  for (const secret of Object.values(secrets)) expect(stderr).not.toContain(secret);
});

test('NODE_DEBUG in the environment reveals no secret, and has no other effect', async () => {
  const secret = 'sesame-open-to-all';
  const NODE_DEBUG = 'child_process,http,net,tls,stream,timer,execa';
  const host = await startHost({ environment: { NODE_DEBUG }, walg: { AWS_SECRET_ACCESS_KEY: secret } });
  const { status, stdout, stderr } = await host.run('--timeout', '50s');
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  expect(stdout).not.toContain(secret);
});
