import type { StatusDocument, Wal, WalRange } from '../document/schema.ts';
import { fit } from '../text/json.ts';
import { formatLsn } from '../wal/lsn.ts';
import { parseSegment, type IntegrityRow } from '../wal/rows.ts';
import type { Walg } from './client.ts';
import { parseOutput } from './output.ts';
import { verifyReply } from './replies.ts';

/** Only the newest timelines, because each call lists the whole WAL. */
const MOST_TIMELINES = 3;
const MOST_ROWS = 100_000;
/** The time limit of each call, milliseconds; they run concurrently. */
const MOST_TIME = 10_000;

/** What WAL-G reported for single timelines. */
export interface Settled {
  /** In the order of the WAL. */
  rows: IntegrityRow[];
  timelines: number[];
}

/** A timeline, and the LSN up to which WAL-G checks it. */
interface Question {
  timeline: number;
  lsn: string;
  /** Not taken from Patroni's history: then WAL that is not found proves nothing. */
  guessed: boolean;
}

/**
 * WAL-G stores one timeline switch per segment. If there are two in one segment, it loses one and looks for the WAL before them on the
 * wrong timeline (WAL-G issue 1390). If it is told a timeline and the LSN at which that ended, its answer is right (3.0.8 and newer; older
 * versions reject the flags). WAL for which there is no answer stays doubtful.
 */
export async function askAboutDoubts(walg: Walg, document: StatusDocument, wal: Wal): Promise<Settled> {
  const env = { WALG_PG_WAL_SIZE: String(wal.segment_size / (1024 * 1024)) };
  const answers = await Promise.all(
    questions(document, wal).map(async ({ timeline, lsn, guessed }, index) => {
      const rows = await ask(walg, timeline, lsn, env).catch(() => []);
      // an answer also covers the timelines before its own: these count only in the answer about the oldest timeline
      const its = rows.filter(({ timeline_id: id }) => id === timeline || (index === 0 && id < timeline));
      return { timeline, rows: its.filter(({ status }) => !guessed || status === 'FOUND') };
    }),
  );
  const known = answers.filter(({ rows }) => rows.length > 0);
  return { rows: known.flatMap(({ rows }) => rows), timelines: known.map(({ timeline }) => timeline) };
}

function questions({ failovers }: StatusDocument, wal: Wal): Question[] {
  const doubtful = wal.ranges.filter(({ fate }) => fate === 'doubtful');
  if (failovers) {
    const timelines = new Set(doubtful.map(({ belongs_to: belongs }) => belongs));
    const ended = failovers.filter(({ timeline }) => timelines.has(timeline)).slice(-MOST_TIMELINES);
    return ended.map(({ timeline, lsn }) => ({ timeline, lsn, guessed: false }));
  }
  // the WAL before two switches in one segment belongs to the timeline before the one that WAL-G looked for
  const guesses = new Map(doubtful.map((range) => [range.timeline - 1, endOf(range, wal)]));
  return [...guesses]
    .flatMap(([timeline, lsn]) => (lsn === undefined ? [] : [{ timeline, lsn, guessed: true }]))
    .toReversed()
    .slice(-MOST_TIMELINES);
}

/** An LSN in the segment after this range. */
function endOf({ end_segment: name }: WalRange, { segment_size: size }: Wal): string | undefined {
  const segment = parseSegment(name, size / 1024 / 1024);
  return segment && formatLsn(String(BigInt(segment.number + 1) * BigInt(size) + 40n));
}

async function ask(
  walg: Walg,
  timeline: number,
  lsn: string,
  env: Readonly<Record<string, string>>,
): Promise<readonly IntegrityRow[]> {
  const args = ['wal-verify', 'integrity', '--json', '--timeline', String(timeline), '--lsn', lsn];
  const { stdout } = await walg.run(args, { env, time: Math.min(MOST_TIME, walg.remaining() / 2) });
  const command = `wal-g ${args.join(' ')}`;
  const reply = fit(verifyReply, parseOutput(stdout, command, { elements: MOST_ROWS }), command);
  return reply.integrity?.details ?? [];
}
