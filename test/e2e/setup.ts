import {
  accessSync,
  chmodSync,
  constants,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import type { TestProject } from 'vitest/node';
import { run } from './processes.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** The folder of all running components; accessible to user postgres. */
    workshop: string;
    /** The folder of Patroni's programs. */
    patroni: string;
    kubeApiserver: string;
    /** The folder of the manifests of Zalando's operator. */
    postgresOperator: string;
    /** The folder of PostgreSQL's programs, and a PostgreSQL with the database of Zabbix. */
    zabbixDatabase: string;
    /** The command under test. */
    postgresStatus: string;
  }
}

const NEEDED =
  'curl envdir etcd flock jq kubectl openssl php prometheus prometheus-node-exporter prometheus-pushgateway promtool psql setpriv unshare zabbix_sender';
const project = resolve(import.meta.dirname, '../..');

/** Finds, installs or builds the programs of the suite, and removes the runtime folder at the end. */
export default async function setup({ provide }: TestProject): Promise<() => void> {
  const missing = NEEDED.split(' ').filter((program) => !onPath(program));
  if (missing.length > 0) throw new Error(`not installed: ${missing.join(', ')}; .ci/run names the packages`);

  const cache = process.env['POSTGRES_STATUS_E2E_CACHE'] ?? cacheFolder();
  const workshop = mkdtempSync(join(process.env['POSTGRES_STATUS_E2E_FOLDER'] ?? '/var/tmp', 'postgres-status-e2e.'));
  chmodSync(workshop, 0o755);
  provide('workshop', workshop);
  provide('postgresStatus', install(workshop));
  provide('patroni', await prepare('patroni', cache));
  provide('zabbixDatabase', await prepare('zabbix-database', cache));
  provide('kubeApiserver', await prepare('kube-apiserver', cache));
  provide('postgresOperator', await prepare('postgres-operator', cache));
  return () => {
    rmSync(workshop, { recursive: true, force: true });
  };
}

/** Not below /root, because its programs run as user postgres. */
function cacheFolder(): string {
  if (process.getuid?.() === 0) return '/var/cache/postgres-status';
  return join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'postgres-status');
}

async function prepare(program: string, cache: string): Promise<string> {
  const script = join(import.meta.dirname, 'programs', program);
  const { stdout } = await run([script, cache], { environment: process.env, aloud: true });
  return stdout.trim().split('\n').at(-1) ?? '';
}

/** Copies the built command to where user postgres can read it; without a build, the sources are used. */
function install(workshop: string): string {
  const installed = join(workshop, 'bin', 'postgres-status');
  mkdirSync(join(workshop, 'bin'));
  const built = process.env['POSTGRES_STATUS_BIN'] ?? join(project, 'dist/postgres-status-linux-x64');
  if (process.env['POSTGRES_STATUS_BIN'] !== undefined || existsSync(built)) copyFileSync(built, installed);
  else writeFileSync(installed, `#!/bin/sh\nexec '${process.execPath}' '${join(project, 'src/cli.ts')}' "$@"\n`);
  chmodSync(installed, 0o755);
  return installed;
}

function onPath(program: string): boolean {
  return (process.env['PATH'] ?? '').split(':').some((folder) => {
    try {
      accessSync(join(folder, program), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}
