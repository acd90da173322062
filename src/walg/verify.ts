import { asCollectError, CollectError } from '../errors.ts';
import type { Patroni } from '../patroni/client.ts';
import { fit } from '../text/json.ts';
import type { Walg } from './client.ts';
import { parseOutput } from './output.ts';
import { WalgFailure } from './program.ts';
import { leaderPosition, leftBehind, type Position } from './position.ts';
import { verifyReply, type VerifyReply } from './replies.ts';
import { formatLsn, parseLsn } from '../wal/lsn.ts';
import { configuredSize, DEFAULT_SEGMENT_SIZE, provesSize, segmentSize } from '../wal/segment-size.ts';

export type Check = 'integrity' | 'timeline';

/** WAL-G's answer, and why a requested check is missing from it. */
export interface Verified {
  reply: VerifyReply;
  failures: readonly CollectError[];
}

/** Runs these checks of WAL-G. @throws CollectError if all of them failed. */
export type Verify = (checks: readonly Check[]) => Promise<Verified>;

/**
 * `wal-verify` with the timeline and LSN that Patroni reported (WAL-G 3.0.8 and newer): it then needs no login, cannot ask another cluster
 * by mistake, and is not misled by a pg_control that is older than a promotion. Older versions reject the flags and ask PostgreSQL. What
 * one call finds out about the version and the segment size is used by the next.
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
            `this wal-g has to ask PostgreSQL for the LSN, but the PostgreSQL of ${behind} does not stream from the leader: install WAL-G 3.0.8 or newer, which takes the LSN from Patroni`,
          );
        position = undefined;
      }
    }
    return { reply: await fromPostgres(checks), failures: [] };
  };

  /**
   * From an LSN WAL-G computes segment names with the configured segment size, 16 MB by default: with a wrong size it finds no segment. The
   * backups, which are listed concurrently, show the right size. If they do not, the result counts only if found segments prove the size.
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

  /** PostgreSQL tells WAL-G the LSN and the segment size; WAL-G fails if another size is configured. */
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

/** There is a row for each change between found and missing; this is enough for half a year with an archiver that fails now and then. */
const MOST_ROWS = 100_000;

interface Asking {
  size: number | undefined;
  position?: Position;
  /** PGHOST and PGPORT. */
  address?: Readonly<Record<string, string>>;
}

async function ask(walg: Walg, checks: readonly Check[], { size, position, address }: Asking): Promise<VerifyReply> {
  const from =
    position === undefined ? [] : ['--timeline', String(position.timeline), '--lsn', inSegment(position.lsn)];
  const args = ['wal-verify', ...checks, '--json', ...from];
  const command = `wal-g ${args.join(' ')}`;
  const env = { ...address, ...(size !== undefined && { WALG_PG_WAL_SIZE: String(size) }) };
  const { stdout, stderr } = await walg.run(args, { env });
  if (stderr.includes('trying localhost:5432'))
    throw new CollectError(
      `${command} could not reach PostgreSQL at PGHOST and PGPORT and asked the PostgreSQL on localhost:5432 instead: the answer is ignored, because it may be of another cluster`,
    );
  const reply = fit(verifyReply, parseOutput(stdout, command, { elements: MOST_ROWS }), command);
  const missing = checks.find((check) => reply[check] === undefined);
  if (missing !== undefined) throw new CollectError(`${command}: field "${missing}" is missing`);
  return reply;
}

const SMALLEST_SEGMENT = 1024n * 1024n;

/**
 * WAL-G takes the segment of the byte before this LSN as the current one and does not check it. At a segment border, where an idle leader
 * stays after each archive_timeout, that segment is complete, so WAL-G is given the next byte.
 */
function inSegment(lsn: string): string {
  const position = parseLsn(lsn);
  if (position === undefined || position % SMALLEST_SEGMENT !== 0n) return lsn;
  return formatLsn(String(position + 1n));
}

async function sizeInBackups(walg: Walg): Promise<number | undefined> {
  const listing = await walg.backups().catch(() => undefined);
  return segmentSize(listing?.backups ?? []);
}

function unknownSize(): CollectError {
  return new CollectError(
    'the size of the WAL segments is not known, because no backup shows it: set WALG_PG_WAL_SIZE, in MB',
  );
}
