import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import type { CollectorName } from '../../src/collectors/index.ts';
import { overlay, type Variables } from '../../src/walg/variables.ts';
import type { StatusDocument } from '../../src/document/schema.ts';
import { CollectError } from '../../src/errors.ts';
import type { Patroni } from '../../src/patroni/client.ts';
import type { LeaderReply } from '../../src/patroni/leader-api.ts';
import { clusterReply, nodeReply } from '../../src/patroni/replies.ts';
import { collectDocument } from '../../src/sources/live.ts';
import { deadlineAt } from '../../src/system/deadline.ts';
import { fit } from '../../src/text/json.ts';
import { redactor } from '../../src/text/redact.ts';
import { walgClient, type Walg } from '../../src/walg/client.ts';
import { limitOf, SILENT, WALG } from './collect.ts';

export const RECORDINGS = join(import.meta.dirname, '../fixtures/walg');
/** The time of the recordings. */
const NOW = Date.parse('2026-11-21T08:00:00Z');

export interface WalgRun {
  /** The path of wal-g; by default the stand-in. */
  path?: string | undefined;
  /** The process environment besides PATH, and the variables that override it. */
  environment?: Record<string, string>;
  variables?: Variables;
  patroni?: Patroni;
  /** The time limit of the collectors, milliseconds. */
  time?: number;
  collectors?: readonly CollectorName[];
}

/** The whole document of a run of the WAL-G collectors. */
export async function collectWalg(run: WalgRun): Promise<StatusDocument> {
  const { environment = {}, variables = new Map(), patroni = silentPatroni, time = 60_000 } = run;
  const { collectors = ['walg_backups', 'walg_verify'] } = run;
  const until = performance.now() + time;
  return collectDocument({
    names: collectors,
    sources: { walg: walg(run), patroni },
    deadline: deadlineAt(until + 1_000),
    redact: redactor(Object.entries(environment), variables),
    now: () => NOW,
  });
}

export function walg(run: WalgRun): Walg {
  const { environment = {}, variables = new Map(), time = 60_000 } = run;
  const path = 'path' in run ? run.path : WALG;
  const env = overlay({ PATH: process.env['PATH'], ...environment }, variables);
  return walgClient({ path, environment: env }, limitOf(time, 200), SILENT);
}

/** A Patroni of which every request fails. */
export const silentPatroni: Patroni = patroniSaying({});

/** A Patroni with these replies; all other requests fail. */
export function patroniSaying(replies: { node?: unknown; cluster?: unknown; leader?: LeaderReply }): Patroni {
  const refused = () => Promise.reject(new Error('connection refused'));
  const { node, cluster, leader } = replies;
  const url = new URL('http://localhost:8008');
  const failure = new CollectError('connection refused');
  const answer =
    node === undefined
      ? { url, failure, present: false, heardOf: false }
      : { url, reply: fit(nodeReply, node, '/patroni') };
  return {
    members: () => Promise.resolve([answer]),
    node: () => (answer.reply === undefined ? refused() : Promise.resolve(answer)),
    leader: () => Promise.resolve(leader),
    cluster: cluster === undefined ? refused : () => Promise.resolve(fit(clusterReply, cluster, '/cluster')),
    config: refused,
    history: refused,
  };
}

export interface Recording {
  version: string;
  situation: string;
  description: string;
  env: Record<string, string>;
  /** The collectors whose first call was recorded. */
  collectors: CollectorName[];
  /** A program did not exit by itself, or not within the time of a run. */
  hangs: boolean;
}

/** A recorded situation of one version, as its `<version>/<situation>/case.json` describes it. */
export function recording(version: string, situation: string): Recording {
  const file = join(RECORDINGS, version, situation, 'case.json');
  const { description, env, commands } = JSON.parse(readFileSync(file, 'utf8')) as {
    description: string;
    env: Record<string, string>;
    commands: Record<string, { duration_ms: number; events?: unknown }>;
  };
  const hangs = Object.values(commands).some((command) => command.events !== undefined || command.duration_ms >= 1e5);
  const collectors: CollectorName[] = [
    ...('backup-list' in commands || 'backup-list--detail' in commands ? (['walg_backups'] as const) : []),
    ...('wal-verify-both' in commands ? (['walg_verify'] as const) : []),
  ];
  return { version, situation, description, env, collectors, hangs };
}

/** The environment in which the stand-in replays a recording. */
export function replaying({ version, situation, env }: Recording): Record<string, string> {
  return { ...env, WALG_RECORDING: join(RECORDINGS, version, situation) };
}

/** A wal-g that is a shell script. */
export function script(text: string): string {
  const path = join(temporaryFolder(), 'wal-g');
  writeFileSync(path, `#!/bin/sh\n${text}\n`, { mode: 0o755 });
  return path;
}

const folders: string[] = [];

/** A folder that is removed at the end of the test file. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'postgres-status-test-'));
  folders.push(folder);
  return folder;
}

afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

/** The calls of the stand-in, one per line, if WALG_CALLS names this file. */
export function calls(file: string): string[] {
  return existsSync(file) ? readFileSync(file, 'utf8').trimEnd().split('\n') : [];
}
