import { expect, test } from 'vitest';
import type { Judged, Origin } from '../../src/document/cluster.ts';
import { formatZabbix } from '../../src/formats/zabbix.ts';
import { formatZabbixSender } from '../../src/formats/zabbix-sender.ts';
import { MOST_BYTES } from '../../src/formats/zabbix/budget.ts';
import { oneCluster } from '../stand-ins/clusters.ts';
import { situations, type SituationName } from './situations.ts';

const names = Object.keys(situations) as SituationName[];

const rowsOf = (text: string) => JSON.parse(text) as Record<string, Record<string, unknown>>[];
const idsOf = (text: string, kind: string) => rowsOf(text).flatMap((row) => row[kind]?.['id'] ?? []);

async function published(situation: SituationName, origin: Origin): Promise<Judged[]> {
  const { document } = await situations[situation]();
  return oneCluster(document).map((cluster) => ({ ...cluster, origin }));
}

const unread = (error: string, origin: Origin): Judged => ({ name: 'unread', origin, document: null, error });

test.each(names)('one line of JSON without null or control characters: %s', async (name) => {
  const { document } = await situations[name]();
  const text = formatZabbix(oneCluster(document));
  expect(text).toMatch(/^\[[^\n\p{Cc}]*\]\n$/u);
  expect(text).not.toContain('null');
  expect(rowsOf(text)).toHaveLength(1 + document.cluster_status.members.length);
});

test.each([
  { context: 'kubernetes-admin@kubernetes', id: 'kubernetes-admin@kubernetes/db/status-postgres-crm' },
  {
    context: 'arn:aws:eks:eu-west-1:1234:cluster/prod',
    id: 'arn:aws:eks:eu-west-1:1234:cluster%2Fprod/db/status-postgres-crm',
  },
  { context: 'my cluster', id: 'my%20cluster/db/status-postgres-crm' },
  { context: 'a",]\'$x{#Y}%\n東', id: 'a%22%2C%5D%27%24x%7B%23Y%7D%25%0A%E6%9D%B1/db/status-postgres-crm' },
  { context: '\ud800', id: '%EF%BF%BD/db/status-postgres-crm' },
  { context: null, id: 'db/status-postgres-crm' },
])('a cluster in the context $context has an id that is safe in keys and paths', async ({ context, id }) => {
  const text = formatZabbix(
    await published('no-backups', { context, namespace: 'db', configmap: 'status-postgres-crm' }),
  );
  expect(idsOf(text, 'cluster')).toEqual([id]);
  expect(idsOf(text, 'member')).toEqual([`${id}/node1`, `${id}/node2`]);
});

test.each([
  [{ host: 'db1' }, 'db1'],
  [{ file: '/srv/a b.json' }, '/srv/a%20b.json'],
])('a cluster from %j is called %s', async (origin, id) => {
  expect(idsOf(formatZabbix(await published('no-backups', origin)), 'cluster')).toEqual([id]);
});

test('ids are no longer than a key takes, and stay different', async () => {
  const long = (end: string) => published('no-backups', { file: `/${'x'.repeat(4000)}${end}` });
  const [a, b] = idsOf(formatZabbix([...(await long('a')), ...(await long('b'))]), 'cluster');
  expect([a, b]).toEqual([expect.stringMatching(/^.{512}$/), expect.stringMatching(/^.{512}$/)]);
  expect(a).not.toBe(b);
});

test('a document that cannot be read, and a context that cannot be listed, each have a row', async () => {
  const clusters = [
    ...(await published('no-backups', { context: 'a', namespace: 'db', configmap: 'status-postgres-crm' })),
    unread('its data.status is "null"', { context: 'a', namespace: 'db', configmap: 'status-postgres-new' }),
    unread('the API server did not answer within 2 s', { context: 'b', unlisted: null }),
    unread('not allowed', { context: 'a', unlisted: 'web' }),
  ];
  const rows = rowsOf(formatZabbix(clusters));
  expect(rows.filter((row) => 'error' in row)).toEqual([
    { unlisted: 'b', error: 'the API server did not answer within 2 s' },
    { unlisted: 'a/web', error: 'not allowed' },
    {
      cluster: {
        id: 'a/db/status-postgres-new',
        name: 'unread',
        where: 'a/db',
        context: 'a',
        namespace: 'db',
        configmap: 'status-postgres-new',
      },
      error: 'its data.status is "null"',
    },
  ]);
  expect(rows).toHaveLength(6);
});

test('[] where there is no cluster; nothing where no context could be listed', () => {
  const nowhere = [
    unread('refused', { context: 'a', unlisted: null }),
    unread('late', { context: 'b', unlisted: null }),
  ];
  expect([formatZabbix([]), formatZabbix(nowhere)]).toEqual(['[]\n', '']);
  expect([formatZabbixSender([]), formatZabbixSender(nowhere)]).toEqual(['- postgres-status.pushed "[]"\n', '']);
});

test('what a check could not see because a collector failed is not a problem of its own', async () => {
  const { document } = await situations['patroni-not-reachable']();
  const [judged] = oneCluster(document);
  if (!judged?.document) throw new Error('it has a document');
  const blind = { name: 'lag', status: 'unknown', message: 'Patroni was not asked', collector: 'patroni' } as const;
  const health = { ...judged.document.health, checks: [...judged.document.health.checks, blind] };
  const [row] = rowsOf(formatZabbix([{ ...judged, document: { ...judged.document, health } }]));
  expect(row?.['document']?.['checks']).toMatchObject({ lag: 'not judged: Patroni was not asked' });
});

/** So many clusters, of which every tenth is critical. */
async function fleet(size: number): Promise<Judged[]> {
  const bad = await published('no-backups', { host: '' });
  const good = await published('healthy-three-members', { host: '' });
  return Array.from({ length: size }, (_, index) => (index % 10 === 0 ? bad : good)).flatMap((clusters, index) =>
    clusters.map((cluster) => ({
      ...cluster,
      origin: { context: 'prod', namespace: 'databases', configmap: `status-postgres-${String(index)}` },
    })),
  );
}

test.each([
  { size: 300, leftOut: undefined },
  { size: 1000, leftOut: { clusters: 0, members: expect.any(Number) as number } },
  { size: 3000, leftOut: { clusters: expect.any(Number) as number, members: expect.any(Number) as number } },
])('of $size clusters what is ok is left out first, and counted', async ({ size, leftOut }) => {
  const text = formatZabbix(await fleet(size));
  expect(Buffer.byteLength(text)).toBeLessThanOrEqual(MOST_BYTES);
  const rows = rowsOf(text);
  const shown = idsOf(text, 'cluster').length;
  expect(rows.filter((row) => row['document']?.['status'] === 2)).toHaveLength(size / 10);
  expect(rows.find((row) => 'left_out' in row)?.['left_out']).toEqual(leftOut);
  const counted = rows.find((row) => 'left_out' in row)?.['left_out'] ?? { clusters: 0, members: 0 };
  expect(shown + Number(counted['clusters'])).toBe(size);
  const members = new Set(rows.flatMap((row) => String(row['member']?.['id']).replace(/\/[^/]*$/, '')));
  members.delete('undefined');
  expect(members.size + Number(counted['members'])).toBe(shown);
});

test('the sender takes every cluster, as one quoted value', async () => {
  const clusters = await fleet(1000);
  const line = formatZabbixSender(clusters);
  const [, quoted = ''] = /^- postgres-status\.pushed "(.*)"\n$/.exec(line) ?? [];
  expect(quoted.replaceAll(/\\(.)/g, '$1')).toMatch(/^\[/);
  expect(idsOf(quoted.replaceAll(/\\(["\\])/g, '$1'), 'cluster')).toHaveLength(1000);
  expect(quoted).not.toMatch(/(?<!\\)(?:\\\\)*"/);
});
