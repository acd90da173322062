import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { CollectError } from '../../src/errors.ts';
import type { Patroni } from '../../src/patroni/client.ts';
import { recorded, recording, startPatroni, type StandInPatroni } from '../stand-ins/patroni.ts';
import { collectPatroni } from './collect-patroni.ts';

/**
 * Runs the collector with every recorded version, scenario and node (test/fixtures/patroni). The expected documents are in
 * test/collectors/golden, and were checked by hand against the recordings. "Was not recorded" in a golden file is about the recording, not
 * about Patroni.
 */
const FIXTURES = join(import.meta.dirname, '../fixtures/patroni');

const SITUATIONS: Record<string, string> = {
  s1_healthy: 'healthy',
  s2_sync_pending_sched: 'synchronous-with-restart-pending-and-switchover-scheduled',
  s2b_quorum: 'quorum-standby-with-restart-pending',
  s3_paused: 'paused',
  s4_paused_replica_down: 'paused-and-postgres-of-the-replica-stopped',
  s5_paused_leader_down_t0: 'paused-and-postgres-of-the-leader-just-died',
  s5_paused_leader_down: 'paused-and-postgres-stopped-everywhere-and-nobody-leads',
  s6_paused_dcs_down_t0: 'paused-and-dcs-just-gone',
  s6_paused_dcs_down: 'paused-and-dcs-gone',
  s7_back: 'dcs-back',
  s8_dcs_down_t0: 'dcs-just-gone-and-leader-still-up',
  s8_dcs_down: 'dcs-gone-and-leader-demoted',
  s9_replica_patroni_stopped: 'patroni-of-the-replica-dead-and-its-member-gone',
  s10_after_failover: 'after-failover',
  s11_citus: 'group-of-a-citus-cluster',
};

const recordings = readdirSync(FIXTURES).flatMap((version) =>
  readdirSync(join(FIXTURES, version))
    .map((file) => file.split('.'))
    .filter(([, , endpoint]) => endpoint === 'patroni')
    .map(([scenario = '', node = '']) => ({ version, node, scenario, situation: SITUATIONS[scenario] ?? scenario })),
);

let standIn: StandInPatroni | undefined;
afterEach(() => standIn?.close());

describe.each(recordings)('Patroni $version, $situation, asked on $node', ({ version, scenario, situation, node }) => {
  const folder = join(FIXTURES, version);

  test('the document', async () => {
    standIn = await startPatroni(recorded(folder, scenario, node));
    const { url } = standIn;
    const document = await collectPatroni(url, { replace: unrecordedQuestions(folder, scenario, node) });
    document.collectors.patroni.duration_ms = 0;
    const text = JSON.stringify(document, undefined, 2).replaceAll(url, 'http://localhost:8008');
    await expect(`${text}\n`).toMatchFileSnapshot(`golden/${version}/${situation}.${node}.json`);
    expect(document.cluster_status).toEqual(recordedJson(folder, scenario, node, 'cluster') ?? { members: [] });
  });
});

test('every recording is in the table', () => {
  expect(new Set(recordings.map(({ scenario }) => scenario))).toEqual(new Set(Object.keys(SITUATIONS)));
});

const QUESTIONS = ['config', 'cluster', 'history'] as const;

function unrecordedQuestions(folder: string, scenario: string, node: string): Partial<Patroni> {
  const missing = QUESTIONS.filter((endpoint) => recording(folder, scenario, node, endpoint) === undefined);
  return Object.fromEntries(
    missing.map((endpoint) => [
      endpoint,
      () => Promise.reject(new CollectError(`/${endpoint} was not recorded in this scenario`)),
    ]),
  );
}

function recordedJson(folder: string, scenario: string, node: string, endpoint: string): unknown {
  const reply = recording(folder, scenario, node, endpoint)?.toString() ?? '';
  return reply === '' ? undefined : JSON.parse(reply.slice(reply.indexOf('\r\n\r\n')));
}
