import { execFileSync } from 'node:child_process';
import { mkdirSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { NODE1, startHost, type Host } from '../stand-ins/host.ts';
import { httpReply } from '../stand-ins/patroni.ts';
import { healthyDocument, save } from '../stand-ins/saved.ts';

/** Milliseconds that a run may take on a shared machine, its start included; without the bounds most of these take minutes. */
const MOST_TIME = 20_000;
/** A run that needs more memory is ended by V8. */
const environment = { NODE_OPTIONS: '--max-old-space-size=500' };

async function timed(host: Host, ...args: string[]) {
  const started = performance.now();
  const ended = await host.run('--timeout', '15s', ...args);
  expect(performance.now() - started).toBeLessThan(MOST_TIME);
  return ended;
}

interface Document {
  collectors: Record<string, { ok: boolean; error: string | null }>;
}

/** A wal-g that prints the output of this shell command to stdout, whatever it is asked. */
const PRINTED: { title: string; command: string; error: RegExp }[] = [
  {
    title: '16 MB of [0,0,…]',
    command: `printf '['; yes 0, | tr -d '\\n' | head -c 15000000; printf '0]'`,
    error: /more than 20,000 elements/,
  },
  {
    title: '400 KB of one letter',
    command: `head -c 400000 /dev/zero | tr '\\0' a`,
    error: /printed no JSON that is whole/,
  },
  {
    title: 'nesting of 100,000 levels',
    command: `head -c 100000 /dev/zero | tr '\\0' '['`,
    error: /nested more than 64 levels deep/,
  },
  {
    title: '20,000 empty lists',
    command: `printf '['; yes '[],' | tr -d '\\n' | head -c 59997; printf '[]]'`,
    error: /field "\[0\]" is not an object/,
  },
  { title: 'a number without end', command: `echo '[1e400]'`, error: /the number 1e400 is out of range/ },
];

test.each(PRINTED)('WAL-G prints $title', async ({ command, error }) => {
  const host = await startHost({ environment });
  host.program('wal-g', command);
  const { stdout, status } = await timed(host);
  expect(status).toBe(1);
  expect((JSON.parse(stdout) as Document).collectors['walg_backups']?.error).toMatch(error);
});

/** A Patroni that answers this to one question, and to the others as it should. */
const ANSWERED: { title: string; path: string; body: () => string; error: RegExp }[] = [
  {
    title: 'a history of empty rows',
    path: '/history',
    body: () => `[${Array.from({ length: 9000 }, () => '[]').join(',')}]`,
    error: /\/history: field "\[0\]\.timeline" is not a number/,
  },
  {
    title: '35,000 members',
    path: '/cluster',
    body: () =>
      JSON.stringify({
        members: Array.from({ length: 35_000 }, (_, index) => ({
          name: `m${String(index)}`,
          role: 'replica',
          state: 'running',
        })),
      }),
    error: /more than 10,000 elements/,
  },
  {
    title: 'a name of 100 KB',
    path: '/cluster',
    body: () => JSON.stringify({ members: [{ name: 'n'.repeat(100_000), role: 'leader', state: 'running' }] }),
    error: /field "members\[0\]\.name" is not valid: it is longer than 256 characters/,
  },
  {
    title: '1,500 levels',
    path: '/cluster',
    body: () => `{"members":[],"deep":${'['.repeat(1500)}${']'.repeat(1500)}}`,
    error: /nested more than 64 levels deep/,
  },
];

test.each(ANSWERED)('Patroni answers $title', async ({ path, body, error }) => {
  const patroni = (asked: string) => (asked === path ? httpReply(200, body()) : NODE1(asked));
  const host = await startHost({ environment, patroni });
  for (const format of ['json', 'yaml', 'report', 'prometheus', 'nagios']) {
    const { status } = await timed(host, '--format', format);
    expect(status).toBe(1);
  }
  const { stdout } = await timed(host);
  expect((JSON.parse(stdout) as Document).collectors['patroni']?.error).toMatch(error);
});

test('a secret is in nothing that is printed, in whatever spelling WAL-G or Patroni says it', async () => {
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

test('a saved document of 20,000 rows on 50 timelines, in every format', async () => {
  const host = await startHost({ environment });
  const details = Array.from({ length: 20_000 }, (_, row) => {
    const timeline = 1 + Math.floor(row / 400);
    const name =
      `${timeline.toString(16).padStart(8, '0')}00000000${(row % 256).toString(16).padStart(8, '0')}`.toUpperCase();
    return {
      timeline_id: timeline,
      start_segment: name,
      end_segment: name,
      segments_count: 1,
      status: row % 2 === 0 ? 'FOUND' : 'MISSING_LOST',
    };
  });
  save(host, { ...(await healthyDocument()), walg_integrity: { integrity: { status: 'FAILURE', details } } });
  for (const format of ['json', 'yaml', 'report', 'prometheus', 'nagios']) {
    const { status } = await timed(host, '--input', 'status.json', '--format', format);
    expect(status).toBe(0);
  }
});

test('a time out of range', async () => {
  const host = await startHost({ environment });
  save(host, { ...(await healthyDocument()), current_timestamp: 1e15 });
  const { status, stderr } = await timed(host, '--input', 'status.json');
  expect(status).toBe(2);
  expect(stderr).toContain('field "current_timestamp" is not valid: it is no time between 1970 and 9999');
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
