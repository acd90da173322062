import { accessSync, constants, copyFileSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, beforeEach, describe, expect, inject, test } from 'vitest';
import { factsOf, postgresStatus, writeEnvdir } from './command.ts';
import { startCluster, type Member, type PatroniCluster } from './patroni-cluster.ts';
import { run, until } from './processes.ts';
import { endAfterwards } from './teardown.ts';

/** No package contains wal-g: the tests run only if it is on the PATH. */
const INSTALLED = (process.env['PATH'] ?? '')
  .split(':')
  .map((path) => join(path, 'wal-g'))
  .find(isExecutable);

describe('a real WAL-G, with its storage in a folder', () => {
  const ends = endAfterwards();
  let cluster: PatroniCluster;
  let leader: Member;
  let storage: string;
  let environment: string;
  let walg: (...args: string[]) => Promise<unknown>;

  beforeAll(async () => {
    if (INSTALLED === undefined) return;
    const folder = join(inject('workshop'), 'walg');
    storage = join(folder, 'storage');
    const program = join(folder, 'wal-g');
    mkdirSync(storage, { recursive: true });
    copyFileSync(INSTALLED, program);
    await run(['chown', '-R', 'postgres', storage]);
    cluster = ends(
      await startCluster(join(folder, 'patroni'), {
        members: 2,
        archiveCommand: `WALG_FILE_PREFIX=${storage} ${program} wal-push %p`,
      }),
    );
    leader = await cluster.leader();
    environment = writeEnvdir(join(folder, 'wal-g.d/env'), {
      WALG_FILE_PREFIX: storage,
      POSTGRES_STATUS_WAL_G: program,
      PGUSER: 'postgres',
    });
    walg = (...args) =>
      run([program, ...args], {
        user: 'postgres',
        environment: {
          ...{ WALG_FILE_PREFIX: storage, PGUSER: 'postgres' },
          ...{ PGHOST: '127.0.0.1', PGPORT: String(leader.port), PGDATABASE: 'postgres' },
        },
      });
  });

  beforeEach((context) => {
    context.skip(INSTALLED === undefined, 'there is no wal-g on the PATH');
  });

  async function look(member = leader) {
    const { status, stdout, stderr } = await postgresStatus(['--env', environment, '--patroni-url', member.url]);
    return { status, stderr, document: factsOf(stdout) };
  }

  /** Ends the current WAL segment and waits until it is in the storage. */
  async function archiveSegment(): Promise<string> {
    const sql = 'create table if not exists t (); drop table t; select pg_walfile_name(pg_switch_wal())';
    const server = `postgresql://postgres@127.0.0.1:${String(leader.port)}/postgres`;
    const { stdout } = await run(['psql', '--no-psqlrc', '-qtA', `--command=${sql}`, server]);
    const segment = stdout.trim();
    return until(`${segment} in the storage`, () => stored().find((name) => name.startsWith(segment)));
  }

  const stored = () => readdirSync(join(storage, 'wal_005'));

  test('WAL, and no backup yet', async () => {
    await archiveSegment();
    expect(await look()).toMatchObject({
      document: {
        walg_last_backup: {},
        walg_backups: { count: 0 },
        walg_timeline: { timeline: { status: 'OK', details: { current_timeline_id: 1 } } },
        collectors: { walg_backups: { ok: true } },
      },
    });
  });

  test('a backup: it is of this cluster, and no WAL since is missing', async () => {
    await walg('backup-push', leader.dataFolder);
    for (let count = 0; count < 3; count++) await archiveSegment();
    for (const asked of [leader, ...(await cluster.replicas())]) {
      const { status, stderr, document } = await look(asked);
      expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
      expect(document).toMatchObject({
        walg_last_backup: {
          backup_name: expect.stringMatching(/^base_00000001[0-9A-F]{16}$/) as unknown,
          system_identifier: document.node?.system_identifier,
          pg_version: document.node?.server_version,
          is_delta: false,
        },
        walg_backups: {
          count: 1,
          full: 1,
          newest_full: { backup_name: document.walg_backups?.recent[0]?.backup_name },
        },
        walg_timeline: { timeline: { status: 'OK' } },
        walg_integrity: { integrity: { status: 'OK' } },
      });
    }
  });

  test('the newest backup is used, whatever its place in the list', async () => {
    const before = (await look()).document.walg_last_backup;
    await walg('backup-push', leader.dataFolder);
    const { document } = await look();
    expect(document.walg_backups?.count).toBe(2);
    expect(document.walg_last_backup).not.toEqual(before);
    expect(document.walg_last_backup).toMatchObject({ start_time: newest(document.walg_backups?.recent) });
  });

  test('a lost segment is reported as lost', async () => {
    const lost = await archiveSegment();
    // WAL-G reports missing segments among the last 16 as being uploaded
    for (let count = 0; count < 17; count++) await archiveSegment();
    rmSync(join(storage, 'wal_005', lost));
    const { status, document } = await look();
    expect(status).toBe(0);
    expect(document.walg_integrity?.integrity.status).toBe('FAILURE');
    expect(document.walg_integrity?.integrity.details).toContainEqual(
      expect.objectContaining({ start_segment: lost.slice(0, 24), segments_count: 1, status: 'MISSING_LOST' }),
    );
  });

  test('after a switchover: the new timeline, from both members', async () => {
    const [candidate = leader] = await cluster.replicas();
    await cluster.switchover(candidate);
    leader = candidate;
    await archiveSegment();
    for (const asked of cluster.members)
      expect((await look(asked)).document).toMatchObject({
        walg_timeline: {
          timeline: { status: 'OK', details: { current_timeline_id: 2, highest_storage_timeline_id: 2 } },
        },
      });
  });

  test('a storage that cannot be read: not known, instead of "there is no backup"', async () => {
    renameSync(storage, `${storage}.away`);
    const { status, stderr, document } = await look();
    renameSync(`${storage}.away`, storage);
    expect(status).toBe(1);
    expect(stderr).toMatch(/^postgres-status: walg_backups: .*\npostgres-status: walg_verify: .*\n$/);
    expect(document).toMatchObject({
      walg_last_backup: null,
      walg_backups: null,
      walg_timeline: null,
      walg_integrity: null,
      collectors: { patroni: { ok: true }, walg_backups: { ok: false }, walg_verify: { ok: false } },
    });
  });
});

function newest(backups: readonly { start_time: string | null }[] = []): string | undefined {
  return backups
    .map(({ start_time: time }) => time ?? '')
    .sort()
    .at(-1);
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
