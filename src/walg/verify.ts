import { existsSync } from 'node:fs';
import { formatLsn } from '../document/lsn.ts';
import { CollectError, asCollectError } from '../errors.ts';
import type { Patroni } from '../patroni/client.ts';
import { leads, type NodeReply } from '../patroni/replies.ts';
import { fit } from '../system/json.ts';
import { WalgFailure, type Walg } from './client.ts';
import { parseOutput } from './output.ts';
import { verifyReply, type VerifyReply } from './replies.ts';
import { DEFAULT_SEGMENT_SIZE, segmentSize } from './segments.ts';

export type Check = 'integrity' | 'timeline';

/** Asks WAL-G for these checks. @throws CollectError where none of them could be made. */
export type Verify = (checks: readonly Check[]) => Promise<{ reply: VerifyReply; failures: readonly CollectError[] }>;

/** From where WAL-G looks back. */
interface Position {
  timeline: number;
  lsn: string;
}

/**
 * `wal-verify`, told the position that Patroni reported (WAL-G 3.0.8 and newer): so it needs no login, cannot ask another cluster by
 * mistake, and is not misled by a pg_control that lags behind a promotion. Older ones refuse the flag and ask PostgreSQL.
 */
export async function verifier(walg: Walg, patroni: Patroni): Promise<Verify> {
  let position = await reportedPosition(patroni);

  return async (checks) => {
    if (position !== undefined) {
      try {
        const reply = await withSegmentSize(walg, checks, (env) => ask(walg, checks, { position, env }));
        return checks.includes('integrity') ? await withoutGuess(walg, patroni, reply) : { reply, failures: [] };
      } catch (error) {
        if (!(error instanceof WalgFailure && error.refused(/unknown flag: --(timeline|lsn)/))) throw error;
        position = undefined;
      }
    }
    return { reply: await askPostgres(walg, patroni, checks), failures: [] };
  };
}

interface Asking {
  position?: Position | undefined;
  env?: Readonly<Record<string, string>>;
}

async function ask(walg: Walg, checks: readonly Check[], { position, env = {} }: Asking): Promise<VerifyReply> {
  const where = position === undefined ? [] : ['--timeline', String(position.timeline), '--lsn', position.lsn];
  const args = ['wal-verify', ...checks, '--json', ...where];
  const command = `wal-g ${args.join(' ')}`;
  const { stdout, stderr } = await walg.run(args, { env });
  if (stderr.includes('trying localhost:5432'))
    throw new CollectError(
      `${command} could not reach PostgreSQL where PGHOST and PGPORT say and asked whatever listens on localhost:5432: its answer is not trusted`,
    );
  const reply = fit(verifyReply, parseOutput(stdout, command), command);
  const missing = checks.find((check) => reply[check] === undefined);
  if (missing !== undefined) throw new CollectError(`${command}: field "${missing}" is not there`);
  return reply;
}

async function askPostgres(walg: Walg, patroni: Patroni, checks: readonly Check[]): Promise<VerifyReply> {
  const env = await postgresEnvironment(walg, patroni);
  return withSegmentSize(walg, checks, (size) => ask(walg, checks, { env: { ...env, ...size } }), 'on failure');
}

/** The size (MB) that WAL-G was told; undefined where nobody told it. */
function configuredSize(walg: Walg): number | undefined {
  const size = Number(walg.environment['WALG_PG_WAL_SIZE']);
  return Number.isInteger(size) && size > 0 ? size : undefined;
}

async function knownSize(walg: Walg): Promise<number | undefined> {
  const listing = await walg.backups().catch(() => undefined);
  return listing === undefined ? undefined : segmentSize(listing.backups);
}

/**
 * Asks at once with the segment size that WAL-G was told, 16 MB if none, and again where the backups, which are listed meanwhile,
 * show another one. A WAL-G that asks PostgreSQL compares for itself, and fails: there it is enough to look then.
 */
async function withSegmentSize(
  walg: Walg,
  checks: readonly Check[],
  verify: (env: Record<string, string>) => Promise<VerifyReply>,
  look: 'always' | 'on failure' = 'always',
): Promise<VerifyReply> {
  const first = await Promise.allSettled([verify({})]).then(([outcome]) => outcome);
  const refused = first.status === 'rejected' && first.reason instanceof WalgFailure && first.reason.refused(/unknown/);
  if (!refused && (first.status === 'rejected' || (look === 'always' && checks.includes('integrity')))) {
    const size = await knownSize(walg);
    if (size !== undefined && size !== (configuredSize(walg) ?? DEFAULT_SEGMENT_SIZE))
      return verify({ WALG_PG_WAL_SIZE: String(size) });
  }
  if (first.status === 'rejected') throw first.reason;
  return first.value;
}

/**
 * Where neither a backup nor WALG_PG_WAL_SIZE tells the segment size, the integrity check looked for names that are a guess, which
 * may all be missing: PostgreSQL must be asked, or it is not known.
 */
async function withoutGuess(walg: Walg, patroni: Patroni, reply: VerifyReply) {
  if (configuredSize(walg) !== undefined || (await knownSize(walg)) !== undefined) return { reply, failures: [] };
  const { integrity: _guess, ...certain } = reply;
  try {
    return { reply: { ...certain, ...(await askPostgres(walg, patroni, ['integrity'])) }, failures: [] };
  } catch (error) {
    const failure = new CollectError(
      `the size of the WAL segments is not known (no backup tells it): set WALG_PG_WAL_SIZE, in MB; and ${asCollectError(error).message}`,
    );
    if (Object.keys(certain).length === 0) throw failure;
    return { reply: certain, failures: [failure] };
  }
}

async function reportedPosition(patroni: Patroni): Promise<Position | undefined> {
  const node = await patroni.node().catch(() => undefined);
  const location = node?.xlog?.location ?? furthest(node?.xlog?.received_location, node?.xlog?.replayed_location);
  if (node?.timeline == null || location == null) return undefined;
  return { timeline: node.timeline, lsn: formatLsn(location) };
}

type Location = number | string | null | undefined;

/** Of what a standby received and replayed; from the archive it replays what it never received. */
function furthest(received: Location, replayed: Location): Location {
  if (received == null || replayed == null) return received ?? replayed;
  return BigInt(received) > BigInt(replayed) ? received : replayed;
}

const SOCKET_FOLDERS = ['/var/run/postgresql', '/run/postgresql', '/tmp'];

/**
 * Without PGHOST and PGPORT, WAL-G takes whatever listens on localhost:5432, on a host with two clusters the other one
 * (recorded, reference: walg.md, 2.5): it is told where Patroni's own member listens.
 */
async function postgresEnvironment(walg: Walg, patroni: Patroni): Promise<Record<string, string>> {
  if (['PGHOST', 'PGPORT', 'PGSERVICE'].some((name) => walg.environment[name])) return {};
  const member = await ownMember(patroni);
  if (member?.port === undefined)
    throw new CollectError(
      'wal-g must ask PostgreSQL, and where that listens is not known: Patroni does not say, and the WAL-G environment sets neither PGHOST nor PGPORT',
    );
  const { host, port } = member;
  const socket = SOCKET_FOLDERS.find((folder) => existsSync(`${folder}/.s.PGSQL.${port}`));
  return { PGHOST: socket ?? host ?? 'localhost', PGPORT: String(port) };
}

/** The member that was asked; before Patroni 3.2, which does not say its name, the leader, or the port that all members share. */
async function ownMember(
  patroni: Patroni,
): Promise<{ host?: string | undefined; port?: number | undefined } | undefined> {
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
