import { expect, test } from 'vitest';
import * as z from 'zod/mini';
import { statusDocument } from '../../src/document/schema.ts';
import { worst } from '../../src/document/status.ts';
import { judge } from '../../src/health/index.ts';
import { defaultThresholds } from '../../src/health/thresholds.ts';
import { documentWith, failed, NOW, withoutPatroni, withoutWalg } from '../stand-ins/builders.ts';

const ALL = ['collection', 'leader', 'members', 'replicas', 'lag', 'maintenance', 'dcs', 'archiving'].concat([
  'backup',
  'backup_source',
  'wal_integrity',
  'wal_timeline',
  'failovers',
]);
const OF_PATRONI = ['leader', 'members', 'replicas', 'synchronous', 'lag', 'maintenance', 'dcs', 'archiving'].concat([
  'backup_source',
  'failovers',
]);
const OF_WALG = ['backup', 'backup_source', 'wal_integrity', 'wal_timeline'];
const names = (document: Parameters<typeof judge>[0], statuses: string[]) =>
  judge(document, defaultThresholds, NOW)
    .checks.filter(({ status }) => statuses.includes(status))
    .map(({ name }) => name);

test('a healthy document is judged by every check, and fits the schema with its verdict', () => {
  const document = documentWith();
  const before = structuredClone(document);
  const health = judge(document, defaultThresholds, NOW);
  expect(health.status).toBe('ok');
  expect(health.checks.map(({ name }) => name)).toEqual(ALL);
  expect(z.safeParse(statusDocument, { ...document, health }).error).toBeUndefined();
  expect(document).toEqual(before);
});

test('a check whose collector failed is unknown, never ok or critical', () => {
  expect(names(withoutPatroni(failed), ['unknown'])).toEqual(['collection', ...OF_PATRONI]);
  expect(names(withoutPatroni(failed), ['critical', 'warning'])).toEqual([]);
  expect(names(withoutWalg(failed), ['unknown'])).toEqual(['collection', ...OF_WALG]);
  expect(names(withoutWalg(failed), ['critical', 'warning'])).toEqual([]);
});

test('a check whose collector did not run is left out', () => {
  expect(names(withoutPatroni(null), ['ok'])).toEqual(ALL.filter((name) => !OF_PATRONI.includes(name)));
  expect(names(withoutWalg(null), ['ok'])).toEqual(ALL.filter((name) => !OF_WALG.includes(name)));
});

test.each([
  [[], 'ok'],
  [['ok', 'warning'], 'warning'],
  [['unknown', 'warning', 'ok'], 'unknown'],
  [['unknown', 'critical', 'warning'], 'critical'],
] as const)('the worst of %j is %s', (statuses, expected) => {
  expect(worst(statuses)).toBe(expected);
});

/** The example of the contract, with one member and one range. */
const EXAMPLE = {
  cluster_status: {
    members: [
      {
        name: 'acid-postgres-0',
        role: 'replica',
        state: 'streaming',
        api_url: 'http://1.2.3.4:8008/patroni',
        host: '1.2.3.4',
        port: 5432,
        timeline: 10,
        lag: 0,
      },
      {
        name: 'acid-postgres-1',
        role: 'leader',
        state: 'running',
        api_url: 'http://1.2.3.5:8008/patroni',
        host: '1.2.3.5',
        port: 5432,
        timeline: 10,
      },
    ],
    scope: 'acid-postgres',
  },
  patroni_archive_enabled: true,
  patroni_archive_command_set: false,
  walg_last_backup: {
    backup_name: 'base_0000000A00000007000000D1',
    time: '2025-02-17T18:22:45.192Z',
    wal_file_name: '0000000A00000007000000D1',
    storage_name: 'default',
  },
  walg_timeline: { timeline: { status: 'OK', details: { current_timeline_id: 10, highest_storage_timeline_id: 10 } } },
  walg_integrity: {
    integrity: {
      status: 'FAILURE',
      details: [
        {
          timeline_id: 1,
          start_segment: '000000010000000000000009',
          end_segment: '00000001000000000000003E',
          segments_count: 54,
          status: 'MISSING_LOST',
        },
      ],
    },
  },
  current_timestamp: 1739886583,
};

test("the contract's seven keys alone, as an older producer writes them", () => {
  const document = z.parse(statusDocument, EXAMPLE);
  expect(judge(document, defaultThresholds, 1739886600_000)).toEqual({
    status: 'warning',
    left_out: ['synchronous', 'dcs', 'backup_source', 'failovers'],
    checks: [
      {
        name: 'collection',
        status: 'ok',
        message: 'collected; the document does not report the result of each collector',
        value: 17,
        unit: 'seconds',
        critical: 300,
      },
      { name: 'leader', status: 'ok', message: 'acid-postgres-1 is the leader and runs on timeline 10' },
      {
        name: 'members',
        status: 'ok',
        message: '2 members listed: acid-postgres-0 and acid-postgres-1',
        value: 2,
        unit: 'members',
      },
      { name: 'replicas', status: 'ok', message: 'acid-postgres-0 follows acid-postgres-1', value: 1, unit: 'members' },
      {
        name: 'lag',
        status: 'ok',
        message:
          'lag behind the leader: acid-postgres-0 0 B; the limit is 1 MiB (the default of maximum_lag_on_failover; the configuration is not known)',
        value: 0,
        unit: 'bytes',
        warning: 1048576,
      },
      { name: 'maintenance', status: 'ok', message: 'not paused' },
      {
        name: 'archiving',
        status: 'ok',
        message:
          "archive_mode is on in Patroni's configuration (unless a local setting overrides it); archive_command is not set there, which is usual under Spilo",
      },
      {
        name: 'backup',
        status: 'ok',
        message: 'the newest backup, base_0000000A00000007000000D1, is 19 h 27 min old (2025-02-17 18:22:45 UTC)',
        value: 70035,
        unit: 'seconds',
        critical: 691200,
      },
      {
        name: 'wal_integrity',
        status: 'warning',
        message:
          'WAL from before the newest backup that can be restored (base_0000000A00000007000000D1) is lost: 000000010000000000000009 to 00000001000000000000003E (timeline 1, 54 segments); no point in time between the gap and the next backup can be restored',
        value: 0,
        unit: 'segments',
        warning: 16,
        critical: 256,
      },
      {
        name: 'wal_timeline',
        status: 'ok',
        message: 'the cluster and the newest WAL in the storage are on timeline 10',
      },
    ],
  });
});
