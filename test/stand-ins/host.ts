import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { findExecutable } from '../../src/system/executable.ts';
import { WALG } from './collect.ts';
import { recorded, startPatroni, type Reply, type StandInPatroni } from './patroni.ts';
import { temporaryFolder } from './temporary.ts';

/** The sources, or the built command in POSTGRES_STATUS_COMMAND, so that any suite can test the shipped program. */
export const CLI: readonly string[] = process.env['POSTGRES_STATUS_COMMAND']
  ? [process.env['POSTGRES_STATUS_COMMAND']]
  : [process.execPath, join(import.meta.dirname, '../../src/cli.ts')];
/** The path of the real kubectl; empty if it is not installed. */
export const KUBECTL = findExecutable('kubectl', process.env['PATH']) ?? '';
const FIXTURES = join(import.meta.dirname, '../fixtures');

export interface Ended {
  status: number | null;
  stdout: string;
  stderr: string;
}

/** The surroundings of a run: a Patroni, a wal-g that replays a healthy archive, a kubectl that records its input. */
export interface Host {
  patroni: StandInPatroni;
  /** The folder of its files, and the working directory of the runs. */
  folder: string;
  /** Writes a shell script with these lines, and returns its path. */
  program: (name: string, ...lines: string[]) => string;
  /** Runs the command with these arguments. */
  run: (...args: string[]) => Promise<Ended>;
  /** Runs a shell command, in which $CLI is the command with the arguments of every run. */
  shell: (line: string) => Promise<Ended>;
  /** The input of the stand-in for kubectl; undefined = it was not run. */
  published: () => { object: unknown; patch: { data: { status: string } } } | undefined;
}

export const NODE1 = recorded(join(FIXTURES, 'patroni', 'v4.1.4'), 's1_healthy', 'node1');
export const NODE2 = recorded(join(FIXTURES, 'patroni', 'v4.1.4'), 's1_healthy', 'node2');

export interface Circumstances {
  /** The command that is run, with its first arguments. */
  command?: readonly string[];
  patroni?: (path: string) => Reply;
  /** The process environment. */
  environment?: Record<string, string>;
  /** The WAL-G environment. */
  walg?: Record<string, string>;
}

/** Everything is removed at the end of the test. */
export async function startHost({
  command = CLI,
  patroni: reply = NODE1,
  environment = {},
  walg = {},
}: Circumstances = {}): Promise<Host> {
  const patroni = await startPatroni(reply);
  onTestFinished(patroni.close);
  const folder = temporaryFolder();
  for (const name of ['env', 'bin', 'home']) mkdirSync(join(folder, name));
  const variables = {
    WALG_RECORDING: join(FIXTURES, 'walg', 'v3.0.9', 'healthy-three-timelines'),
    STATUS_NAME: 'postgres-demo',
    POD_NAMESPACE: 'db',
    ...walg,
  };
  for (const [name, value] of Object.entries(variables)) writeFileSync(join(folder, 'env', name), value);
  const program = (name: string, ...lines: string[]) => {
    const path = join(folder, 'bin', name);
    writeFileSync(path, ['#!/bin/sh', ...lines, ''].join('\n'), { mode: 0o755 });
    return path;
  };
  program('wal-g', `exec ${WALG} "$@"`);
  program('kubectl', `cat > ${folder}/object`, `cat /dev/fd/3 > ${folder}/patch`);
  const defaults = ['--patroni-url', patroni.url, '--env', join(folder, 'env')];
  const env = {
    PATH: `${folder}/bin:/usr/bin:/bin`,
    HOME: join(folder, 'home'),
    // nothing listens at the recorded api_url of the leader
    POSTGRES_STATUS_LEADER_API: 'never',
    ...environment,
  };
  return {
    patroni,
    folder,
    program,
    run: (...args) => runProgram(command[0] ?? '', [...command.slice(1), ...defaults, ...args], folder, env),
    shell: (line) =>
      runProgram('/bin/bash', ['--norc', '-c', line], folder, { ...env, CLI: [...command, ...defaults].join(' ') }),
    published: () => {
      if (!existsSync(join(folder, 'patch'))) return undefined;
      const [object, patch] = ['object', 'patch'].map((name): unknown =>
        JSON.parse(readFileSync(join(folder, name), 'utf8')),
      );
      return { object, patch: patch as { data: { status: string } } };
    },
  };
}

/** Runs a program and waits until it exits. */
export function runProgram(
  file: string,
  args: readonly string[],
  cwd: string,
  env: Record<string, string>,
): Promise<Ended> {
  const child = spawn(file, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
  const ended: Ended = { status: null, stdout: '', stderr: '' };
  child.stdout.on('data', (chunk) => (ended.stdout += String(chunk)));
  child.stderr.on('data', (chunk) => (ended.stderr += String(chunk)));
  return new Promise((resolve, reject) => {
    child.once('error', reject).once('close', (status) => {
      resolve({ ...ended, status });
    });
  });
}
