import { writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { postgresAddress } from '../../src/walg/postgres-address.ts';
import { patroniSaying, temporaryFolder } from '../stand-ins/walg-run.ts';

const node = (role: string, name?: string) => ({ state: 'running', role, patroni: { version: '4.1.4', name } });
const member = (name: string, role: string, host: string, port?: number) => ({
  name,
  role,
  state: 'running',
  host,
  port,
});
const cluster = {
  members: [member('node1', 'leader', '10.0.0.1', 5432), member('node2', 'replica', '10.0.0.2', 5433)],
};
const samePorts = { members: cluster.members.map((each) => ({ ...each, port: 5433 })) };
const NOWHERE = [temporaryFolder()];

test.each([
  ['both are set', { PGHOST: 'db', PGPORT: '1' }],
  ['PGHOST is set', { PGHOST: 'db' }],
  ['PGPORT is set, and its socket does not exist', { PGPORT: '1' }],
  ['a service is set', { PGSERVICE: 'db' }],
])('WAL-G is left to its environment where %s', async (_, environment) => {
  expect(await postgresAddress(environment, patroniSaying({}), NOWHERE)).toEqual({});
});

test.each([
  ['its own member', node('replica', 'node2'), cluster, { PGHOST: '10.0.0.2', PGPORT: '5433' }],
  ['the leader, before Patroni 3.2', node('master'), cluster, { PGHOST: '10.0.0.1', PGPORT: '5432' }],
  ['the port that all members share', node('replica'), samePorts, { PGHOST: 'localhost', PGPORT: '5433' }],
])('PGHOST and PGPORT of %s', async (_, reply, members, address) => {
  const patroni = patroniSaying({ node: reply, cluster: members });
  expect(await postgresAddress({ PGHOST: '', PGPORT: '' }, patroni, NOWHERE)).toEqual(address);
});

test('the socket, if it exists', async () => {
  const folder = temporaryFolder();
  writeFileSync(`${folder}/.s.PGSQL.5433`, '');
  const patroni = patroniSaying({ node: node('replica', 'node2'), cluster });
  expect(await postgresAddress({}, patroni, [...NOWHERE, folder])).toEqual({ PGHOST: folder, PGPORT: '5433' });
});

test("Spilo's environment has only PGPORT: its socket", async () => {
  const folder = temporaryFolder();
  writeFileSync(`${folder}/.s.PGSQL.54329`, '');
  const address = await postgresAddress({ PGPORT: '54329' }, patroniSaying({}), [...NOWHERE, folder]);
  expect(address).toEqual({ PGHOST: folder });
});

test.each([
  ['Patroni cannot be asked', {}],
  ['/cluster cannot be asked', { node: node('primary', 'node1') }],
  ['the member is not in the cluster', { node: node('primary', 'node3'), cluster }],
  [
    'the member has no port',
    { node: node('primary', 'node1'), cluster: { members: [member('node1', 'leader', '10.0.0.1')] } },
  ],
  ['a replica does not report which of several ports is its own', { node: node('replica'), cluster }],
])('not known where %s', async (_, replies) => {
  await expect(postgresAddress({}, patroniSaying(replies), NOWHERE)).rejects.toThrow(
    'wal-g has to ask PostgreSQL, but its address is not known: Patroni does not report it, and the WAL-G environment sets neither PGHOST nor PGPORT',
  );
});

test('a host with a NUL byte, which a variable cannot contain', async () => {
  const patroni = patroniSaying({
    node: node('primary', 'node1'),
    cluster: { members: [member('node1', 'leader', 'a\0b', 5432)] },
  });
  await expect(postgresAddress({}, patroni, NOWHERE)).rejects.toThrow(
    'wal-g has to ask PostgreSQL, but its host in /cluster contains a NUL byte: set PGHOST in the WAL-G environment',
  );
});
