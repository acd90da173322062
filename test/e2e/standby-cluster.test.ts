import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { beforeAll, describe, expect, inject, test } from 'vitest';
import { ALL_WELL, complaintOf, critical, saying, untilSaid } from './judge.ts';
import { SCOPE, sql, startCluster, type Member, type PatroniCluster } from './patroni-cluster.ts';
import { freePorts, until } from './processes.ts';
import { oneStory } from './story.ts';
import { endAfterwards } from './teardown.ts';
import { layWire } from './wire.ts';

describe('a standby cluster, and the connection to its source', () => {
  const ends = endAfterwards();
  let source: Member;
  let standby: PatroniCluster;
  let members: readonly Member[];
  let wire: Awaited<ReturnType<typeof layWire>>;
  const limit = ['--standby-age-max', '5s'];
  oneStory();

  beforeAll(async () => {
    const folder = join(inject('workshop'), 'standby');
    const cluster = ends(await startCluster(join(folder, 'source'), { members: 1 }));
    source = await cluster.leader();
    const [port = 0] = await freePorts(1);
    wire = ends(await layWire(port, source.port));
    const from = { host: '127.0.0.1', port, create_replica_methods: ['basebackup'], restore_command: '/bin/false' };
    standby = ends(
      await startCluster(join(folder, 'standby'), {
        ...{ members: 2, scope: `${SCOPE}-dr`, restoreCommand: '/bin/false' },
        configuration: { standby_cluster: from },
      }),
    );
    members = standby.members;
  });

  test('it streams: ok on both sides, however old the last transaction is', async () => {
    for (const member of [source, ...members]) await untilSaid(member, ALL_WELL);
    await sleep(6000);
    for (const member of members) await untilSaid(member, ALL_WELL, ...limit);
  });

  test('disconnected: critical as soon as the last replayed transaction is too old', async () => {
    await sql(source, 'create table before_the_cut ()');
    await sleep(1000);
    await wire.cut();
    await sql(source, 'create table after_the_cut ()');
    const old = saying(
      /^critical: .* does not stream from the cluster that it follows \(in archive recovery\), and its last transaction is .* old, more than 5 s \(--standby-age-max\): either it cannot reach its source, or nothing was committed there$/,
    );
    for (const member of members) await untilSaid(member, critical({ standby_cluster: old }), ...limit);
    // the age stays below a limit of hours in this test
    for (const member of members) expect(await complaintOf(member)).toEqual(ALL_WELL);
    await untilSaid(source, ALL_WELL);
  });

  test('reconnected: it catches up, and is ok', async () => {
    await wire.mend();
    await until('what was committed meanwhile', async () =>
      (await sql(members[0] ?? source, "select to_regclass('after_the_cut')")) === 'after_the_cut' ? true : undefined,
    );
    for (const member of members) await untilSaid(member, ALL_WELL, ...limit);
  });
});
