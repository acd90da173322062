import { writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { NODE1, NODE2 } from '../stand-ins/host.ts';
import { startPatroni, type Reply } from '../stand-ins/patroni.ts';
import { temporaryFolder } from '../stand-ins/temporary.ts';
import { bad, examined, good, type Situation } from './examined.ts';

/** The checks patroni and postgresql. */

async function started(reply: (path: string) => Reply): Promise<string> {
  const patroni = await startPatroni(reply);
  onTestFinished(patroni.close);
  return patroni.url;
}

const changed =
  (from: RegExp, to: string) =>
  (path: string): string =>
    NODE1(path).toString().replaceAll(from, to);

const LEADER = 'http://ADDRESS: Patroni 4.1.4; node1 of demo, role primary, state running';
const REFUSED =
  'http://ADDRESS/patroni: connection refused: either Patroni is not running there, or its REST API listens elsewhere (--patroni-url)';
const START = 'Start Patroni, or set --patroni-url to the address in restapi.listen of its configuration.';

describe('patroni', () => {
  const ask = (urls: string, given: Situation = {}) =>
    examined('patroni', { ...given, args: ['--patroni-url', urls, ...(given.args ?? [])] });

  test('it answers', async () => {
    expect(await ask(await started(NODE1))).toEqual(good('ok', LEADER));
  });

  test('a replica would leave publishing to the leader', async () => {
    expect(await ask(await started(NODE2), { args: ['--configmap', 'status-postgres-main'] })).toEqual(
      good(
        'ok',
        'http://ADDRESS: Patroni 4.1.4; node2 of demo, role replica, state running; node2 has the role replica: publishing is left to the leader',
      ),
    );
  });

  test('connection refused', async () => {
    expect(await ask('http://127.0.0.1:1')).toEqual(bad('failed', REFUSED, START));
  });

  test('another member does not answer', async () => {
    expect(await ask(`${await started(NODE1)},http://127.0.0.1:1`)).toEqual(
      bad('warning', `${REFUSED}; ${LEADER}`, START),
    );
  });

  test('the member of this host does not answer, and another one does', async () => {
    expect(await ask(`http://127.0.0.1:1,${await started(NODE1)}`)).toEqual(
      bad('failed', `${REFUSED}; ${LEADER}`, START),
    );
  });

  test('an old Patroni', async () => {
    expect(await ask(await started(changed(/"version": "4.1.4"/g, '"version": "1.6.5"')))).toEqual(
      bad(
        'warning',
        LEADER.replace('4.1.4', '1.6.5'),
        'Upgrade Patroni: versions before 2.0 were not tried with this program.',
      ),
    );
  });

  test('skipped if a URL is invalid or the files for TLS cannot be used', async () => {
    expect(await ask('localhost')).toEqual(good('skipped', 'not examined, because --patroni-url is not valid'));
    expect(await ask('https://127.0.0.1:1', { args: ['--patroni-ca-cert', '/missing'] })).toEqual(
      good(
        'skipped',
        'not examined, because the files for TLS cannot be used (--patroni-ca-cert /missing cannot be read (no such file or directory))',
      ),
    );
  });
});

describe('postgresql', () => {
  const version = (text: string) => ({ version: { text, major: Number(text[0]), database: 'PostgreSQL' } });
  const HINT = 'Set PGHOST and PGPORT in the WAL-G environment, or upgrade WAL-G to 3.0.8 or newer.';
  const run = { partial: false, duration_ms: 9, error: null, timed_out: false, collected_at: 1 };

  /** With a WAL-G of this version, and this result of wal-verify. */
  async function ask(text: string, walg: Record<string, string>, verify?: object, reply = NODE1, args: string[] = []) {
    const collected = () =>
      Promise.resolve(verify === undefined ? {} : { walg_verify: { ...run, ok: true, ...verify } });
    const url = await started(reply);
    const subject = { learnt: version(text), collected };
    return examined('postgresql', { args: ['--patroni-url', url, ...args], walg, subject });
  }

  /** A PostgreSQL that accepts connections. */
  async function listening(path?: string): Promise<string> {
    const server = createServer();
    await new Promise<void>((resolve) => {
      if (path === undefined) server.listen(0, '127.0.0.1', resolve);
      else server.listen(path, resolve);
    });
    onTestFinished(() => void server.close());
    const address = server.address();
    return typeof address === 'object' ? String(address?.port) : '';
  }

  test('WAL-G 3.0.8 and newer do not need it', async () => {
    expect(await ask('3.0.8', {})).toEqual(good('skipped', 'not needed: WAL-G 3.0.8 gets the LSN from Patroni'));
  });

  test('a run that does not verify WAL does not need it either', async () => {
    expect(await ask('3.0.7', {}, undefined, NODE1, ['--skip', 'walg_verify'])).toEqual(
      good('skipped', 'not needed: the collector walg_verify does not run'),
    );
  });

  test('an older one logs in', async () => {
    const PGPORT = await listening();
    expect(await ask('3.0.7', { PGHOST: '127.0.0.1', PGPORT }, {})).toEqual(
      good('ok', 'wal-verify logged in at ADDRESS'),
    );
  });

  test('by its socket', async () => {
    const folder = temporaryFolder();
    await listening(join(folder, '.s.PGSQL.5444'));
    expect(await ask('3.0.7', { PGHOST: folder, PGPORT: '5444' }, {})).toEqual(
      good('ok', `wal-verify logged in at ${folder}/.s.PGSQL.5444`),
    );
  });

  test('it accepts connections, and the login of wal-g was not tried, or took too long', async () => {
    const PGPORT = await listening();
    const untried = good('ok', 'it accepts connections at ADDRESS; the login of wal-g was not tried');
    expect(await ask('3.0.7', { PGHOST: '127.0.0.1', PGPORT })).toEqual(untried);
    expect(await ask('3.0.7', { PGHOST: '127.0.0.1', PGPORT }, { ok: false, timed_out: true })).toEqual(untried);
  });

  test('it accepts connections, but wal-verify fails', async () => {
    const PGPORT = await listening();
    const error = 'wal-g wal-verify failed: password authentication failed';
    expect(await ask('3.0.7', { PGHOST: '127.0.0.1', PGPORT }, { ok: false, error })).toEqual(
      bad(
        'failed',
        `it accepts connections at ADDRESS, but wal-verify failed: ${error}`,
        'If the login is the cause, set PGUSER, PGPASSWORD or PGPASSFILE and PGDATABASE in the WAL-G environment, or upgrade WAL-G to 3.0.8 or newer.',
      ),
    );
  });

  test('it refuses connections', async () => {
    expect(await ask('3.0.7', { PGHOST: '127.0.0.1', PGPORT: '1' })).toEqual(
      bad('failed', 'PostgreSQL does not accept connections at ADDRESS (connection refused)', HINT),
    );
    const folder = temporaryFolder();
    expect(await ask('3.0.7', { PGHOST: folder, PGPORT: '5444' })).toEqual(
      bad(
        'failed',
        `PostgreSQL does not accept connections at ${folder}/.s.PGSQL.5444 (no such file or directory)`,
        HINT,
      ),
    );
    writeFileSync(join(folder, '.s.PGSQL.5444'), '');
    expect(await ask('3.0.7', { PGHOST: folder, PGPORT: '5444' })).toEqual(
      bad('failed', `PostgreSQL does not accept connections at ${folder}/.s.PGSQL.5444 (connection refused)`, HINT),
    );
  });

  test('an invalid port', async () => {
    expect(await ask('3.0.7', { PGHOST: '127.0.0.1', PGPORT: '99999' })).toEqual(
      bad('failed', 'PGPORT in the WAL-G environment is "99999", which is not a port', HINT),
    );
  });

  test('a new WAL-G needs it if Patroni does not report the WAL position', async () => {
    const mute = changed(/"xlog": \{[^}]*\}, /g, '');
    expect(await ask('3.0.9', { PGHOST: '127.0.0.1', PGPORT: '1' }, undefined, mute)).toEqual(
      bad('failed', 'PostgreSQL does not accept connections at ADDRESS (connection refused)', HINT),
    );
  });
});
