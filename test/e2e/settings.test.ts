import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { beforeAll, describe, expect, inject, test } from 'vitest';
import { ALL_WELL, complaintOf, critical, saying, untilSaid, warning } from './judge.ts';
import { openFolder } from './metrics.ts';
import { sql, startCluster, TIMING, type Member, type PatroniCluster } from './patroni-cluster.ts';
import { oneStory } from './story.ts';
import { endAfterwards } from './teardown.ts';

describe('settings that are active, and settings that are only configured, under a real Patroni', () => {
  const ends = endAfterwards();
  let cluster: PatroniCluster;
  let leader: Member;
  oneStory();

  beforeAll(async () => {
    const folder = join(inject('workshop'), 'settings');
    cluster = ends(await startCluster(folder, { members: 2, restoreCommand: '/bin/false' }));
    leader = await cluster.leader();
  });

  const set = (parameters: Readonly<Record<string, string>>) => cluster.reconfigure({ postgresql: { parameters } });

  async function restartAll(): Promise<void> {
    for (const member of cluster.members) await cluster.restart(member);
    await cluster.settled();
  }

  test('archive_mode is on in the configuration, and off until PostgreSQL restarts', async () => {
    await untilSaid(leader, ALL_WELL);
    await set({ archive_mode: 'off' });
    const ending = `warning: ${leader.name} stops archiving at its next restart (restart pending, archive_mode on → off)`;
    for (const member of cluster.members) await untilSaid(member, warning({ archiving: ending }));
    await restartAll();
    const off = saying(/^warning: no WAL is archived: archive_mode is off in Patroni's configuration/);
    for (const member of cluster.members) await untilSaid(member, warning({ archiving: off }));
    await set({ archive_mode: 'on' });
    const pending = `critical: no WAL is archived: archive_mode is off in the running PostgreSQL of ${leader.name} until it is restarted (restart pending, off → on)`;
    for (const member of cluster.members) await untilSaid(member, critical({ archiving: pending }));
    expect(await sql(leader, 'show archive_mode')).toBe('off');
    await restartAll();
    expect(await sql(leader, 'show archive_mode')).toBe('on');
    for (const member of cluster.members) await untilSaid(member, ALL_WELL);
  });

  test('an archive_command that is empty, or discards WAL', async () => {
    await set({ archive_command: '' });
    await untilSaid(
      leader,
      critical({ archiving: saying(/^critical: no WAL is archived: archive_command is empty /) }),
    );
    await set({ archive_command: '/bin/true' });
    await untilSaid(leader, critical({ archiving: saying(/^critical: WAL is discarded: archive_command /) }));
    await set({ archive_command: 'test -f %p' });
    await untilSaid(leader, ALL_WELL);
  });

  test('the DCS is down, and failsafe mode keeps the leader up: no demotion is predicted, and none happens', async () => {
    const memory = ['--state', join(openFolder('settings-state'), 'state.json')];
    await cluster.reconfigure({ failsafe_mode: true });
    // wait for a loop in which the leader records the members for failsafe mode
    await sleep(3 * TIMING.loop_wait * 1000);
    await untilSaid(leader, ALL_WELL, ...memory);
    await cluster.stopDcs();
    const stopped = performance.now();
    while (performance.now() < stopped + (TIMING.ttl + 10) * 1000) {
      for (const member of cluster.members) {
        const { status, wrong } = await complaintOf(member, ...memory);
        expect(status).not.toBe('ok');
        expect(wrong['dcs']).toEqual(saying(/^warning: Patroni cannot reach its DCS .*failsafe mode/));
        expect(JSON.stringify(wrong)).not.toMatch(/demote/);
      }
      await sql(leader, 'create table if not exists written ()');
      await sleep(2000);
    }
    expect(await cluster.leads(leader)).toBe(leader);
    cluster.startDcs();
    for (const member of cluster.members) await untilSaid(member, ALL_WELL);
  });
});
