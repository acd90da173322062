import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { collectorNames, type CollectorName } from '../../src/collectors/index.ts';
import type { StatusDocument } from '../../src/document/schema.ts';
import { collectFrom } from '../stand-ins/collect.ts';
import { archiving, httpReply, startPatroni, type Reply } from '../stand-ins/patroni.ts';

const FIXTURES = join(import.meta.dirname, '../fixtures');

export type PatroniVersion = 'v2.0.2' | 'v2.1.7' | 'v3.0.4' | 'v4.0.10' | 'v4.1.4';
export type Endpoint = 'patroni' | 'config' | 'cluster' | 'history';

/** Replies that differ from the recording; a function gets the recorded body. */
type Changes = Partial<Record<Endpoint, Reply | ((body: never) => unknown)>>;

/** Recorded replies of Patroni and WAL-G. */
export interface Recording {
  /** `<version>/<scenario>.<node>`; undefined = connection refused. */
  patroni: string | undefined;
  /** `<version>/<situation>`; undefined = there is no wal-g. */
  walg: string | undefined;
  changes?: Changes;
  collect?: readonly CollectorName[];
  /** The time of collecting, epoch milliseconds. Times in Patroni's replies are moved to it. */
  at: number;
  /** The recordings of Patroni and WAL-G are of different clusters: Patroni gets the system identifier of these backups. */
  system?: string;
}

const SYSTEM_OF_THE_BACKUPS = '7710506725831936494';

/** The document that the real collectors make from a recording. */
export async function collectRecorded(recording: Recording): Promise<StatusDocument> {
  const { patroni, walg, collect = collectorNames, at } = recording;
  const server = await startPatroni((path) => reply(path.slice(1) as Endpoint, recording));
  if (patroni === undefined) await server.close();
  const document = await collectFrom({
    patroniUrl: server.url,
    recording: walg === undefined ? undefined : join(FIXTURES, 'walg', walg),
    environment: { PGHOST: '/var/run/postgresql' },
    names: collect,
    at,
    redact: (text) =>
      text.replaceAll(server.url, 'http://localhost:8008').replaceAll(new URL(server.url).host, 'localhost:8008'),
  });
  if (patroni !== undefined) await server.close();
  return document;
}

function reply(endpoint: Endpoint, recording: Recording): Reply {
  const change = recording.changes?.[endpoint];
  if (change !== undefined && typeof change !== 'function') return change;
  const recorded = recordedReply(endpoint, recording.patroni ?? '');
  if (recorded.length === 0) return recorded;
  const body = adapt(endpoint, parseBody(recorded), recording, recordedAt(recorded));
  return httpReply(200, JSON.stringify(change === undefined ? body : change(body as never)));
}

function recordedAt(reply: Buffer): number {
  return Date.parse(/^Date: (.*)$/m.exec(reply.toString('utf8'))?.[1] ?? '');
}

/** The body with its times moved from `then` to the time of collecting, and with the system identifier of the backups. */
function adapt(
  endpoint: Endpoint,
  body: unknown,
  { at, system = SYSTEM_OF_THE_BACKUPS }: Recording,
  then: number,
): unknown {
  const later = at - then;
  if (endpoint === 'history')
    return (body as [number, number, string, string, ...unknown[]][]).map(([timeline, lsn, reason, time, ...more]) => [
      timeline,
      lsn,
      reason,
      new Date(Date.parse(time) + later).toISOString(),
      ...more,
    ]);
  if (endpoint !== 'patroni') return body;
  const node = body as { dcs_last_seen?: number };
  return {
    ...node,
    database_system_identifier: system,
    ...(node.dcs_last_seen !== undefined && { dcs_last_seen: node.dcs_last_seen + Math.round(later / 1000) }),
  };
}

/** The recorded reply, or if it was not recorded, one that is consistent with the others. */
function recordedReply(endpoint: Endpoint, recording: string): Buffer {
  const found = readRecorded(`${recording}.${endpoint}`);
  if (found !== undefined) return found;
  const [version = ''] = recording.split('/');
  const cluster = readRecorded(`${recording}.cluster`);
  // without a DCS Patroni answers neither
  if (cluster?.length === 0) return cluster;
  if (endpoint === 'history' && cluster !== undefined) {
    const later = readRecorded(`${version}/s10_after_failover.node2.history`) ?? cluster;
    const rows = parseBody(later) as [number][];
    const timeline = leaderTimeline(cluster);
    const date = `Date: ${new Date(recordedAt(cluster)).toUTCString()}`;
    const known = rows.filter(([ended]) => ended < timeline);
    return Buffer.from(`HTTP/1.0 200 OK\r\n${date}\r\n\r\n${JSON.stringify(known)}`);
  }
  const healthy = readRecorded(`${version}/s1_healthy.node1.${endpoint}`);
  if (healthy === undefined) throw new Error(`there is no recording of ${recording}.${endpoint}`);
  return healthy;
}

function readRecorded(name: string): Buffer | undefined {
  try {
    return archiving(readFileSync(join(FIXTURES, 'patroni', name)));
  } catch {
    return undefined;
  }
}

function leaderTimeline(cluster: Buffer): number {
  const { members } = parseBody(cluster) as { members: { timeline?: number }[] };
  return Math.max(1, ...members.map(({ timeline = 1 }) => timeline));
}

function parseBody(reply: Buffer): unknown {
  const text = reply.toString('utf8');
  return JSON.parse(text.slice(text.indexOf('\r\n\r\n') + 4));
}
