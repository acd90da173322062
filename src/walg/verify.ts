import { asCollectError, CollectError } from '../errors.ts';
import type { Patroni } from '../patroni/client.ts';
import { fit } from '../text/json.ts';
import type { Walg } from './client.ts';
import { parseOutput } from './output.ts';
import { WalgFailure } from './program.ts';
import { leaderPosition, leftBehind, type Position } from './position.ts';
import { verifyReply, type VerifyReply } from './replies.ts';
import { configuredSize, DEFAULT_SEGMENT_SIZE, provesSize, segmentSize } from '../wal/segment-size.ts';

export type Check = 'integrity' | 'timeline';

/** What WAL-G answered, and why something that was asked for is missing from it. */
export interface Verified {
  reply: VerifyReply;
  failures: readonly CollectError[];
}

/** Asks WAL-G for these checks. @throws CollectError where none of them could be made. */
export type Verify = (checks: readonly Check[]) => Promise<Verified>;

/**
 * `wal-verify`, told the position that Patroni reported (WAL-G 3.0.8 and newer): so it needs no login, cannot ask another cluster by
 * mistake, and is not misled by a pg_control that lags behind a promotion. Older ones refuse the flag and ask PostgreSQL.
 * What one call has learnt, the next one uses.
 */
export async function verifier(walg: Walg, patroni: Patroni): Promise<Verify> {
  walg.program();
  let position = await leaderPosition(patroni);
  let size = configuredSize(walg.environment);

  return async (checks) => {
    if (position !== undefined) {
      try {
        return await fromPosition(checks, position);
      } catch (error) {
        if (!(error instanceof WalgFailure && error.refused(/unknown flag: --(timeline|lsn)/))) throw error;
        const behind = await leftBehind(patroni);
        if (behind !== undefined)
          throw new CollectError(
            `this wal-g takes no position and must ask PostgreSQL, but that of ${behind} does not stream from the leader: WAL-G 3.0.8 or newer is needed`,
          );
        position = undefined;
      }
    }
    return { reply: await fromPostgres(checks), failures: [] };
  };

  /**
   * From a position WAL-G computes the names of the segments with the size that it was told, 16 MB if none: with a wrong one it misses
   * them all. The backups, which are listed meanwhile, show the right one; where they do not, a guess is not believed.
   */
  async function fromPosition(checks: readonly Check[], position: Position): Promise<Verified> {
    const { integrity, ...reply } = await ask(walg, checks, { size, position });
    if (integrity === undefined) return { reply, failures: [] };
    const used = size ?? DEFAULT_SEGMENT_SIZE;
    size = (await sizeInBackups(walg)) ?? size ?? (provesSize(integrity.details ?? [], used) ? used : undefined);
    if (size === used) return { reply: { ...reply, integrity }, failures: [] };
    try {
      const again = await (size === undefined
        ? fromPostgres(['integrity'])
        : ask(walg, ['integrity'], { size, position }));
      return { reply: { ...reply, ...again }, failures: [] };
    } catch (error) {
      const failures = [...(size === undefined ? [unknownSize()] : []), asCollectError(error)];
      return { reply, failures };
    }
  }

  /** PostgreSQL tells WAL-G the position and the size of the segments; where it was told another size, it fails. */
  async function fromPostgres(checks: readonly Check[]): Promise<VerifyReply> {
    const { postgresAddress } = await import('./postgres-address.ts');
    const address = await postgresAddress(walg.environment, patroni);
    try {
      return await ask(walg, checks, { size, address });
    } catch (error) {
      const seen = error instanceof WalgFailure ? await sizeInBackups(walg) : undefined;
      if (seen === undefined || seen === (size ?? DEFAULT_SEGMENT_SIZE)) throw error;
      size = seen;
      return ask(walg, checks, { size, address });
    }
  }
}

/** A row for each change between found and missing: an archiver that flaps for half a year has so many. */
const MOST_ROWS = 100_000;

interface Asking {
  size: number | undefined;
  position?: Position;
  /** PGHOST and PGPORT. */
  address?: Readonly<Record<string, string>>;
}

async function ask(walg: Walg, checks: readonly Check[], { size, position, address }: Asking): Promise<VerifyReply> {
  const from = position === undefined ? [] : ['--timeline', String(position.timeline), '--lsn', position.lsn];
  const args = ['wal-verify', ...checks, '--json', ...from];
  const command = `wal-g ${args.join(' ')}`;
  const env = { ...address, ...(size !== undefined && { WALG_PG_WAL_SIZE: String(size) }) };
  const { stdout, stderr } = await walg.run(args, { env });
  if (stderr.includes('trying localhost:5432'))
    throw new CollectError(
      `${command} could not reach PostgreSQL where PGHOST and PGPORT say and asked whatever listens on localhost:5432: its answer is not trusted`,
    );
  const reply = fit(verifyReply, parseOutput(stdout, command, { elements: MOST_ROWS }), command);
  const missing = checks.find((check) => reply[check] === undefined);
  if (missing !== undefined) throw new CollectError(`${command}: field "${missing}" is not there`);
  return reply;
}

async function sizeInBackups(walg: Walg): Promise<number | undefined> {
  const listing = await walg.backups().catch(() => undefined);
  return segmentSize(listing?.backups ?? []);
}

function unknownSize(): CollectError {
  return new CollectError(
    'the size of the WAL segments is not known, for no backup tells it: set WALG_PG_WAL_SIZE, in MB',
  );
}
