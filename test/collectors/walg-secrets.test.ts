import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { WALG } from '../stand-ins/collect.ts';
import { collectWalg, recording, RECORDINGS, replaying, script } from '../stand-ins/walg-run.ts';

/** Settings that are not secret: locations and user names. */
const OPEN = ['WALG_FILE_PREFIX', 'WALG_S3_PREFIX', 'AWS_ENDPOINT', 'AWS_REGION', 'PGHOST', 'PGPORT', 'PGUSER'];
const SITUATIONS = [
  'log-level-devel',
  's3-log-level-devel',
  's3-log-level-devel-walg',
  's3-unreachable-log-level-devel',
  'encrypted-libsodium',
];
const recordings = readdirSync(RECORDINGS)
  .filter((name) => name.startsWith('v'))
  .flatMap((version) =>
    readdirSync(join(RECORDINGS, version))
      .filter((name) => SITUATIONS.includes(name))
      .map((name) => recording(version, name)),
  );

function secretsOf(env: Record<string, string>): string[] {
  return Object.entries(env).flatMap(([name, value]) => (OPEN.includes(name) || value.length < 6 ? [] : [value]));
}

test('the recordings of a verbose WAL-G contain secrets, without which these tests would prove nothing', () => {
  const leaking = recordings.filter(({ version, situation, env }) => {
    const folder = join(RECORDINGS, version, situation);
    const output = readdirSync(folder)
      .filter((name) => name !== 'case.json')
      .map((name) => readFileSync(join(folder, name), 'utf8'));
    return secretsOf(env).some((secret) => output.some((text) => text.includes(secret)));
  });
  expect(leaking.map(({ version, situation }) => `${version} ${situation}`)).toMatchInlineSnapshot(`
    [
      "v0.2.15 log-level-devel",
      "v0.2.15 s3-log-level-devel-walg",
      "v0.2.22 log-level-devel",
      "v0.2.22 s3-log-level-devel-walg",
      "v1.1 log-level-devel",
      "v1.1 s3-log-level-devel-walg",
      "v3.0.5 s3-log-level-devel",
      "v3.0.5 s3-log-level-devel-walg",
      "v3.0.7 s3-log-level-devel",
      "v3.0.7 s3-log-level-devel-walg",
      "v3.0.8 s3-log-level-devel",
      "v3.0.8 s3-log-level-devel-walg",
      "v3.0.9 s3-log-level-devel",
      "v3.0.9 s3-log-level-devel-walg",
    ]
  `);
});

test.each(recordings)('$version $situation: no secret is in the document', async (it) => {
  const text = JSON.stringify(await collectWalg({ environment: replaying(it) }));
  expect(secretsOf(it.env).filter((secret) => text.includes(secret))).toEqual([]);
});

test('a secret in an error message is redacted', async () => {
  const { env } = recording('v3.0.9', 's3-log-level-devel');
  const secret = env['AWS_SECRET_ACCESS_KEY'] ?? '';
  const line = `ERROR: 2026/11/21 06:53:31.974727 cannot sign with ${secret} for postgres://postgres:${secret}@db1/x`;
  const document = await collectWalg({ path: script(`echo '${line}' >&2; exit 1`), environment: env });
  expect(document.collectors?.walg_backups?.error).toBe(
    'wal-g backup-list --detail --json failed with exit status 1: cannot sign with *** for postgres://postgres:***@db1/x',
  );
});

test.each([0, 390, 520, 525, 530, 535, 600])(
  'no part of a secret is left if it begins %i characters into the error message',
  async (at) => {
    const { env } = recording('v3.0.9', 's3-log-level-devel');
    const secret = env['AWS_SECRET_ACCESS_KEY'] ?? '';
    const path = script(`echo 'ERROR: 2026/11/21 06:53:31.974727 ${'x'.repeat(at)}${secret}' >&2; exit 1`);
    const document = await collectWalg({ path, environment: env });
    const error = document.collectors?.walg_backups?.error ?? '';
    expect(error.length).toBeLessThanOrEqual(600);
    expect(error).not.toContain(secret.slice(0, 4));
  },
);

test('the whole output of a verbose WAL-G as its error message: no secret is left', async () => {
  const it = recording('v1.1', 'log-level-devel');
  const path = script(`${WALG} "$@" 2>&1 | tr '\\n' ' ' | sed 's/^/ERROR: /' >&2; exit 1`);
  const text = JSON.stringify(await collectWalg({ path, environment: replaying(it) }));
  expect(secretsOf(it.env).filter((secret) => text.includes(secret))).toEqual([]);
});
