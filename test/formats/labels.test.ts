import { expect, test } from 'vitest';
import type { StatusDocument } from '../../src/document/schema.ts';
import { asLabelValue, labelsOf } from '../../src/formats/labels.ts';
import { cluster, documentWith, leading, node, replica } from '../stand-ins/builders.ts';
import { oneCluster } from '../stand-ins/clusters.ts';

function labels(change: Partial<StatusDocument> = {}) {
  const document = documentWith({ health: { status: 'warning', checks: [] }, ...change });
  return labelsOf(oneCluster(document));
}

test('verdict, leader and time of the document', () => {
  expect(labels()).toEqual({
    'app.kubernetes.io/name': 'postgres-status',
    'postgres-status/health': 'warning',
    'postgres-status/leader': leading.name,
    'postgres-status/updated': String(documentWith().current_timestamp),
  });
});

test.each<[string, Partial<StatusDocument>, string | null]>([
  ['two holders of the lock', cluster({ ...leading, name: 'a' }, { ...leading, name: 'b' }), 'a_b'],
  [
    'no leader: the former label is removed',
    { ...cluster(replica('pg-b')), node: node({ name: 'pg-b', role: 'replica' }) },
    null,
  ],
  [
    'no holder of the lock, but the node that was asked is leader',
    { ...cluster(replica('pg-b')), node: node({ name: 'pg-a' }) },
    'pg-a',
  ],
  ['the same before Patroni 3.2, without its name', { ...cluster(replica('pg-b')), node: node({ name: null }) }, null],
  ['a name that is not valid as a label', cluster({ ...leading, name: 'größe / ß' }), 'gr__e'],
])('the leader: %s', (_, change, leader) => {
  expect(labels(change)['postgres-status/leader']).toBe(leader);
});

test('a cluster without a document: no labels', () => {
  expect(labelsOf([{ name: 'a', origin: { host: 'db1' }, document: null, error: 'it is empty' }])).toEqual({});
});

test('no label by which Patroni, Spilo or an operator selects its objects, because patronictl remove would delete the ConfigMap', () => {
  const theirs =
    /^(cluster-name|application|app|version|role|spilo-role|team|component|citus-group|postgres-operator\..*|cnpg\.io\/.*)$/;
  expect(Object.keys(labels()).filter((name) => theirs.test(name))).toEqual([]);
  expect(Object.keys(labels()).filter((name) => !name.startsWith('postgres-status/'))).toEqual([
    'app.kubernetes.io/name',
  ]);
});

test.each([
  ['pg-a.example_1', 'pg-a.example_1'],
  ['', ''],
  ['---', ''],
  ['-a-', 'a'],
  ['größe', 'gr__e'],
  ['a\nb', 'a_b'],
  ['😀😀', ''],
  ['x'.repeat(64), 'x'.repeat(63)],
  [`${'x'.repeat(62)}-y`, 'x'.repeat(62)],
  [`..${'x'.repeat(70)}`, 'x'.repeat(63)],
])('a value that Kubernetes accepts: %j', (name, value) => {
  expect(asLabelValue(name)).toBe(value);
  expect(value).toMatch(/^(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?$/);
});
