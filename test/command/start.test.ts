import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { builtCommand } from '../moments/program.ts';
import { startHost } from '../stand-ins/host.ts';
import { temporaryFolder } from '../stand-ins/temporary.ts';

const ROOT = join(import.meta.dirname, '../..');

/** The modules that a run of this command loads: files of src/, packages, and built-in modules. */
async function loaded(command: string, ...args: string[]) {
  const record = join(temporaryFolder(), 'modules.json');
  const host = await startHost({
    command: [process.execPath, '--import', join(ROOT, 'test/stand-ins/record-modules.ts'), command],
    environment: { MODULES_LOADED: record },
  });
  const { status, stderr } = await host.run(...args);
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  const { files, builtins } = JSON.parse(readFileSync(record, 'utf8')) as Record<'files' | 'builtins', string[]>;
  const below = (folder: string) =>
    files
      .flatMap((url) => url.split(`file://${ROOT}/${folder}/`)[1] ?? [])
      .filter((path) => !path.includes('/node_modules/'));
  return { sources: below('src'), modules: below('node_modules'), builtins };
}

/** Modules that only some runs need. Creating the schemas of the whole document costs 8 ms, a tenth of a run (npm run bench). */
const LAZY = [
  ...['document/schema.ts', 'document/recovery.ts', 'document/wal.ts', 'document/stored.ts', 'document/memory.ts'],
  ...['document/remembered.ts', 'document/json-schema.ts', 'health/thresholds-file.ts', 'health/remember.ts'],
  ...['sources/saved.ts', 'sources/state.ts', 'collectors/walg-listing.ts', 'wal/stored.ts', 'wal/shown.ts'],
  ...['walg/show.ts', 'walg/show-reply.ts', 'walg/eras.ts', 'walg/postgres-address.ts'],
  ...['deliveries/file.ts', 'deliveries/retire.ts', 'deliveries/state.ts'],
  ...['options/completion.ts', 'options/man.ts', 'options/diagnostics.ts'],
];

test('a usual run, which publishes JSON, loads nothing that it does not need', async () => {
  const { sources, modules } = await loaded(join(ROOT, 'src/cli.ts'), '--configmap', '--quiet');
  expect(sources).toContain('deliveries/configmap.ts');
  expect(LAZY.filter((file) => sources.includes(file))).toEqual([]);
  const own = /^formats\/(escape|format|index|json|labels|listed|nagios\/plugin-line)\.ts$/;
  expect(sources.filter((file) => file.startsWith('formats/') && !own.test(file))).toEqual([]);
  const packages = new Set(modules.map((path) => path.split('/')[0]));
  expect(packages).toContain('zod');
  expect([...packages]).not.toContain('yaml');
  expect(modules.filter((path) => path.includes('zod/v4/classic'))).toEqual([]);
});

test('the modules are loaded when they are needed', async () => {
  const seen = new Set<string>();
  const state = join(temporaryFolder(), 'state');
  for (const args of [
    ['--state', state],
    ['--state', state, '--output', `${state}.json`],
  ])
    for (const file of (await loaded(join(ROOT, 'src/cli.ts'), ...args)).sources) seen.add(file);
  expect([...seen]).toEqual(
    expect.arrayContaining(['document/schema.ts', 'document/memory.ts', 'deliveries/file.ts', 'walg/show.ts']),
  );
});

test('of Node.js, the built command loads no hooks, ciphers, compression or second HTTP client', async () => {
  const { builtins } = await loaded(builtCommand(), '--configmap', '--quiet');
  expect(builtins).toContain('http');
  // modules below internal/ belong to the start-up of Node.js
  const costly = [
    'perf_hooks',
    'v8',
    'crypto',
    'tls',
    'https',
    'http2',
    'zlib',
    'worker_threads',
    'inspector',
    'readline',
  ];
  expect(costly.filter((name) => builtins.includes(name))).toEqual([]);
  expect(builtins.filter((name) => name.includes('undici'))).toEqual([]);
});
