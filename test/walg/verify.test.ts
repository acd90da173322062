import { expect, test } from 'vitest';
import type { Backup, StatusDocument } from '../../src/document/schema.ts';
import { CollectError, TimeLimitError } from '../../src/errors.ts';
import type { Walg } from '../../src/walg/client.ts';
import type { LeaderReply } from '../../src/patroni/leader-api.ts';
import { nodeReply } from '../../src/patroni/replies.ts';
import { fit } from '../../src/text/json.ts';
import { WalgFailure } from '../../src/walg/program.ts';
import { walgVerify } from '../../src/collectors/walg-verify.ts';
import {
  calls,
  collectWalg,
  patroniSaying,
  recording,
  replaying,
  silentPatroni,
  temporaryFolder,
} from '../stand-ins/walg-run.ts';

/** As recorded: timeline 3, and the position that `wal-verify-timeline-and-lsn` was given. */
const LEADER = {
  state: 'running',
  role: 'primary',
  timeline: 3,
  xlog: { location: 0x7c000100 },
  patroni: { version: '4.1.4', scope: 'demo', name: 'node1' },
};
const FROM_POSITION = '--timeline 3 --lsn 0/7C000100';

/** Replays a recording with that Patroni, and returns the calls of wal-verify. */
async function replay(version: string, situation: string, node: unknown = LEADER) {
  const file = `${temporaryFolder()}/calls`;
  const environment = { ...replaying(recording(version, situation)), WALG_CALLS: file };
  const document = await collectWalg({ environment, patroni: patroniSaying({ node }) });
  return { document, asked: calls(file).filter((call) => call.startsWith('wal-verify')) };
}

function verified({ walg_integrity, walg_timeline, collectors }: StatusDocument) {
  return {
    integrity: walg_integrity?.integrity.status,
    timeline: walg_timeline?.timeline.status,
    error: collectors?.walg_verify?.error,
  };
}

test.each(['v3.0.8', 'v3.0.9'])('WAL-G %s gets the position, and needs no PostgreSQL', async (version) => {
  const { document, asked } = await replay(version, 'wal-verify-timeline-and-lsn');
  expect(document.walg_timeline).toEqual({
    timeline: { status: 'OK', details: { current_timeline_id: 3, highest_storage_timeline_id: 3 } },
  });
  // no backup list was recorded there: the names of the found segments prove their size
  expect(asked).toEqual([`wal-verify integrity timeline --json ${FROM_POSITION}`]);
});

test.each(['v3.0.8', 'v3.0.9'])('WAL-G %s: the backups show that segments have 16 MB', async (version) => {
  const { document, asked } = await replay(version, 'healthy-three-timelines');
  expect(verified(document)).toEqual({ integrity: 'OK', timeline: 'OK', error: null });
  expect(asked).toEqual([`wal-verify integrity timeline --json ${FROM_POSITION}`]);
});

test.each(['v0.2.22', 'v1.1', 'v3.0.5', 'v3.0.7'])(
  'WAL-G %s refuses the position, once, and asks PostgreSQL',
  async (version) => {
    const { document, asked } = await replay(version, 'healthy-many');
    expect(verified(document)).toEqual({ integrity: 'OK', timeline: 'OK', error: null });
    expect(asked).toEqual([
      `wal-verify integrity timeline --json ${FROM_POSITION}`,
      'wal-verify integrity timeline --json',
    ]);
  },
);

const STUCK = {
  ...LEADER,
  role: 'replica',
  replication_state: 'in archive recovery',
  timeline: 2,
  xlog: { received_location: 0x60000000, replayed_location: 0x60000000 },
};
const PG1 = { name: 'pg1', role: 'leader', state: 'running', timeline: 3 };
const CLUSTER = { members: [PG1, { name: 'node1', role: 'replica', state: 'in archive recovery', timeline: 2 }] };
const ANSWERED = { member: 'pg1', outcome: 'answered', error: null, reply: fit(nodeReply, LEADER, 'it') } as const;
const REFUSED = { member: 'pg1', outcome: 'refused', error: 'http://pg1:8008/patroni: connection refused' } as const;

test.for<[what: string, version: string, node: object, leader: LeaderReply, asked: string[], error: string | null]>([
  [
    'the leader answers: its position',
    'v3.0.9',
    STUCK,
    ANSWERED,
    [`wal-verify integrity timeline --json ${FROM_POSITION}`],
    null,
  ],
  [
    'the local PostgreSQL is down: that of the leader',
    'v3.0.9',
    { ...STUCK, xlog: undefined, state: 'stopped' },
    ANSWERED,
    [`wal-verify integrity timeline --json ${FROM_POSITION}`],
    null,
  ],
  [
    'the leader does not answer, and the replica streams',
    'v3.0.9',
    {
      ...STUCK,
      replication_state: 'streaming',
      timeline: 3,
      xlog: { received_location: 0x7c000100, replayed_location: 0x7b000000 },
    },
    REFUSED,
    [`wal-verify integrity timeline --json ${FROM_POSITION}`],
    null,
  ],
  [
    'the leader does not answer, and the replica does not stream',
    'v3.0.9',
    STUCK,
    REFUSED,
    [],
    "the leader's LSN is not known: http://pg1:8008/patroni: connection refused; node1 does not stream from it",
  ],
  [
    'an old WAL-G, which would ask the PostgreSQL that was left behind',
    'v3.0.5',
    STUCK,
    ANSWERED,
    [`wal-verify integrity timeline --json ${FROM_POSITION}`],
    'this wal-g has to ask PostgreSQL for the LSN, but the PostgreSQL of node1 does not stream from the leader: install WAL-G 3.0.8 or newer, which takes the LSN from Patroni',
  ],
])('a replica is asked: %s', async ([, version, node, leader, asked, error]) => {
  const file = `${temporaryFolder()}/calls`;
  const situation = version === 'v3.0.9' ? 'healthy-three-timelines' : 'healthy-many';
  const environment = { ...replaying(recording(version, situation)), WALG_CALLS: file };
  const document = await collectWalg({ environment, patroni: patroniSaying({ node, cluster: CLUSTER, leader }) });
  expect(document.collectors?.walg_verify?.error ?? null).toBe(error);
  expect([...new Set(calls(file).filter((call) => call.startsWith('wal-verify')))].slice(0, 1)).toEqual(asked);
});

test('if both checks fail, each is requested alone, unless it was refused', async () => {
  const { document, asked } = await replay('v3.0.5', 'encrypted-public-key-only');
  expect(verified(document)).toEqual({
    integrity: undefined,
    timeline: 'OK',
    error: expect.stringContaining('openpgp: incorrect key') as string,
  });
  expect(asked).toEqual([
    `wal-verify integrity timeline --json ${FROM_POSITION}`,
    'wal-verify integrity timeline --json',
    'wal-verify timeline --json',
    'wal-verify integrity --json',
  ]);
});

test('WAL-G 0.2.15 has no wal-verify: it is called once', async () => {
  const { document, asked } = await replay('v0.2.15', 'healthy-1-backup');
  expect(verified(document).error).toBe('this wal-g cannot verify the WAL: WAL-G 0.2.20 or newer is needed');
  expect(asked).toEqual([`wal-verify integrity timeline --json ${FROM_POSITION}`]);
});

test.each([
  ['a leader', { xlog: { location: 0x7c000100 } }, FROM_POSITION],
  [
    // it would not look for the last segment before the switch, which is complete
    'an idle leader, at the border of a segment',
    { xlog: { location: 0x7c000000 } },
    '--timeline 3 --lsn 0/7C000001',
  ],
  ['beyond 2^53', { xlog: { location: '18446744073709551615' } }, '--timeline 3 --lsn FFFFFFFF/FFFFFFFF'],
  ['a standby that streams', { xlog: { received_location: 0x7c000100, replayed_location: 0x7b000000 } }, FROM_POSITION],
  [
    'one that replays from the archive',
    { xlog: { received_location: 0x60000000, replayed_location: 0x7c000100 } },
    FROM_POSITION,
  ],
  ['one that never streamed', { xlog: { received_location: null, replayed_location: 0x7c000100 } }, FROM_POSITION],
  ['a standby that has received nothing yet', { xlog: { received_location: 0, replayed_location: 0 } }, undefined],
  ['a PostgreSQL that is down', { xlog: undefined }, undefined],
  ['no timeline', { timeline: undefined }, undefined],
  ['timeline 0', { timeline: 0 }, undefined],
])('the position of %s', async (_, change, position) => {
  const { asked } = await replay('v3.0.9', 'healthy-three-timelines', { ...LEADER, ...change });
  expect(asked[0]).toBe(`wal-verify integrity timeline --json${position === undefined ? '' : ` ${position}`}`);
});

/**
 * A WAL-G of a cluster whose segments have `real` MB. Given a position, it looks for names according to its WALG_PG_WAL_SIZE, and finds
 * none if that is wrong; connected to PostgreSQL, it reports the wrong size (src/walg/README.md).
 */
function walgWith({ real, told, backups = [], postgres = true, old = false }: Cluster) {
  const asked: string[] = [];
  const environment: Record<string, string> = { PGHOST: 'db1', ...(told !== undefined && { WALG_PG_WAL_SIZE: told }) };
  const walg: Walg = {
    environment,
    program: () => 'wal-g',
    remaining: () => 60_000,
    version: () => Promise.resolve(undefined),
    backups: () =>
      backups === 'unknown' ? Promise.reject(new CollectError('down')) : Promise.resolve({ backups, failures: [] }),
    run(args, { env = {} } = {}) {
      const size = { ...environment, ...env }['WALG_PG_WAL_SIZE'] ?? '16';
      asked.push(
        `${args.filter((arg) => arg === 'integrity' || arg === 'timeline' || arg === '--lsn').join(' ')} ${size}`,
      );
      const finished = { status: 0, signal: null, stdout: '', stderr: '', timedOut: false, overflowed: false };
      const fail = (stderr: string) => Promise.reject(new WalgFailure('wal-g', { ...finished, status: 1, stderr }));
      if (args.includes('--lsn') && old) return fail('Error: unknown flag: --timeline');
      if (!args.includes('--lsn') && !postgres) return fail('ERROR: connection refused');
      if (!args.includes('--lsn') && Number(size) !== real) return fail('ERROR: you may need to set WALG_PG_WAL_SIZE');
      const status = Number(size) === real ? 'OK' : 'FAILURE';
      const reply = {
        ...(args.includes('integrity') && { integrity: { status, details: null } }),
        ...(args.includes('timeline') && {
          timeline: { status: 'OK', details: { current_timeline_id: 3, highest_storage_timeline_id: 3 } },
        }),
      };
      return Promise.resolve({ ...finished, stdout: JSON.stringify(reply) });
    },
  };
  return { walg, asked };
}

interface Cluster {
  real: number;
  told?: string;
  backups?: Backup[] | 'unknown';
  /** WAL-G can ask PostgreSQL. */
  postgres?: boolean;
  /** WAL-G before 3.0.8. */
  old?: boolean;
}

/** A backup that starts in the third segment of this size. */
function backupOf(megabytes: number): Backup[] {
  const low = (3 * megabytes * 1024 * 1024 + 0x28).toString(16).toUpperCase();
  return [{ start_lsn: `0/${low}`, wal_file_name: '000000010000000000000003' } as Backup];
}

const BOTH = 'integrity timeline';
const UNKNOWN = 'the size of the WAL segments is not known, because no backup shows it: set WALG_PG_WAL_SIZE, in MB; ';

test.each<{ name: string; cluster: Cluster; asked: string[]; integrity?: string | null; failure?: string }>([
  ...[1, 2, 4, 8, 32, 64, 128, 256, 512, 1024].map((real) => ({
    name: `${real} MB, not told: the backups show it`,
    cluster: { real, backups: backupOf(real) },
    asked: [`${BOTH} --lsn 16`, `integrity --lsn ${real}`],
  })),
  { name: '16 MB, no variable', cluster: { real: 16, backups: backupOf(16) }, asked: [`${BOTH} --lsn 16`] },
  {
    name: '64 MB, the variable says 64',
    cluster: { real: 64, told: '64', backups: backupOf(64) },
    asked: [`${BOTH} --lsn 64`],
  },
  { name: '64 MB, the variable says 64, no backup', cluster: { real: 64, told: '64' }, asked: [`${BOTH} --lsn 64`] },
  {
    name: '64 MB, the variable says 32: the backups override it',
    cluster: { real: 64, told: '32', backups: backupOf(64) },
    asked: [`${BOTH} --lsn 32`, 'integrity --lsn 64'],
  },
  {
    name: '16 MB, the variable says 64: the backups override it',
    cluster: { real: 16, told: '64', backups: backupOf(16) },
    asked: [`${BOTH} --lsn 64`, 'integrity --lsn 16'],
  },
  {
    name: '16 MB, no variable, no backup: PostgreSQL confirms it',
    cluster: { real: 16 },
    asked: [`${BOTH} --lsn 16`, 'integrity 16'],
  },
  {
    name: '64 MB, no variable, no backup: PostgreSQL reports another size',
    cluster: { real: 64 },
    asked: [`${BOTH} --lsn 16`, 'integrity 16'],
    integrity: null,
    failure: `${UNKNOWN}wal-g failed with exit status 1: you may need to set WALG_PG_WAL_SIZE`,
  },
  {
    name: '16 MB, no variable, no backup, no PostgreSQL: not known',
    cluster: { real: 16, postgres: false },
    asked: [`${BOTH} --lsn 16`, 'integrity 16'],
    integrity: null,
    failure: `${UNKNOWN}wal-g failed with exit status 1: connection refused`,
  },
  {
    name: '64 MB, no variable, the backups not known, no PostgreSQL: not known',
    cluster: { real: 64, backups: 'unknown', postgres: false },
    asked: [`${BOTH} --lsn 16`, 'integrity 16'],
    integrity: null,
    failure: `${UNKNOWN}wal-g failed with exit status 1: connection refused`,
  },
  {
    name: 'an older WAL-G, 16 MB',
    cluster: { real: 16, old: true },
    asked: [`${BOTH} --lsn 16`, `${BOTH} 16`],
  },
  {
    name: 'an older WAL-G, 64 MB, no variable: it fails, and the backups show why',
    cluster: { real: 64, old: true, backups: backupOf(64) },
    asked: [`${BOTH} --lsn 16`, `${BOTH} 16`, `${BOTH} 64`],
  },
  {
    name: 'an older WAL-G, 64 MB, the variable says 32',
    cluster: { real: 64, told: '32', old: true, backups: backupOf(64) },
    asked: [`${BOTH} --lsn 32`, `${BOTH} 32`, `${BOTH} 64`],
  },
])('segments of $name', async ({ cluster, asked, integrity = 'OK', failure }) => {
  const stand = walgWith(cluster);
  const { part, failures } = await walgVerify.collect({ walg: stand.walg, patroni: patroniSaying({ node: LEADER }) });
  expect(stand.asked).toEqual(asked);
  expect(part.walg_integrity?.integrity.status ?? null).toBe(integrity);
  expect(part.walg_timeline?.timeline.status).toBe('OK');
  expect(failures.map(({ message }) => message).join('; ')).toBe(failure ?? '');
});

test.each([
  [
    '64 MB, without any evidence',
    { real: 64, old: true },
    'wal-g failed with exit status 1: you may need to set WALG_PG_WAL_SIZE',
    [`${BOTH} 16`, 'timeline 16', 'integrity 16'],
  ],
  [
    'no PostgreSQL',
    { real: 64, old: true, postgres: false, backups: backupOf(64) },
    'wal-g failed with exit status 1: connection refused',
    [`${BOTH} 16`, `${BOTH} 64`, 'timeline 64', 'integrity 64'],
  ],
])('an older WAL-G, %s: it fails as it did for both', async (_, cluster, message, asked) => {
  const stand = walgWith(cluster);
  await expect(walgVerify.collect({ walg: stand.walg, patroni: silentPatroni })).rejects.toThrow(message);
  expect(stand.asked).toEqual(asked);
});

test('a call that ran out of time is not repeated, neither alone nor with another size', async () => {
  const stand = walgWith({ real: 64, backups: backupOf(64) });
  const asked: string[] = [];
  stand.walg.run = (args) => {
    asked.push(args.join(' '));
    return Promise.reject(new TimeLimitError('late'));
  };
  await expect(walgVerify.collect({ walg: stand.walg, patroni: silentPatroni })).rejects.toThrow(
    new TimeLimitError('late'),
  );
  expect(asked).toEqual(['wal-verify integrity timeline --json']);
});

/** A WAL-G that prints this for every call. */
function walgPrinting(stdout: string): Walg {
  const finished = { status: 0, signal: null, stdout, stderr: '', timedOut: false, overflowed: false };
  return { ...walgWith({ real: 16 }).walg, run: () => Promise.resolve(finished) };
}

test('an unknown status is passed on', async () => {
  const timeline = { status: 'ODD', details: { current_timeline_id: 1, highest_storage_timeline_id: 2 } };
  const reply = { integrity: { status: 'ODD', details: [] }, timeline };
  const collected = await walgVerify.collect({ walg: walgPrinting(JSON.stringify(reply)), patroni: silentPatroni });
  expect(collected).toEqual({
    part: { walg_integrity: { integrity: reply.integrity }, walg_timeline: { timeline } },
    failures: [],
  });
});

test('a check that is missing from the reply is not known', async () => {
  const integrity = { status: 'OK', details: null };
  const walg = walgPrinting(JSON.stringify({ integrity }));
  const { part, failures } = await walgVerify.collect({ walg, patroni: silentPatroni });
  expect(part).toEqual({ walg_integrity: { integrity }, walg_timeline: null });
  expect(failures).toEqual([new CollectError('wal-g wal-verify timeline --json: field "timeline" is missing')]);
});

test.each([
  ['the shape of 0.2.18', { storage_status: 'OK', integrity_scan_result: [] }, 'field "integrity" is missing'],
  ['invalid rows', { integrity: { status: 'OK', details: [1] } }, 'field "integrity.details[0]" is not an object'],
  ['a list', [], 'the reply is not an object'],
  ['null', null, 'the reply is not an object'],
])('a reply with %s', async (_, reply, message) => {
  await expect(
    walgVerify.collect({ walg: walgPrinting(JSON.stringify(reply)), patroni: silentPatroni }),
  ).rejects.toThrow(new CollectError(`wal-g wal-verify integrity timeline --json: ${message}`));
});
