/** V8's code cache of a whole run of the program. */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { recorded, startPatroni } from '../../test/stand-ins/patroni.ts';
import { nodeOptions, root } from './layout.ts';

/** Runs the program once with stand-ins for Patroni and WAL-G, on the Node.js that it will be packed with, and writes the cache. */
export async function makeCodeCache(node: string, program: string, cache: string): Promise<void> {
  const patroni = await startPatroni(recorded(join(root, 'test/fixtures/patroni/v4.1.4'), 's1_healthy', 'node1'));
  try {
    const writer = join(import.meta.dirname, 'cache-writer.cjs');
    const args = ['--patroni-url', patroni.url, '--wal-g', join(root, 'test/stand-ins/wal-g')];
    const env = { PATH: process.env['PATH'], WALG_RECORDING: join(root, 'test/fixtures/walg/v3.0.9/healthy-many') };
    await promisify(execFile)(node, [...nodeOptions, writer, program, cache, ...args], { env });
  } finally {
    await patroni.close();
  }
}
