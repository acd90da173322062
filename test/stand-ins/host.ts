import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { findExecutable } from '../../src/system/executable.ts';
import { WALG } from './collect.ts';
import { recorded, startPatroni, type Reply, type StandInPatroni } from './patroni.ts';
import { temporaryFolder } from './temporary.ts';

/** The sources; or the built command that POSTGRES_STATUS_COMMAND names, so that any suite can be run on what is shipped. */
export const CLI: readonly string[] = process.env['POSTGRES_STATUS_COMMAND']
  ? [process.env['POSTGRES_STATUS_COMMAND']]
  : [process.execPath, join(import.meta.dirname, '../../src/cli.ts')];
/** The real one, where it is at hand. */
export const KUBECTL = findExecutable('kubectl', process.env['PATH']) ?? '';
const FIXTURES = join(import.meta.dirname, '../fixtures');

export interface Ended {
  status: number | null;
  stdout: string;
  stderr: string;
}

/** Everything that a run meets: a Patroni, a wal-g that replays a healthy archive, a kubectl that keeps what it is given. */
export interface Host {
  patroni: StandInPatroni;
  /** Where everything of it lies; the working directory of the runs. */
  folder: string;
  /** Writes a program of these lines of a shell; its path. */
  program: (name: string, ...lines: string[]) => string;
  /** Runs the command with these arguments. */
  run: (...args: string[]) => Promise<Ended>;
  /** The same by way of a shell's line, where $CLI stands for the command and the arguments that every run has. */
  shell: (line: string) => Promise<Ended>;
  /** What the stand-in kubectl was given; undefined = it was not run. */
  published: () => { object: unknown; patch: { data: { status: string } } } | undefined;
}

export const NODE1 = recorded(join(FIXTURES, 'patroni', 'v4.1.4'), 's1_healthy', 'node1');
export const NODE2 = recorded(join(FIXTURES, 'patroni', 'v4.1.4'), 's1_healthy', 'node2');

export interface Circumstances {
  /** The command that is run, with its first arguments. */
  command?: readonly string[];
  patroni?: (path: string) => Reply;
  /** Of the process. */
  environment?: Record<string, string>;
  /** Of WAL-G. */
  walg?: Record<string, string>;
}

/** It all goes away with the test. */
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
    // the recorded api_url of the leader leads nowhere
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

/** Runs a program to its end. */
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
