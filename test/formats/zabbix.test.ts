import { expect, test } from 'vitest';
import type { Judged, Origin } from '../../src/document/cluster.ts';
import type { HealthCheck } from '../../src/document/schema.ts';
import { formatZabbix, formatZabbixSender } from '../stand-ins/formats.ts';
import { MOST_BYTES } from '../../src/formats/zabbix/budget.ts';
import { oneCluster } from '../stand-ins/clusters.ts';
import { situations, type SituationName } from './situations.ts';

const names = Object.keys(situations) as SituationName[];

const rowsOf = (text: string) => JSON.parse(text) as Record<string, Record<string, unknown>>[];
const idsOf = (text: string) => rowsOf(text).flatMap(({ cluster }) => cluster?.['id'] ?? []);

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
  expect(rowsOf(text)).toHaveLength(1);
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
  expect(idsOf(text)).toEqual([id]);
});

test.each([
  [{ host: 'db1' }, 'db1'],
  [{ file: '/srv/a b.json' }, '/srv/a%20b.json'],
])('a cluster from %j is called %s', async (origin, id) => {
  expect(idsOf(formatZabbix(await published('no-backups', origin)))).toEqual([id]);
});

test('ids are no longer than a key takes, and stay different', async () => {
  const long = (end: string) => published('no-backups', { file: `/${'x'.repeat(4000)}${end}` });
  const [a, b] = idsOf(formatZabbix([...(await long('a')), ...(await long('b'))]));
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
  expect(rows.filter((row) => 'unlisted' in row)).toEqual([
    { unlisted: 'b', error: 'the API server did not answer within 2 s' },
    { unlisted: 'a/web', error: 'not allowed' },
  ]);
  expect(rows.filter(({ cluster }) => cluster?.['name'] === 'unread')).toEqual([
    {
      cluster: {
        id: 'a/db/status-postgres-new',
        name: 'unread',
        where: 'a/db',
        context: 'a',
        namespace: 'db',
        configmap: 'status-postgres-new',
      },
      document: { problems: 'unreadable: its data.status is "null"' },
    },
  ]);
  expect(rows).toHaveLength(4);
});

test('[] where there is no cluster; nothing where no context could be listed', () => {
  const nowhere = [
    unread('refused', { context: 'a', unlisted: null }),
    unread('late', { context: 'b', unlisted: null }),
  ];
  expect([formatZabbix([]), formatZabbix(nowhere)]).toEqual(['[]\n', '']);
  expect([formatZabbixSender([]), formatZabbixSender(nowhere)]).toEqual(['- postgres-status.pushed "[]"\n', '']);
});

test('what is not ok has a line each; what a check could not see because a collector failed is no problem of its own; unknown is last', async () => {
  const { document } = await situations['patroni-not-reachable']();
  const [judged] = oneCluster(document);
  if (!judged?.document) throw new Error('it has a document');
  const checks: HealthCheck[] = [
    { name: 'collection', status: 'unknown', message: 'patroni failed:\nrefused' },
    { name: 'leader', status: 'ok', message: 'node1' },
    { name: 'lag', status: 'unknown', message: 'Patroni was not asked', collector: 'patroni' },
    { name: 'backup', status: 'critical', message: 'no backup' },
  ];
  const health = { ...judged.document.health, checks };
  const [row] = rowsOf(formatZabbix([{ ...judged, document: { ...judged.document, health } }]));
  expect(row?.['document']?.['problems']).toBe(
    'lag not judged: Patroni was not asked\nbackup critical: no backup\ncollection unknown: patroni failed: refused',
  );
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
  { size: 800, leavesOut: false },
  { size: 3000, leavesOut: true },
])('of $size clusters what is ok is left out first, and counted', async ({ size, leavesOut }) => {
  const text = formatZabbix(await fleet(size));
  expect(Buffer.byteLength(text)).toBeLessThanOrEqual(MOST_BYTES);
  const rows = rowsOf(text);
  expect(rows.filter((row) => row['document']?.['status'] === 2)).toHaveLength(size / 10);
  const counted = rows.find((row) => 'left_out' in row)?.['left_out'];
  expect(counted !== undefined).toBe(leavesOut);
  expect(idsOf(text).length + Number(counted?.['clusters'] ?? 0)).toBe(size);
});

test('the sender takes every cluster, as one quoted value', async () => {
  const clusters = await fleet(1000);
  const line = formatZabbixSender(clusters);
  const [, quoted = ''] = /^- postgres-status\.pushed "(.*)"\n$/.exec(line) ?? [];
  expect(quoted.replaceAll(/\\(.)/g, '$1')).toMatch(/^\[/);
  expect(idsOf(quoted.replaceAll(/\\(["\\])/g, '$1'))).toHaveLength(1000);
  expect(quoted).not.toMatch(/(?<!\\)(?:\\\\)*"/);
});
