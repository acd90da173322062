import { describe, expect, test } from 'vitest';
import { documentOf } from './collect-patroni.ts';

/** The document for replies that were not recorded, but that Patroni and its users can cause. */
test('the dynamic configuration: values of any type', async () => {
  const stored = {
    ttl: '30',
    maximum_lag_on_failover: 'much',
    loop_wait: 10,
    retry_timeout: 10,
    synchronous_mode: 'quorum',
    failsafe_mode: true,
    pause: true,
  };
  const { patroni_config } = await documentOf({
    config: JSON.stringify({ ...stored, standby_cluster: { host: '10.0.0.1', port: 5432 } }),
  });
  expect(patroni_config).toEqual({
    ttl: 30,
    loop_wait: 10,
    maximum_lag_on_failover: null,
    synchronous_mode: 'quorum',
    synchronous_mode_strict: null,
    synchronous_node_count: null,
    failsafe_mode: true,
    standby_cluster: true,
    retry_timeout: 10,
    archive_mode: null,
    archive_timeout: null,
    archive_command: 'none',
    archive_library: false,
  });
});

describe('node.name: before Patroni 3.2 a member does not report its name', () => {
  const members = [
    { name: 'node1', role: 'leader', state: 'running', timeline: 4 },
    { name: 'node2', role: 'replica', state: 'streaming', timeline: 4, lag: 0 },
  ];
  const standby = [{ name: 'node1', role: 'standby_leader', state: 'streaming', timeline: 4 }];

  test.for<[situation: string, node: object, members: object[], name: string | null]>([
    ['a leader is the leader of /cluster', { role: 'master', timeline: 4 }, members, 'node1'],
    ['so is the leader of a standby cluster', { role: 'standby_leader', timeline: 4 }, standby, 'node1'],
    ['a replica is not known', { role: 'replica', timeline: 4 }, members, null],
    ['an old leader after a failover is not', { role: 'master', timeline: 3 }, members, null],
    ['a leader that /cluster does not list as leader is not', { role: 'master', timeline: 4 }, [], null],
    ['Patroni 3.2 reports it', { role: 'replica', patroni: { name: 'node2' } }, members, 'node2'],
  ])('%s', async ([, reply, clusterMembers, name]) => {
    const patroni = JSON.stringify({ state: 'running', patroni: { version: '3.0.4' }, ...reply });
    const { node } = await documentOf({ patroni, cluster: JSON.stringify({ members: clusterMembers }) });
    expect(node?.name).toBe(name);
  });
});

describe('numbers beyond 2^53', () => {
  const node = '"state": "running", "role": "primary", "patroni": {}';

  test.for<[situation: string, patroni: string, expected: object]>([
    [
      'a system identifier as text',
      `{${node}, "database_system_identifier": "7710362530892479391"}`,
      { system_identifier: '7710362530892479391' },
    ],
    [
      'a system identifier as a number',
      `{${node}, "database_system_identifier": 7710362530892479391}`,
      { system_identifier: '7710362530892479391' },
    ],
    ['where a leader writes', `{${node}, "xlog": {"location": 18446744073709551615}}`, { lsn: 'FFFFFFFF/FFFFFFFF' }],
    [
      'what a standby received',
      `{${node}, "xlog": {"received_location": 9223372036854775809, "replayed_location": 1}}`,
      { lsn: '80000000/1' },
    ],
    [
      'what a standby replayed that receives nothing',
      `{${node}, "xlog": {"received_location": null, "replayed_location": 4294967296}}`,
      { lsn: '1/0' },
    ],
  ])('%s', async ([, patroni, expected]) => {
    expect((await documentOf({ patroni })).node).toMatchObject(expected);
  });
});

describe('failovers', () => {
  const reason = 'no recovery target specified';
  const time = '2026-11-20T21:11:09.656931+00:00';

  test.for<[situation: string, row: string, expected: object]>([
    ['without time and leader', `[1, 67109024, "${reason}"]`, { lsn: '0/40000A0', time: null, new_leader: null }],
    [
      'without a leader, as Patroni 2.0 has them',
      `[1, 67109024, "${reason}", "${time}"]`,
      { lsn: '0/40000A0', time, new_leader: null },
    ],
    [
      'with all five',
      `[1, 67109024, "${reason}", "${time}", "node1"]`,
      { lsn: '0/40000A0', time, new_leader: 'node1' },
    ],
    [
      'beyond 2^53',
      `[1, 9223372036854775809, "${reason}", null, null]`,
      { lsn: '80000000/1', time: null, new_leader: null },
    ],
  ])('%s', async ([, row, expected]) => {
    expect((await documentOf({ history: `[${row}]` })).failovers).toEqual([{ timeline: 1, reason, ...expected }]);
  });

  test('the last fifty are kept', async () => {
    const rows = Array.from({ length: 60 }, (_, index) => [index + 1, index, reason]);
    const { failovers } = await documentOf({ history: JSON.stringify(rows) });
    expect(failovers?.map(({ timeline }) => timeline)).toEqual(Array.from({ length: 50 }, (_, index) => index + 11));
  });
});

describe('/cluster is passed through, unknown fields included', () => {
  test.for<[situation: string, cluster: object]>([
    [
      'a pod that only has the labels of the cluster',
      { members: [{ name: 'cronjob-abc', role: 'replica', state: '', api_url: null, lag: 'unknown' }] },
    ],
    [
      'a lag that is not known',
      { members: [{ name: 'a', role: 'replica', state: 'stopped', lag: 'unknown' }], scope: 'demo' },
    ],
    ['a member of which little is known', { members: [{ name: 'a', role: 'replica', state: 'creating replica' }] }],
    ['nobody', { members: [] }],
    [
      'what is scheduled, paused and not yet invented',
      {
        members: [{ name: 'a', role: 'leader', state: 'running', tags: { nofailover: true }, novel: [1] }],
        pause: true,
        scheduled_switchover: { at: '2026-11-21T02:04:54+00:00' },
        novelty: { a: null },
      },
    ],
  ])('%s', async ([, cluster]) => {
    expect((await documentOf({ cluster: JSON.stringify(cluster) })).cluster_status).toEqual(cluster);
  });
});
