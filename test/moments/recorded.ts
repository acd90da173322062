import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { momentOf, type SavedDocument } from './from-document.ts';
import {
  type Body,
  type ClusterBody,
  failed,
  type Moment,
  type NodeBody,
  type Replies,
  said,
  type Said,
} from './moment.ts';
import { WALG_309, type WalgSays } from './moment.ts';

export const RECORDINGS = join(import.meta.dirname, '../fixtures/real');

/** A recorded moment; if only its document was kept, the replies are reconstructed from it. */
export function recorded(name: string): Moment {
  const folder = join(RECORDINGS, name);
  const kept = JSON.parse(read(folder, 'document.json') || 'null') as SavedDocument | null;
  if (kept !== null && !existsSync(join(folder, 'backup-list'))) return momentOf(kept);
  const members: Record<string, Replies> = {};
  for (const number of [1, 2, 3]) {
    const replies = repliesOf(folder, number);
    const { name: member } = (replies?.patroni?.['patroni'] ?? {}) as { name?: string };
    if (replies !== undefined && member !== undefined) members[member] = replies;
  }
  const seen = Object.values(members).map(({ patroni }) => (patroni?.dcs_last_seen ?? 0) * 1000);
  return {
    // the members were asked one after the other: the clock must not be before the last reply
    at: Math.max(Date.parse(read(folder, 'time').trim()), ...seen),
    asked: [read(folder, 'asked').trim()],
    members,
    walg: {
      version: WALG_309,
      backups: printed(folder, 'backup-list'),
      // the recorder called wal-verify without a position, unlike the command
      verify: kept === null ? printed(folder, 'wal-verify') : momentOf(kept).walg.verify,
      show: printed(folder, 'wal-show'),
      arrivals: arrivalsUntil(name),
    },
  };
}

function repliesOf(folder: string, number: number): Replies | undefined {
  const parsed = (endpoint: string): unknown => {
    const body = read(folder, `${endpoint}.${number}`);
    return body.trim() === '' ? undefined : JSON.parse(body);
  };
  const patroni = parsed('patroni') as NodeBody | undefined;
  if (patroni === undefined) return undefined;
  const cluster = parsed('cluster') as ClusterBody | undefined;
  const config = parsed('config') as Body | undefined;
  const history = parsed('history') as unknown[] | undefined;
  return {
    patroni,
    ...(cluster !== undefined && { cluster }),
    ...(config !== undefined && { config }),
    ...(history !== undefined && { history }),
  };
}

function printed(folder: string, name: string): Said {
  const [stdout, stderr] = [read(folder, name), read(folder, `${name}.err`)];
  return stdout.trim() === '' ? failed(stderr) : said(stdout, stderr);
}

/** Not recorded, but known from a restore: the last commit before the gap of moment 10 was at 19:40:20.6. */
const KNOWN_FROM_RESTORES = { '00000004000000000000001D': '2026-11-25 19:40:21' };

/** Arrivals from the leader's `pg_stat_archiver` (second line of the SQL output, `count | segment | time | ...`) of this and earlier moments. */
function arrivalsUntil(name: string): WalgSays['arrivals'] {
  const known: Record<string, string> = { ...KNOWN_FROM_RESTORES };
  for (const moment of readdirSync(RECORDINGS).sort()) {
    if (moment > name) break;
    for (const number of [1, 2, 3]) {
      const [, segment = '', time = ''] =
        read(join(RECORDINGS, moment), `sql.${number}`).split('\n')[1]?.split(' | ') ?? [];
      if (/^[0-9A-F]{24}$/.test(segment)) known[segment] = time.slice(0, '2026-11-25 20:32:29'.length);
    }
  }
  return known;
}

function read(folder: string, name: string): string {
  const file = join(folder, name);
  return existsSync(file) ? readFileSync(file, 'utf8') : '';
}
