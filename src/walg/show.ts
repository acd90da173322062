import { isAtLeast } from '../document/members.ts';
import { fit } from '../text/json.ts';
import { configuredSize } from '../wal/segment-size.ts';
import type { ShownTimeline } from '../wal/shown.ts';
import type { Walg } from './client.ts';
import { parseOutput } from './output.ts';
import { shownTimelines } from './show-reply.ts';

/** The time limit, milliseconds: it lists the whole folder, 1,000 objects in each request to S3. */
const MOST_TIME = 15_000;
/** There is one element of 27 bytes for each missing segment; this is enough for 1.6 TiB of missing WAL. */
const MOST_ELEMENTS = 100_000;

/**
 * The WAL in the primary storage, by file name; needs neither PostgreSQL nor Patroni (`wal-show`, 0.2.18 and newer).
 * @param size of a segment in MB, if the backups show it; missing segments are counted with it.
 * @returns undefined if WAL-G cannot list it, which does not count as a failure.
 */
export async function showWal(walg: Walg, size: number | undefined): Promise<ShownTimeline[] | undefined> {
  try {
    const version = await walg.version();
    if (version !== undefined && !isAtLeast(version.text, 0, 2, 18)) return undefined;
    const args = ['wal-show', '--detailed-json', '--without-backups'];
    const told = size ?? configuredSize(walg.environment);
    const env = told === undefined ? {} : { WALG_PG_WAL_SIZE: String(told) };
    const { stdout } = await walg.run(args, { env, time: Math.min(MOST_TIME, walg.remaining() / 2) });
    const command = `wal-g ${args.join(' ')}`;
    return fit(shownTimelines, parseOutput(stdout, command, { elements: MOST_ELEMENTS }), command) ?? [];
  } catch {
    return undefined;
  }
}
