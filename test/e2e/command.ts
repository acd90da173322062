import { chmodSync, copyFileSync, cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { inject } from 'vitest';
import type { StatusDocument } from '../../src/document/schema.ts';
import { run, type Environment, type Outcome } from './processes.ts';

/** Runs the command as user postgres, as cron and the Spilo image do. */
export async function postgresStatus(args: readonly string[], environment: Environment = {}): Promise<Outcome> {
  return run([inject('postgresStatus'), ...args], { user: 'postgres', environment, statuses: [0, 1, 2, 3] });
}

/** The facts in a printed document, without the verdict. */
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

/** The cluster that backups were taken from. */
export interface BackupSource {
  systemIdentifier: string;
  /** server_version_num of PostgreSQL: 150018 is 15.18. */
  serverVersion: number;
}

const RECORDING = 'v3.0.9/healthy-many';

/**
 * Copies the stand-in for wal-g to where user postgres can read it. Returns the variables with which it replays a healthy storage, with
 * backups of the recorded cluster or of `source`.
 */
export function standInWalg(folder: string, source?: BackupSource): Record<string, string> {
  const program = join(folder, 'wal-g');
  mkdirSync(folder, { recursive: true });
  copyFileSync(join(TEST, 'stand-ins/wal-g'), program);
  chmodSync(program, 0o755);
  for (const situation of [RECORDING, RECORDING.replace(/[^/]*$/, 'healthy-1-backup')])
    cpSync(join(TEST, 'fixtures/walg', situation), join(folder, situation), { recursive: true });
  if (source !== undefined) adopt(join(folder, RECORDING, 'backup-list--detail.stdout'), source);
  return { POSTGRES_STATUS_WAL_G: program, WALG_RECORDING: join(folder, RECORDING) };
}

/** Edits text, because a system identifier exceeds the numbers of JavaScript. */
function adopt(backupList: string, { systemIdentifier, serverVersion }: BackupSource): void {
  const text = readFileSync(backupList, 'utf8')
    .replace(/(?<="system_identifier":)\d+/g, systemIdentifier)
    .replace(/(?<="pg_version":)\d+/g, String(serverVersion));
  writeFileSync(backupList, text);
}
