import { join } from 'node:path';
import { beforeAll, describe, expect, inject, test } from 'vitest';
import { statusDocument } from '../../src/document/schema.ts';
import { FIRST_BODY, startApiServer, type ApiServer } from './api-server.ts';
import { factsOf, postgresStatus, standInWalg, writeEnvdir } from './command.ts';
import { backupFacts, documentOf, failed, ownView, producer, replayed, succeeded, walgFacts } from './expected.ts';
import { SCOPE, sql, startCluster, type Member, type PatroniCluster } from './patroni-cluster.ts';
import { parsePluginOutput } from './plugin-output.ts';
import { until } from './processes.ts';
import { oneStory } from './story.ts';
import { endAfterwards } from './teardown.ts';
import { PAUSED, PLUGIN_EXIT, verdictIn, verdictOn, type Verdict } from './verdict.ts';

const CONFIG_MAP = { name: 'status-postgres-e2e', namespace: 'cluster' };

/** A series of faults in one cluster: each test continues from the state that the previous one left. */
describe('three members under a real Patroni', () => {
  const ends = endAfterwards();
  let cluster: PatroniCluster;
  let api: ApiServer;
  let environment: string;
  /** The new leaders, in the order of the switches. */
  const switches: Member[] = [];
  oneStory();

  beforeAll(async () => {
    const folder = join(inject('workshop'), 'cluster');
    api = ends(await startApiServer(join(folder, 'kubernetes')));
    cluster = ends(await startCluster(join(folder, 'patroni'), { members: 3 }));
    await sql(await cluster.leader(), GO_ON, 120);
    await cluster.reached(GO_ON_TO);
    await cluster.settled();
    environment = writeEnvdir(join(folder, 'wal-g.d/env'), {
      ...standInWalg(join(folder, 'wal-g'), await cluster.backupSource()),
      STATUS_NAME: 'postgres-e2e',
      POD_NAMESPACE: CONFIG_MAP.namespace,
      POSTGRES_STATUS_KUBECONFIG: await api.publisher(CONFIG_MAP.namespace, CONFIG_MAP.name),
      POSTGRES_STATUS_TIMEOUT: '40s',
      // the backups have the times of the recording
      POSTGRES_STATUS_BACKUP_MAX_AGE: '36500d,36500d',
    });
  });

  const ask = ({ url }: Member, ...args: string[]) =>
    postgresStatus(['--env', environment, '--patroni-url', url, ...args]);

  /** Exit status, stderr and document of a run on a member. */
  async function look(member: Member) {
    const { status, stderr, stdout } = await ask(member);
    return { status, stderr, document: factsOf(stdout) };
  }

  /** The result of --check on a member. */
  async function judge(member: Member, ...args: string[]): Promise<Verdict & { exit: number }> {
    const { status, stderr, stdout } = await ask(member, '--check', '--format', 'json', '--members-min', '2', ...args);
    expect(stderr).toBe('');
    return { exit: status, ...verdictIn(stdout) };
  }

  const published = () => api.published(CONFIG_MAP.name, CONFIG_MAP.namespace);

  /** Each member reports the same cluster and its own state, with no other problem than the pause. */
  async function expectAllWell({ paused = false, members = cluster.members } = {}): Promise<void> {
    const leader = await cluster.leader();
    for (const asked of members) {
      const situation = { members, leader, asked, switches, paused };
      expect(await look(asked)).toEqual({ status: 0, stderr: '', document: documentOf(situation) });
      expect(await judge(asked)).toEqual({ exit: paused ? 1 : 0, ...verdictOn(situation) });
    }
  }

  /** Only the leader publishes, and its published document equals the printed one. */
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

  test('healthy: leader and replicas report the same cluster, and each its own state', async () => {
    await expectAllWell();
  });

  test('healthy: the leader publishes, a replica does not', async () => {
    expect(await published()).toBe(FIRST_BODY);
    await expectLeaderPublishes();
  });

  test('healthy: the output as a monitoring plugin', async () => {
    const leader = await cluster.leader();
    const [first, second] = await cluster.replicas();
    const { status, stderr, stdout } = await ask(leader, '--check');
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    const { summary, details, measures } = parsePluginOutput(stdout);
    expect(summary).toBe('POSTGRES OK - acid-postgres: 13 checks passed');
    expect(details.filter((line) => !/^\[OK\] [a-z_]+: ./.test(line))).toEqual([]);
    expect(details).toHaveLength(13);
    const some = (unit: string, ...ranges: string[]) => ({ value: expect.any(Number) as unknown, unit, ranges });
    expect(measures).toEqual({
      collection: some('s', '', '300'),
      replicas: { value: 2, unit: '', ranges: [] },
      lag: some('B', '1048576'),
      dcs: some('s', '', '20'),
      backup: some('s', String(36_500 * 86_400), String(36_500 * 86_400)),
      wal_backlog: { value: 0, unit: '', ranges: ['16', '256'] },
      failovers: { value: 0, unit: '', ranges: [] },
      members: { value: 3, unit: '', ranges: [] },
      [`lag_${first?.name ?? ''}`]: some('B'),
      [`lag_${second?.name ?? ''}`]: some('B'),
      backups: { value: 5, unit: '', ranges: [] },
      backup_size: { value: 5_723_868, unit: 'B', ranges: [] },
      backup_duration: some('s'),
    });
  });

  test('a switchover: every document meanwhile is complete, and the last one has the new leader', async () => {
    const [candidate = await cluster.leader()] = await cluster.replicas();
    let over = false;
    const switching = cluster.switchover(candidate).finally(() => {
      over = true;
    });
    const verdicts: Verdict[] = [];
    const seen = cluster.members.map(async (member) => {
      while (!over) {
        const { status, stdout } = await ask(member, '--check', '--format', 'json', '--collect', 'patroni');
        expect(statusDocument.safeParse(JSON.parse(stdout))).toMatchObject({ success: true });
        const verdict = verdictIn(stdout);
        expect(status).toBe(PLUGIN_EXIT[verdict.status ?? '']);
        verdicts.push(verdict);
      }
    });
    await Promise.all([switching, ...seen]);
    // for some seconds there is no leader and no replication, which the verdict reports, while Patroni and its DCS are ok
    const [said, unsaid] = [verdicts.filter(isOfASwitchover), verdicts.filter((verdict) => !isOfASwitchover(verdict))];
    expect(unsaid).toEqual([]);
    expect(said.map(({ status }) => status)).toContain('critical');
    switches.push(candidate);
    expect(await cluster.leader()).toBe(candidate);
    await expectAllWell();
  });

  test('after the switchover the new leader publishes, and the old one does not', async () => {
    await expectLeaderPublishes();
  });

  test('paused, and resumed', async () => {
    await cluster.pause(true);
    await expectAllWell({ paused: true });
    await cluster.pause(false);
    await expectAllWell();
  });

  test('the leader and its Patroni are killed: unknown values are null, nothing is published', async () => {
    const killed = await cluster.leader();
    const before = await published();
    await cluster.kill(killed);

    const refused = `${killed.url}/patroni: connection refused: either Patroni is not running there, or its REST API listens elsewhere (--patroni-url)`;
    const homeless =
      'wal-g has to ask PostgreSQL, but its address is not known: Patroni does not report it, and the WAL-G environment sets neither PGHOST nor PGPORT';
    expect(await look(killed)).toEqual({
      status: 1,
      stderr: `postgres-status: patroni: ${refused}\npostgres-status: walg_verify: ${homeless}\n`,
      document: {
        cluster_status: { members: [] },
        patroni_archive_enabled: null,
        patroni_archive_command_set: null,
        ...backupFacts(),
        walg_timeline: null,
        walg_integrity: null,
        ...producer(),
        node: null,
        leader: null,
        leader_api: null,
        patroni_config: null,
        failovers: null,
        collectors: {
          patroni: failed(refused, { partial: false }),
          walg_backups: succeeded(),
          walg_verify: failed(homeless, { partial: false }),
        },
      },
    });
    const unknown = `postgres-status: not published: cannot determine whether this node is the leader: ${refused}\n`;
    expect(await ask(killed, '--configmap', '--quiet', '--collect', 'walg_backups')).toEqual({
      status: 3,
      stdout: '',
      stderr: unknown,
    });
    expect(await published()).toBe(before);

    // a member that does not answer is unknown, not critical
    const blind = await judge(killed);
    expect(blind).toMatchObject({ exit: 3, status: 'unknown' });
    for (const name of ['collection', 'leader', 'replicas', 'lag', 'maintenance', 'dcs', 'failovers', 'wal_integrity'])
      expect(blind.checks[name]).toMatch(/^unknown: /);

    const survivors = cluster.members.filter((member) => member !== killed);
    for (const survivor of survivors) {
      // until its lock expires, /cluster shows the dead leader; but no replica streams from it, which is visible within a second or two
      const verdict = await until('a cluster in which no replica could be promoted', async () => {
        const found = await judge(survivor);
        return found.checks['replicas']?.startsWith('critical: ') === true ? found : undefined;
      });
      expect(verdict).toMatchObject({
        exit: 2,
        status: 'critical',
        checks: {
          leader: saying(
            new RegExp(
              `^critical: ${killed.name} holds the leader lock, but its API refuses connections, and ${survivor.name} no longer streams from it: a failover can take up to the ttl, 20 s`,
            ),
          ),
          replicas: unfit(survivors),
          dcs: REACHED,
          maintenance: 'ok: not paused',
        },
      });
    }
    const successor = await cluster.leader();
    expect(survivors).toContain(successor);
    switches.push(successor);
    await cluster.settled(2);
    await expectAllWell({ members: survivors });
  });

  test('several URLs: the first that answers is used', async () => {
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

  test('the killed member is back as a replica, and the new leader publishes', async () => {
    const [killed] = switches.slice(-2);
    if (killed !== undefined) cluster.start(killed);
    await cluster.settled();
    await expectAllWell();
    await expectLeaderPublishes();
  });

  test('paused, and the leader is killed: no leader, which is critical, until it is resumed', async () => {
    const killed = await cluster.leader();
    const survivors = cluster.members.filter((member) => member !== killed);
    await cluster.pause(true);
    await cluster.kill(killed);
    for (const survivor of survivors) {
      const verdict = await until('a cluster without a leader', async () => {
        const found = await judge(survivor);
        return found.checks['leader']?.includes('none of the 2 members') === true ? found : undefined;
      });
      expect(verdict).toMatchObject({
        exit: 2,
        status: 'critical',
        checks: {
          leader:
            'critical: none of the 2 members holds the leader lock: Patroni is paused and does not promote another',
          replicas: unfit(survivors),
          maintenance: PAUSED,
          dcs: REACHED,
        },
      });
    }

    await cluster.pause(false);
    switches.push(await cluster.leader());
    await cluster.settled(2);
    await expectAllWell({ members: survivors });
    cluster.start(killed);
    await cluster.settled();
    await expectAllWell();
  });

  test('the DCS is down: the leader is still leader, and reports what is unknown', async () => {
    const leader = await cluster.leader();
    await cluster.stopDcs();
    const run = await ask(leader, '--configmap');
    expect(run).toMatchObject({ status: 1, stderr: expect.stringMatching(DCS_GONE) as unknown });
    expect(`${await published()}\n`).toBe(run.stdout);
    expect(verdictIn(run.stdout)).toMatchObject({
      status: 'critical',
      checks: {
        ...WITHOUT_DCS,
        leader: `ok: ${leader.name} is the leader (primary, running) according to its own /patroni; there is no member list to compare with`,
      },
    });
    const { patroni_archive_enabled, patroni_archive_command_set, patroni_config, ...rest } = factsOf(run.stdout);
    // if Patroni answers /config, then from its cache
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
        cluster_unanswered: true,
        replication: expect.any(Array) as unknown,
      },
    });
  });

  test('the DCS stays down: no leader, every member reports what is unknown, none publishes', async () => {
    await until('a cluster without a leader', async () => {
      const answers = cluster.members.map((member) =>
        cluster.ask<{ role?: string; state?: string }>(member, 'patroni'),
      );
      const nodes = await Promise.all(answers);
      return nodes.every(({ role, state }) => role === 'replica' && state === 'running') ? true : undefined;
    });
    const before = await published();
    const looks = cluster.members.map(async (member) => {
      const found = await look(member);
      // a member that does not stream, such as the former leader, does not know the WAL position
      const placeless =
        found.document.node?.replication_state === 'streaming'
          ? undefined
          : `the leader's LSN is not known: Patroni reports no leader, and ${member.name} does not stream`;
      const [gone = '', ...more] = found.stderr.split(/(?<=\n)/);
      expect(gone).toMatch(DCS_GONE);
      expect(more.join('')).toBe(placeless === undefined ? '' : `postgres-status: walg_verify: ${placeless}\n`);
      expect(found).toEqual({
        status: 1,
        stderr: found.stderr,
        document: {
          ...withoutDcs(placeless),
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
            cluster_unanswered: true,
            replication: expect.any(Array) as unknown,
            ...replayed(),
          },
        },
      });
      expect(await judge(member)).toMatchObject({
        exit: 2,
        status: 'critical',
        checks: {
          ...WITHOUT_DCS,
          leader: saying(
            /^unknown: the node that was asked \(replica, running\) is not the leader; the current leader is not known: /,
          ),
        },
      });
      expect(await ask(member, '--configmap')).toMatchObject({ status: 0, stdout: '' });
    });
    await Promise.all(looks);
    expect(await published()).toBe(before);
  });

  test('the DCS is back: healthy again', async () => {
    cluster.startDcs();
    await cluster.settled();
    switches.push(await cluster.leader());
    await expectAllWell();
    await expectLeaderPublishes();
  });
});

/** The backups have the positions of the recording: the WAL of the cluster continues where they end, so that they are in its past. */
const GO_ON_TO = '0/12000000';
const GO_ON = `do $$ begin while pg_current_wal_lsn() < '${GO_ON_TO}' loop
  perform pg_logical_emit_message(false, '', '');
  perform pg_switch_wal();
end loop; end $$`;

const DCS_GONE =
  /^postgres-status: patroni: http:.*\/cluster, .*: the connection was closed without an answer: Patroni cannot reach its DCS \(see its log\)\n$/;

/** A message that consists of exactly this text. */
const saying = (words: RegExp) => expect.stringMatching(words) as unknown;

const REACHED = saying(/^ok: Patroni reaches its DCS/);

/** The problems in every member's verdict while the DCS is down, except for the check of the leader. */
const WITHOUT_DCS = {
  collection: saying(/^unknown: patroni failed, with a partial result: .*: Patroni cannot reach its DCS/),
  replicas: saying(/^unknown: replicas not known: /),
  lag: saying(/^unknown: lag not known: /),
  maintenance: 'ok: not paused',
  dcs: saying(
    /^critical: Patroni cannot reach its DCS \(last contact .* before this document\): it does not answer \/cluster, which reads the DCS; Patroni (?:demotes|has demoted) the leader within (?:4 s of the last contact \(loop_wait \+ retry_timeout\)|20 s of the last contact \(loop_wait \+ retry_timeout, by default\) unless failsafe mode is on)$/,
  ),
  backup: saying(/^ok: /),
  failovers: saying(/^unknown: failovers not known: /),
};

/** The allowed messages about leader and replicas during a switchover. */
function isOfASwitchover({ status, checks }: Verdict): boolean {
  const { collection = '', leader = '', replicas = '', maintenance = '', dcs = '' } = checks;
  const worst = [leader, replicas].some((check) => check.startsWith('critical: '));
  return (
    collection.startsWith('ok: patroni succeeded') &&
    /^ok: .* leader|^critical: (?:none of the 3 members holds the leader lock|two leaders: |.* holds the leader lock)/.test(
      leader,
    ) &&
    /^(?:ok|warning|critical): /.test(replicas) &&
    maintenance.startsWith('ok: ') &&
    dcs.startsWith('ok: Patroni reaches its DCS') &&
    (status === 'critical') === worst
  );
}

/** None of them streams, so none could be promoted, according to the asked member's own /patroni. */
function unfit(replicas: readonly Member[]): unknown {
  const each = replicas.map(({ name }) => `${name} runs, but does not replicate(?: according to its own /patroni)?`);
  return saying(
    new RegExp(`^critical: no replica (?:could take over|streams(?: from ${SCOPE}-\\d)?): ${each.join(' and ')}$`),
  );
}

/** Every member's document while the DCS is down; one that does not know the WAL position has the reason. */
function withoutDcs(placeless?: string) {
  return {
    cluster_status: { members: [] },
    ...(placeless === undefined ? walgFacts() : { ...backupFacts(), walg_timeline: null, walg_integrity: null }),
    ...producer(),
    leader: null,
    leader_api: null,
    failovers: null,
    collectors: {
      patroni: failed(/: Patroni cannot reach its DCS \(see its log\)$/, { partial: true }),
      walg_backups: succeeded(),
      walg_verify: placeless === undefined ? succeeded() : failed(placeless, { partial: false }),
    },
  };
}
