import { existsSync } from 'node:fs';
import type { Member } from '../document/schema.ts';
import { isLeader, leads } from '../document/members.ts';
import { CollectError } from '../errors.ts';
import type { Patroni } from '../patroni/client.ts';
import type { Answered } from '../patroni/members.ts';
import { memberOf } from '../patroni/view.ts';

/** The socket directories of PostgreSQL's packages (PGDG for Debian and Red Hat, Spilo), and upstream's default. */
const SOCKET_FOLDERS = ['/var/run/postgresql', '/run/postgresql', '/tmp'];

type Environment = Readonly<Record<string, string>>;

/**
 * PGHOST and PGPORT for a WAL-G that has to ask PostgreSQL. Without them it asks whatever listens on localhost:5432, which may be another
 * cluster on the same host (recorded: test/fixtures/walg, wrong-port-other-cluster), so it gets the address of Patroni's own member.
 * Spilo's environment has only PGPORT, and its pg_hba.conf trusts the socket but requires a password over TCP.
 */
export async function postgresAddress(
  environment: Environment,
  patroni: Patroni,
  socketFolders: readonly string[] = SOCKET_FOLDERS,
): Promise<Record<string, string>> {
  if (['PGHOST', 'PGSERVICE'].some((name) => environment[name])) return {};
  const socketOf = (port: string) => socketFolders.find((folder) => existsSync(`${folder}/.s.PGSQL.${port}`));
  const given = environment['PGPORT'];
  if (given) {
    const folder = socketOf(given);
    return folder === undefined ? {} : { PGHOST: folder };
  }
  const { host, port } = (await ownMember(patroni)) ?? {};
  if (port === undefined)
    throw new CollectError(
      'wal-g has to ask PostgreSQL, but its address is not known: Patroni does not report it, and the WAL-G environment sets neither PGHOST nor PGPORT',
    );
  const folder = socketOf(String(port));
  // a variable cannot contain NUL: the program could not be started
  if (folder === undefined && host?.includes('\0'))
    throw new CollectError(
      'wal-g has to ask PostgreSQL, but its host in /cluster contains a NUL byte: set PGHOST in the WAL-G environment',
    );
  return { PGHOST: folder ?? host ?? 'localhost', PGPORT: String(port) };
}

/** The member of the first URL; before Patroni 3.2, which reports no name, the leader, or localhost if all members have the same port. */
async function ownMember(patroni: Patroni): Promise<Pick<Member, 'host' | 'port'> | undefined> {
  const [first] = await patroni.members();
  const asked: Answered | undefined = first?.reply === undefined ? await patroni.node().catch(() => undefined) : first;
  const cluster = await patroni.cluster().catch(() => undefined);
  if (asked === undefined || cluster === undefined) return undefined;
  const own = memberOf(asked.url, asked.reply, cluster);
  if (own !== undefined || asked.reply.patroni.name != null) return own;
  if (leads(asked.reply.role)) return cluster.members.find(isLeader);
  const ports = new Set(cluster.members.map((member) => member.port));
  return ports.size === 1 ? { host: 'localhost', port: [...ports][0] } : undefined;
}
