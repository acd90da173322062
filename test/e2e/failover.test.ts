import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { beforeAll, describe, expect, inject, test } from 'vitest';
import { startClient } from './client.ts';
import { postgresStatus } from './command.ts';
import { ALL_WELL, complaintOf, critical, saying, untilSaid, verdictAt, warning } from './judge.ts';
import { openFolder } from './metrics.ts';
import { sql, startCluster, TIMING, type PatroniCluster } from './patroni-cluster.ts';
import { until } from './processes.ts';
import { oneStory } from './story.ts';
import { endAfterwards } from './teardown.ts';
import { describeLook, watch } from './watch.ts';

/** How long a cluster is watched after a failover, milliseconds. */
const AFTERWARDS = 20_000;
/** How late Patroni's loop may be on a busy machine, milliseconds. */
const LATE = 3000;

describe('failovers, second by second', () => {
  const ends = endAfterwards();
  let cluster: PatroniCluster;
  let memory: string[];
  oneStory();

  beforeAll(async () => {
    const folder = join(inject('workshop'), 'failover');
    cluster = ends(await startCluster(folder, { members: 3, restoreCommand: '/bin/false' }));
    memory = ['--state', join(openFolder('failover-state'), 'state.json')];
  });

  test('kill -9 of the leader and its PostgreSQL: never ok while no client can commit, and ok within two loops afterwards', async () => {
    const killed = await cluster.leader();
    const [asked = killed] = await cluster.replicas();
    await untilSaid(asked, ALL_WELL, ...memory);
    const client = ends(startClient(cluster.members));
    // two of three members are left, as expected
    const watching = ends(watch(() => postgresStatus([...verdictAt(asked.url), '--members-min', '2'])));
    await until('commits', () => client.commitAfter(0));
    await until('a healthy cluster', () => watching.looks.find(({ status }) => status === 'ok'));
    await cluster.kill(killed);
    const killedAt = performance.now();
    const back = await until('a commit after the failover', () => client.commitAfter(killedAt));
    await until('a look long after', () => watching.looks.find(({ began }) => began > back.ended + AFTERWARDS));
    await client.end();
    await watching.end();

    // a run that began before a failed attempt ran while no client could write
    const last = client.attempts.findLast(({ began, committed }) => began < back.began && !committed);
    const lines = (from: number, to: number) =>
      watching.looks
        .filter(({ began, ended }) => began > from && ended < to)
        .map((look) => describeLook(look, killedAt));
    const meanwhile = lines(killedAt, last?.began ?? killedAt);
    expect(meanwhile.length).toBeGreaterThan(5);
    expect(meanwhile.filter((line) => !line.includes(' s: critical: leader critical: '))).toEqual([]);
    expect(meanwhile[0]).toContain(
      `leader critical: ${killed.name} holds the leader lock, but its API refuses connections, and ${asked.name} no longer streams from it: a failover can take up to the ttl, 20 s`,
    );
    const settled = back.ended + 2 * TIMING.loop_wait * 1000 + LATE;
    expect(lines(settled, Infinity).filter((line) => !line.endsWith(' s: ok'))).toEqual([]);
  });

  test('the dead member is reported as missing: with --members-min 3, and with a state of three members', async () => {
    const [dead] = cluster.members.filter((member) => !cluster.isRunning(member));
    const [asked = await cluster.leader()] = (await cluster.replicas()).filter(cluster.isRunning);
    const tooFew = saying(/^warning: 2 members listed, fewer than 3 \(--members-min\): /);
    await untilSaid(asked, warning({ members: tooFew }), '--members-min', '3');
    await untilSaid(asked, ALL_WELL, '--members-min', '2');
    const missed = saying(
      new RegExp(
        `^warning: ${dead?.name ?? ''} is no longer listed \\(3 members were listed .* ago\\): either it is down, or only its Patroni is, .*--members-min 2$`,
      ),
    );
    await untilSaid(asked, warning({ members: missed }), ...memory);
  });

  test('the dead member is back', async () => {
    for (const member of cluster.members) if (!cluster.isRunning(member)) cluster.start(member);
    await cluster.settled();
    for (const member of cluster.members) await untilSaid(member, ALL_WELL, '--members-min', '3');
    const [asked = await cluster.leader()] = await cluster.replicas();
    await untilSaid(asked, ALL_WELL, ...memory);
  });

  test('the Patroni of the leader is killed, and its PostgreSQL runs: both this and the split brain are reported', async () => {
    const killed = await cluster.leader();
    const [asked = killed, other = killed] = await cluster.replicas();
    await cluster.killPatroni(killed);
    const lives = saying(
      new RegExp(
        `^warning: ${killed.name} holds the leader lock, but its API refuses connections while ${asked.name} streams from it: its PostgreSQL runs, and its Patroni is restarting or down; if Patroni stays down, another member takes over within 20 s, and both may accept writes`,
      ),
    );
    expect(await complaintOf(asked)).toEqual(warning({ leader: lives }));
    const successor = await until('another leader', () => cluster.leads(asked, other));
    // the old leader does not know about the new one, and accepts writes that will be lost
    for (const [index, member] of [killed, successor].entries())
      await sql(member, `create table split_brain_${String(index)} ()`);
    const missed = saying(new RegExp(`^warning: ${killed.name}, the leader until `));
    for (const member of [asked, other]) await untilSaid(member, warning({ members: missed }));
    cluster.start(killed);
    await cluster.settled();
    for (const member of cluster.members) await untilSaid(member, ALL_WELL);
  });

  test('two of three members are gone: the remaining one is not treated as a single-node cluster', async () => {
    const asked = await cluster.leader();
    await untilSaid(asked, ALL_WELL, ...memory);
    const replicas = await cluster.replicas();
    // until then the last switch explains why no replica streams
    await sleep(TIMING.ttl * 1000);
    for (const replica of replicas) await cluster.kill(replica);
    // they are listed until their ttl expires
    const [first = '', second = ''] = replicas.map(({ name }) => name);
    const none = saying(new RegExp(`^critical: no replica (?:could take over|streams from ${asked.name}): `));
    expect(await complaintOf(asked, ...memory)).toEqual(critical({ replicas: none }));
    const missed = saying(
      new RegExp(
        `^warning: .*(?:${first}|${second}).* (?:not listed|no longer listed).*either it is down, or only its Patroni is`,
      ),
    );
    await untilSaid(asked, warning({ members: missed }), ...memory);
  });
});
