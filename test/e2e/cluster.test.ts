import { join } from 'node:path';
import { beforeAll, describe, expect, inject, test } from 'vitest';
import { statusDocument } from '../../src/document/schema.ts';
import { FIRST_BODY, startApiServer, type ApiServer } from './api-server.ts';
import { factsOf, postgresStatus, standInWalg, writeEnvdir } from './command.ts';
import { documentOf, failed, ownView, producer, succeeded, walgFacts } from './expected.ts';
import { startCluster, type Member, type PatroniCluster } from './patroni-cluster.ts';
import { until } from './processes.ts';
import { endAfterwards } from './teardown.ts';

const CONFIG_MAP = { name: 'status-postgres-e2e', namespace: 'cluster' };

/** One cluster through its worst day: each test leaves it as the next one finds it. */
describe('three members under a real Patroni', () => {
  const ends = endAfterwards();
  let cluster: PatroniCluster;
  let api: ApiServer;
  let environment: string;
  /** Who took over, in the order of the switches. */
  const switches: Member[] = [];

  beforeAll(async () => {
    const folder = join(inject('workshop'), 'cluster');
    api = ends(await startApiServer(join(folder, 'kubernetes')));
    environment = writeEnvdir(join(folder, 'wal-g.d/env'), {
      ...standInWalg(join(folder, 'wal-g')),
      STATUS_NAME: 'postgres-e2e',
      POD_NAMESPACE: CONFIG_MAP.namespace,
      POSTGRES_STATUS_KUBECONFIG: await api.publisher(CONFIG_MAP.namespace, CONFIG_MAP.name),
      POSTGRES_STATUS_TIMEOUT: '40s',
    });
    cluster = ends(await startCluster(join(folder, 'patroni'), { members: 3 }));
  });

  const ask = ({ url }: Member, ...args: string[]) =>
    postgresStatus(['--env', environment, '--patroni-url', url, ...args]);

  /** Status, stderr and the document that a member gives rise to. */
  async function look(member: Member) {
    const { status, stderr, stdout } = await ask(member);
    return { status, stderr, document: factsOf(stdout) };
  }

  const published = () => api.published(CONFIG_MAP.name, CONFIG_MAP.namespace);

  /** Each member tells the same cluster, and itself. */
  async function expectAllWell({ paused = false, members = cluster.members } = {}): Promise<void> {
    const leader = await cluster.leader();
    for (const asked of members)
      expect(await look(asked)).toEqual({
        status: 0,
        stderr: '',
        document: documentOf({ members, leader, asked, switches, paused }),
      });
  }

  /** Only the leader publishes, and what it publishes is what it prints. */
  async function expectLeaderPublishes(): Promise<void> {
    const leader = await cluster.leader();
    const before = await published();
    for (const replica of await cluster.replicas())
      expect(await ask(replica, '--configmap')).toEqual({
        status: 0,
        stdout: '',
        stderr: `postgres-status: ${replica.name} has the role replica: publishing is left to the leader\n`,
      });
    expect(await published()).toBe(before);
    const run = await ask(leader, '--configmap');
    expect(run).toMatchObject({ status: 0, stderr: '' });
    expect(`${await published()}\n`).toBe(run.stdout);
    expect(factsOf(run.stdout)).toMatchObject({ node: { name: leader.name, role: 'primary' } });
  }

  test('healthy: leader and replicas tell the same cluster, and each itself', async () => {
    await expectAllWell();
  });

  test('healthy: the leader publishes, a replica steps back', async () => {
    expect(await published()).toBe(FIRST_BODY);
    await expectLeaderPublishes();
  });

  test('a switchover: every document on the way is a whole one, and then it tells the new leader', async () => {
    const [candidate = await cluster.leader()] = await cluster.replicas();
    let over = false;
    const switching = cluster.switchover(candidate).finally(() => {
      over = true;
    });
    const seen = cluster.members.map(async (member) => {
      while (!over) {
        const { status, stdout } = await ask(member, '--collect', 'patroni');
        expect(status).toBeLessThanOrEqual(1);
        expect(statusDocument.safeParse(JSON.parse(stdout))).toMatchObject({ success: true });
      }
    });
    await Promise.all([switching, ...seen]);
    switches.push(candidate);
    expect(await cluster.leader()).toBe(candidate);
    await expectAllWell();
  });

  test('after the switchover the new leader publishes, and the old one steps back', async () => {
    await expectLeaderPublishes();
  });

  test('paused, and resumed', async () => {
    await cluster.pause(true);
    await expectAllWell({ paused: true });
    await cluster.pause(false);
    await expectAllWell();
  });

  test('the leader and its Patroni are killed: nothing is said that is not known, nothing is published', async () => {
    const killed = await cluster.leader();
    const before = await published();
    await cluster.kill(killed);

    const refused = `${killed.url}/patroni: connection refused: Patroni is not running there, or its REST API listens elsewhere (--patroni-url)`;
    const homeless =
      'wal-g must ask PostgreSQL, and where that listens is not known: Patroni does not say, and the WAL-G environment sets neither PGHOST nor PGPORT';
    expect(await look(killed)).toEqual({
      status: 1,
      stderr: `postgres-status: patroni: ${refused}\npostgres-status: walg_verify: ${homeless}\n`,
      document: {
        cluster_status: { members: [] },
        patroni_archive_enabled: null,
        patroni_archive_command_set: null,
        ...walgFacts(),
        walg_timeline: null,
        walg_integrity: null,
        ...producer(),
        node: null,
        patroni_config: null,
        failovers: null,
        collectors: {
          patroni: failed(refused, { partial: false }),
          walg_backups: succeeded(),
          walg_verify: failed(homeless, { partial: false }),
        },
      },
    });
    const unknown = `postgres-status: not published, for whether this node leads could not be learnt: ${refused}\n`;
    expect(await ask(killed, '--configmap', '--quiet', '--collect', 'walg_backups')).toEqual({
      status: 3,
      stdout: '',
      stderr: unknown,
    });
    expect(await published()).toBe(before);

    const survivors = cluster.members.filter((member) => member !== killed);
    const successor = await cluster.leader();
    expect(survivors).toContain(successor);
    switches.push(successor);
    await cluster.settled(2);
    await expectAllWell({ members: survivors });
  });

  test('of several URLs the first that answers is asked', async () => {
    const leader = await cluster.leader();
    const dead = cluster.members
      .filter(({ name }) => name !== leader.name)
      .find((member) => member === switches.at(-2));
    const { status, stdout } = await postgresStatus([
      ...['--env', environment, '--patroni-url', dead?.url ?? '', leader.url],
      ...['--collect', 'patroni'],
    ]);
    expect(status).toBe(0);
    expect(factsOf(stdout)).toMatchObject({ node: { name: leader.name } });
  });

  test('the killed one is back as a replica, and the one that took over publishes', async () => {
    const [killed] = switches.slice(-2);
    if (killed !== undefined) cluster.start(killed);
    await cluster.settled();
    await expectAllWell();
    await expectLeaderPublishes();
  });

  test('the DCS is gone: the leader still leads, and says what it cannot see', async () => {
    const leader = await cluster.leader();
    await cluster.stopDcs();
    const run = await ask(leader, '--configmap');
    expect(run).toMatchObject({ status: 1, stderr: expect.stringMatching(DCS_GONE) as unknown });
    expect(`${await published()}\n`).toBe(run.stdout);
    const { patroni_archive_enabled, patroni_archive_command_set, patroni_config, ...rest } = factsOf(run.stdout);
    // Patroni answers /config from what it remembers, if it does
    expect([true, null]).toContain(patroni_archive_enabled);
    expect(patroni_archive_command_set).toBe(patroni_archive_enabled);
    expect(patroni_config === null).toBe(patroni_archive_enabled === null);
    expect(rest).toEqual({
      ...withoutDcs(),
      node: {
        ...ownView(leader),
        role: 'primary',
        timeline: switches.length + 1,
        replication_state: null,
        paused: false,
        cluster_unlocked: expect.any(Boolean) as unknown,
        replication: expect.any(Array) as unknown,
      },
    });
  });

  test('the DCS stays away: nobody leads, every member says what it cannot see, nobody publishes', async () => {
    await until('a cluster in which nobody leads', async () => {
      const answers = cluster.members.map((member) =>
        cluster.ask<{ role?: string; state?: string }>(member, 'patroni'),
      );
      const nodes = await Promise.all(answers);
      return nodes.every(({ role, state }) => role === 'replica' && state === 'running') ? true : undefined;
    });
    const before = await published();
    const looks = cluster.members.map(async (member) => {
      expect(await look(member)).toEqual({
        status: 1,
        stderr: expect.stringMatching(DCS_GONE) as unknown,
        document: {
          ...withoutDcs(),
          patroni_archive_enabled: null,
          patroni_archive_command_set: null,
          patroni_config: null,
          node: {
            ...ownView(member),
            role: 'replica',
            timeline: switches.length + 1,
            replication_state: expect.toBeOneOf(['streaming', null]) as unknown,
            paused: false,
            cluster_unlocked: true,
            replication: expect.any(Array) as unknown,
          },
        },
      });
      expect(await ask(member, '--configmap')).toMatchObject({ status: 0, stdout: '' });
    });
    await Promise.all(looks);
    expect(await published()).toBe(before);
  });

  test('the DCS is back, and all is well again', async () => {
    cluster.startDcs();
    await cluster.settled();
    switches.push(await cluster.leader());
    await expectAllWell();
    await expectLeaderPublishes();
  });
});

const DCS_GONE =
  /^postgres-status: patroni: http:.*\/cluster: the connection was closed without an answer: the DCS is not reachable.*\n$/;

/** What every member's document says while the DCS is away. */
function withoutDcs() {
  return {
    cluster_status: { members: [] },
    ...walgFacts(),
    ...producer(),
    failovers: null,
    collectors: {
      patroni: failed(/the DCS is not reachable/, { partial: true }),
      walg_backups: succeeded(),
      walg_verify: succeeded(),
    },
  };
}
