import { describe, expect, test } from 'vitest';
import type { Judged, JudgedDocument, Origin } from '../../src/document/cluster.ts';
import { formatReport } from '../stand-ins/formats.ts';
import { width } from '../../src/formats/report/text.ts';
import { withVerdict } from '../stand-ins/clusters.ts';
import { situations } from './situations.ts';

const { document: healthy, now } = await situations['healthy-three-members']();
const at = Date.parse(now) / 1000;

type Trouble = Partial<Pick<JudgedDocument, 'health' | 'current_timestamp' | 'cluster_status'>>;

function named(name: string, origin: Origin, trouble: Trouble = {}): Judged {
  const text = JSON.stringify({ ...withVerdict(healthy), ...trouble }).replaceAll('"node', `"${name}-`);
  return { name, origin, document: JSON.parse(text) as JudgedDocument, error: null };
}

const troubled = (status: 'critical' | 'warning', name: string, message: string, since: number): Trouble => ({
  health: { status, checks: [{ name, status, message, since: at - since }] },
});

const LONG = 'acid-a-database-with-a-really-long-name-of-the-tenant-0042';
const NO_LEADER = 'none of the 3 members holds the leader lock: normal for seconds during a switchover or failover';

/** A cluster of each kind in these places; the last two could not be read. */
function fleet(place: (index: number) => { context: string | null; namespace: string }): Judged[] {
  const origin = (index: number) => ({ ...place(index), configmap: 'status-postgres-x' });
  return [
    named('acid-crm', origin(0)),
    named('acid-erp', origin(1), troubled('warning', 'lag', 'acid-erp-2 is 1.5 MiB behind', 7200)),
    named(LONG, origin(2), troubled('critical', 'leader', NO_LEADER, 95)),
    named('東京データ', origin(3)),
    named('stopped', origin(4), {
      current_timestamp: at - 9 * 86_400,
      ...troubled('critical', 'collection', 'the document is 9 d old: the job that renews it does not run', 9 * 86_400),
    }),
    { name: 'web', origin: origin(5), document: null, error: 'its data.status is not JSON' },
  ];
}

const UNREAD =
  'the API server cannot be reached; is its address in the kubeconfig right? (The connection to the server 10.0.0.1:6443 was refused)';

const fleets = {
  'one namespace': fleet(() => ({ context: 'prod', namespace: 'databases' })),
  'several namespaces': fleet((index) => ({
    context: 'prod',
    namespace: ['crm-production', 'databases'][index % 2] ?? '',
  })),
  'several contexts': [
    ...fleet((index) => ({
      context: ['prod', 'arn:aws:eks:eu-central-1:123456789012:cluster/production'][index % 2] ?? '',
      namespace: ['crm-production', 'databases', 'staging'][index % 3] ?? '',
    })),
    { name: 'admin@staging', origin: { context: 'admin@staging', unlisted: null }, document: null, error: UNREAD },
    { name: 'secret', origin: { context: 'prod', unlisted: 'secret' }, document: null, error: 'not allowed' },
  ] satisfies Judged[],
};

const names = Object.keys(fleets) as (keyof typeof fleets)[];

const report = (name: keyof typeof fleets, columns: number, colour = false) =>
  formatReport(fleets[name], { columns, colour, now: Date.parse(now), details: undefined });

describe.each(names)('%s', (name) => {
  test.each([80, 120, 200])('the report of a fleet on %i columns', async (columns) => {
    await expect(report(name, columns)).toMatchFileSnapshot(
      `golden/fleet-of-${name.replaceAll(' ', '-')}.report.${String(columns)}.txt`,
    );
  });

  test('never wider than the terminal, and colours add nothing but colours', () => {
    for (const columns of [40, 53, 66, 79, 80, 81, 100, 120, 139, 160, 200, 300]) {
      const text = report(name, columns);
      for (const line of text.split('\n')) {
        expect(width(line), line).toBeLessThanOrEqual(columns);
        expect(line).toBe(line.trimEnd());
      }
      expect(report(name, columns, true).replace(/\u001b\[[0-9;]*m/g, '')).toBe(text);
    }
  });

  test('at 80 columns no fact is missing: verdict and since when, members, lag, backup, what is safe, and the age', () => {
    const head =
      report(name, 80)
        .split('\n')
        .find((line) => line.startsWith('  VERDICT')) ?? '';
    const facts = head
      .trim()
      .split(/ +/)
      .filter((title) => !['FROM', 'NAMESPACE'].includes(title));
    expect(facts.join(' ')).toBe('VERDICT FOR CLUSTER LEADER MEMBERS LAG BACKUP SAFE SEEN');
  });

  test.each([160, 200])('on %i columns it is one line for each cluster', (columns) => {
    const rows = report(name, columns)
      .split('\n')
      .filter((line) => /^ {2}[✗?!✓] /.test(line));
    expect(rows).toHaveLength(fleets[name].length);
    expect(rows.filter((row) => row.includes('lag: acid-erp-2'))).toHaveLength(1);
  });
});

test('a thousand clusters: worst first, one line for each that is ok', () => {
  const many = Array.from({ length: 1000 }, (_, index) =>
    named(`tenant-${String(index)}`, { context: null, namespace: 'databases', configmap: 'status-postgres-x' }),
  );
  const all = [...many, ...fleets['one namespace']];
  const lines = formatReport(all, { columns: 80, colour: false, now: Date.parse(now), details: undefined }).split('\n');
  expect(lines[0]).toBe(' CRITICAL  1006 clusters: 2 critical, 1 unknown, 1 warning, 1002 ok');
  const rows = lines.flatMap((line) => /^ {2}([✗?!✓]) /.exec(line)?.[1] ?? []);
  expect(rows.join('')).toBe(`✗✗?!${'✓'.repeat(1002)}`);
});

test('contexts that could not be read are no clusters', () => {
  expect(report('several contexts', 200).split('\n')[0]).toBe(
    ' CRITICAL  6 clusters: 2 critical, 1 unknown, 1 warning, 2 ok; 1 context and 1 namespace could not be read',
  );
});
