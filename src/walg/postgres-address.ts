import { existsSync } from 'node:fs';
import type { Member } from '../document/schema.ts';
import { CollectError } from '../errors.ts';
import type { Patroni } from '../patroni/client.ts';
import { leads } from '../document/members.ts';
import type { NodeReply } from '../patroni/replies.ts';

const SOCKET_FOLDERS = ['/var/run/postgresql', '/run/postgresql', '/tmp'];

/**
 * PGHOST and PGPORT for a WAL-G that must ask PostgreSQL. Without them it takes whatever listens on localhost:5432, on a host with two
 * clusters the other one (recorded, reference: walg.md, 2.5): it is told where Patroni's own member listens.
 */
export async function postgresAddress(
  environment: Readonly<Record<string, string>>,
  patroni: Patroni,
  socketFolders: readonly string[] = SOCKET_FOLDERS,
): Promise<Record<string, string>> {
  if (['PGHOST', 'PGPORT', 'PGSERVICE'].some((name) => environment[name])) return {};
  const { host, port } = (await ownMember(patroni)) ?? {};
  if (port === undefined)
    throw new CollectError(
      'wal-g must ask PostgreSQL, and where that listens is not known: Patroni does not say, and the WAL-G environment sets neither PGHOST nor PGPORT',
    );
  const socketFolder = socketFolders.find((folder) => existsSync(`${folder}/.s.PGSQL.${port}`));
  return { PGHOST: socketFolder ?? host ?? 'localhost', PGPORT: String(port) };
}

/** The member that was asked; before Patroni 3.2, which does not say its name, the leader, or the port that all members share. */
async function ownMember(patroni: Patroni): Promise<Pick<Member, 'host' | 'port'> | undefined> {
  const [node, cluster] = await Promise.all([patroni.node(), patroni.cluster()]).catch(
    (): [NodeReply?, undefined?] => [],
  );
  if (node === undefined || cluster === undefined) return undefined;
  const { name } = node.patroni;
  if (name != null) return cluster.members.find((member) => member.name === name);
  if (leads(node.role))
    return cluster.members.find((member) => member.role === 'leader' || member.role === 'standby_leader');
  const ports = new Set(cluster.members.map((member) => member.port));
  return ports.size === 1 ? { host: 'localhost', port: [...ports][0] } : undefined;
}
