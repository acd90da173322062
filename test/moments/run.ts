import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { type Ended, runProgram } from '../stand-ins/host.ts';
import { httpReply, startPatroni } from '../stand-ins/patroni.ts';
import { temporaryFolder } from '../stand-ins/temporary.ts';
import type { ClusterBody, Moment, Replies } from './moment.ts';
import { builtCommand } from './program.ts';

const HERE = import.meta.dirname;

/** A host at one moment: every member's Patroni, wal-g, and a fixed clock. */
export interface MomentHost {
  /** The folder of its files, and the working directory of the runs. */
  folder: string;
  /** The directory of the WAL-G environment. */
  env: string;
  /** Writes a shell script with these lines, and returns its path. */
  program: (name: string, ...lines: string[]) => string;
  /** Runs the command at that moment; in its output, URLs of stand-ins are replaced by those of the members. */
  run: (...args: string[]) => Promise<Ended>;
  /** The paths that were requested from a member. */
  askedOf: (member: string) => readonly string[];
}

interface Circumstances {
  /** The process environment. */
  environment?: Readonly<Record<string, string>>;
  /** The WAL-G environment. */
  walg?: Readonly<Record<string, string>>;
}

/** Everything is removed at the end of the test. */
export async function startMoment(moment: Moment, { environment, walg }: Circumstances = {}): Promise<MomentHost> {
  const folder = temporaryFolder({ 'walg.json': JSON.stringify(moment.walg) });
  for (const name of ['bin', 'env', 'home']) mkdirSync(join(folder, name));
  for (const [name, value] of Object.entries(walg ?? {})) writeFileSync(join(folder, 'env', name), value);
  const program = (name: string, ...lines: string[]) => {
    const path = join(folder, 'bin', name);
    writeFileSync(path, ['#!/bin/sh', ...lines, ''].join('\n'), { mode: 0o755 });
    return path;
  };
  const [says, calls] = [join(folder, 'walg.json'), join(folder, 'walg-calls')];
  program('wal-g', `exec ${process.execPath} ${join(HERE, 'walg.ts')} ${says} ${calls} "$@"`);

  const members = await startMembers(moment);
  const urls = moment.asked.map((name) => members.urlOf(name)).join(',');
  const args = [
    '--import',
    join(HERE, 'clock.ts'),
    builtCommand(),
    '--patroni-url',
    urls,
    '--env',
    join(folder, 'env'),
  ];
  const env = {
    PATH: `${folder}/bin:/usr/bin:/bin`,
    HOME: join(folder, 'home'),
    ...environment,
    MOMENT: String(moment.at),
  };
  return {
    folder,
    env: join(folder, 'env'),
    program,
    askedOf: members.askedOf,
    run: async (...more) => {
      const { status, stdout, stderr } = await runProgram(process.execPath, [...args, ...more], folder, env);
      const [out, err] = [stdout, stderr].map((text) => members.asRecorded(text).replaceAll(folder, '/host'));
      return { status, stdout: out ?? '', stderr: err ?? '' };
    },
  };
}

/** One stand-in for each member that answers; the others get a closed port. */
async function startMembers({ members, asked }: Moment) {
  const names = [...new Set([...Object.keys(members), ...asked, ...listed(members)])];
  const urls = new Map<string, string>();
  const asks = new Map<string, readonly string[]>();
  const told = new Map<string, string>();
  for (const [index, name] of names.entries()) {
    const replies = members[name];
    // these ports below 1024 are not in use
    const url = replies === undefined ? `http://127.0.0.1:${index + 1}` : await start(name, replies);
    urls.set(name, url);
    told.set(url, recordedUrl(members, name));
  }
  return {
    urlOf: (name: string) => urls.get(name) ?? '',
    askedOf: (name: string) => asks.get(name) ?? [],
    asRecorded: (text: string) =>
      [...told].reduce((so, [url, recorded]) => so.replaceAll(new RegExp(`${url}(?!\\d)`, 'g'), recorded), text),
  };

  async function start(name: string, replies: Replies): Promise<string> {
    const server = await startPatroni((path) => {
      const body = replies[path.replace(/^\//, '') as keyof Replies];
      if (body === undefined) return '';
      return httpReply(200, JSON.stringify('members' in body ? rewritten(body as ClusterBody) : body));
    });
    onTestFinished(server.close);
    asks.set(name, server.asked);
    return server.url;
  }

  function rewritten(cluster: ClusterBody): object {
    const list = cluster.members.map((member) =>
      usable(member.api_url) ? { ...member, api_url: `${urls.get(member.name) ?? ''}/patroni` } : member,
    );
    return { ...cluster, members: list };
  }
}

function listed(members: Moment['members']): string[] {
  return Object.values(members).flatMap(({ cluster }) => cluster?.members.map(({ name }) => name) ?? []);
}

function recordedUrl(members: Moment['members'], name: string): string {
  const all = Object.values(members).flatMap(({ cluster }) => cluster?.members ?? []);
  const url = all.find((member) => member.name === name && usable(member.api_url))?.api_url;
  return typeof url === 'string' ? url.replace(/\/patroni$/, '') : `http://${name}:8008`;
}

/** Patroni may return null, or `http://:8008/patroni`. */
function usable(url: unknown): url is string {
  return typeof url === 'string' && /^https?:\/\/[^:/]/.test(url);
}
