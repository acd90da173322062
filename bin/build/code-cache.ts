/** V8's code caches of whole runs of the program, made by the Node.js that it will be packed with. */
import { execFile } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { recorded, startPatroni } from '../../test/stand-ins/patroni.ts';
import { nodeOptions, root } from './layout.ts';

/** Formats that are used for many clusters. */
const FORMATS = ['nagios', 'zabbix', 'prometheus', 'report'];

/** Runs the program with stand-ins for Patroni and WAL-G, and writes the cache. Returns the document that it printed. */
export async function cacheLiveRun(node: string, program: string, cache: string): Promise<string> {
  const patroni = await startPatroni(recorded(join(root, 'test/fixtures/patroni/v4.1.4'), 's1_healthy', 'node1'));
  try {
    rmSync(cache, { force: true });
    const args = ['--patroni-url', patroni.url, '--wal-g', join(root, 'test/stand-ins/wal-g')];
    return await run(node, program, cache, args, {
      WALG_RECORDING: join(root, 'test/fixtures/walg/v3.0.9/healthy-many'),
    });
  } finally {
    await patroni.close();
  }
}

/** Runs the program with `--from configmaps` and a kubectl that prints some copies of the document, and writes the cache. */
export async function cacheReading(node: string, program: string, cache: string, document: string): Promise<void> {
  rmSync(cache, { force: true });
  const items = ['a', 'b', 'c', 'd'].map((name) => ({
    metadata: { name: `status-postgres-${name}`, namespace: name },
    data: { status: document },
  }));
  const kubectl = `${cache}.kubectl`;
  writeFileSync(`${kubectl}.json`, JSON.stringify({ metadata: {}, items }));
  writeFileSync(kubectl, `#!/bin/sh\nexec cat "$0.json"\n`, { mode: 0o755 });
  for (const format of FORMATS) {
    const args = ['--from', 'configmaps', '-A', '--kubectl', kubectl, '--format', format];
    await run(node, program, cache, args).catch((error: unknown) => {
      // a Nagios plugin exits with its verdict
      if (format !== 'nagios') throw error;
    });
  }
}

/** Adds the functions that are called in a run to the cache. Returns what it printed. */
async function run(
  node: string,
  program: string,
  cache: string,
  args: readonly string[],
  environment: Record<string, string> = {},
): Promise<string> {
  const writer = join(import.meta.dirname, 'cache-writer.cjs');
  const env = { PATH: process.env['PATH'], ...environment };
  const { stdout } = await promisify(execFile)(node, [...nodeOptions, writer, program, cache, ...args], { env });
  return stdout;
}
