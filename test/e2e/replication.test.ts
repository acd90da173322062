import { join } from 'node:path';
import { beforeAll, describe, expect, inject, test } from 'vitest';
import { ALL_WELL, complaintOf, critical, saying, untilSaid, warning } from './judge.ts';
import { sql, startCluster, type PatroniCluster } from './patroni-cluster.ts';
import { until } from './processes.ts';
import { oneStory } from './story.ts';
import { endAfterwards } from './teardown.ts';

describe('replication that fails, under a real Patroni', () => {
  const ends = endAfterwards();
  let cluster: PatroniCluster;
  oneStory();

  beforeAll(async () => {
    const folder = join(inject('workshop'), 'replication');
    cluster = ends(await startCluster(folder, { members: 3, restoreCommand: '/bin/false' }));
  });

  test('the replication user may not log in: no replica streams, whichever member is asked', async () => {
    const leader = await cluster.leader();
    for (const member of cluster.members) await untilSaid(member, ALL_WELL);
    await sql(leader, 'alter role replicator nologin');
    await sql(leader, 'select pg_terminate_backend(pid) from pg_stat_replication');
    const nobody = saying(
      new RegExp(
        `^critical: no replica streams from ${leader.name}: .*: check that the replication user may log in \\(pg_hba.conf, password\\) and that max_wal_senders is not reached$`,
      ),
    );
    for (const member of cluster.members) await untilSaid(member, critical({ replicas: nobody }));
    await sql(leader, 'alter role replicator login');
    for (const member of cluster.members) await untilSaid(member, ALL_WELL);
  });

  test('cascading replication is ok, whichever of the three members is asked', async () => {
    const leader = await cluster.leader();
    const [first = leader, second = leader] = await cluster.replicas();
    await cluster.tag(second, { replicatefrom: first.name });
    await until('the cascade', async () =>
      (await sql(first, 'select application_name from pg_stat_replication')) === second.name ? true : undefined,
    );
    for (const member of cluster.members) {
      await untilSaid(member, ALL_WELL);
      // and stays so, because the leader's own list lacks the cascading replica
      expect(await complaintOf(member)).toEqual(ALL_WELL);
    }
    await cluster.tag(second, {});
    await until('both streaming from the leader', async () =>
      (await sql(leader, 'select count(*) from pg_stat_replication')) === '2' ? true : undefined,
    );
    await cluster.settled();
  });

  test('synchronous_mode_strict without a standby: commits hang, which is reported', async () => {
    const leader = await cluster.leader();
    const replicas = await cluster.replicas();
    await cluster.reconfigure({ synchronous_mode: true, synchronous_mode_strict: true });
    await until('a synchronous standby', async () =>
      (await sql(leader, "select count(*) from pg_stat_replication where sync_state = 'sync'")) === '1'
        ? true
        : undefined,
    );
    for (const member of cluster.members) await untilSaid(member, ALL_WELL);
    for (const replica of replicas) await cluster.kill(replica);
    await expect(sql(leader, 'create table hangs ()', 3)).rejects.toThrow();
    const hang = saying(/^critical: commits hang: .*synchronous_mode_strict is on$/);
    expect(await complaintOf(leader)).toMatchObject({ exit: 2, status: 'critical', wrong: { synchronous: hang } });
    // also when the dead members are no longer listed
    await untilSaid(leader, critical({ synchronous: hang }));
    await expect(sql(leader, 'create table hangs_as_well ()', 3)).rejects.toThrow();
  });

  test('not strict: commits succeed, on the leader only', async () => {
    const leader = await cluster.leader();
    await cluster.reconfigure({ synchronous_mode_strict: null });
    await until('a commit', () => sql(leader, 'create table if not exists passes ()', 3).then(() => true));
    const alone = saying(new RegExp(`^warning: no standby is synchronous: commits are only on ${leader.name}`));
    await untilSaid(leader, warning({ synchronous: alone }));
    for (const replica of cluster.members) if (!cluster.isRunning(replica)) cluster.start(replica);
    await cluster.reconfigure({ synchronous_mode: null });
    await cluster.settled();
    for (const member of cluster.members) await untilSaid(member, ALL_WELL);
  });
});
