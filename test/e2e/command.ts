import { chmodSync, copyFileSync, cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { inject } from 'vitest';
import type { StatusDocument } from '../../src/document/schema.ts';
import { run, type Environment, type Outcome } from './processes.ts';

/** Runs the command as user postgres, like cron and the Spilo image do. */
export async function postgresStatus(args: readonly string[], environment: Environment = {}): Promise<Outcome> {
  return run([inject('postgresStatus'), ...args], { user: 'postgres', environment, statuses: [0, 1, 2, 3] });
}

/** What a run found out, without its verdict. */
export function factsOf(stdout: string): StatusDocument {
  const document = JSON.parse(stdout) as StatusDocument;
  delete document.health;
  return document;
}

/** An envdir, one file per variable: the WAL-G environment of a host. */
export function writeEnvdir(folder: string, variables: Readonly<Record<string, string>>): string {
  mkdirSync(folder, { recursive: true });
  for (const [name, value] of Object.entries(variables)) writeFileSync(join(folder, name), `${value}\n`);
  return folder;
}

const TEST = resolve(import.meta.dirname, '..');

/** The stand-in for wal-g, where user postgres can read it: variables with which it replays `version/situation`. */
export function standInWalg(folder: string, recording = 'v3.0.9/healthy-many'): Record<string, string> {
  const program = join(folder, 'wal-g');
  mkdirSync(folder, { recursive: true });
  copyFileSync(join(TEST, 'stand-ins/wal-g'), program);
  chmodSync(program, 0o755);
  for (const situation of [recording, recording.replace(/[^/]*$/, 'healthy-1-backup')])
    cpSync(join(TEST, 'fixtures/walg', situation), join(folder, situation), { recursive: true });
  return { POSTGRES_STATUS_WAL_G: program, WALG_RECORDING: join(folder, recording) };
}
