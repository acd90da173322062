/** One self-contained executable, by pkg in its SEA mode. */
import { copyFileSync, mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
// pkg's public exec() accepts neither a code cache nor options for Node.js; its SEA function does.
import pkgSea from '@yao-pkg/pkg/lib-es5/sea.js';
import { cacheLiveRun, cacheReading } from './code-cache.ts';
import { type Arch, cacheDir, nativeArch, nodeOptions, nodeVersion } from './layout.ts';
import { nodeBinary, pkgHome } from './node-binaries.ts';

/** Packs a bundle (one CommonJS file) for that architecture. */
export async function pack(bundle: string, source: string, arch: Arch, output: string): Promise<void> {
  const node = nodeBinary(arch);
  // pkg makes the blob with the native Node.js, even for an executable of another architecture.
  if (nativeArch !== undefined && nativeArch !== arch) nodeBinary(nativeArch);

  const staged = join(cacheDir, `staged-${arch}`, basename(output));
  mkdirSync(dirname(staged), { recursive: true });
  const isNative = arch === nativeArch;
  const seaConfig = {
    disableExperimentalSEAWarning: true,
    useSnapshot: false, // a snapshot cannot contain node:http, and an empty one costs 6 ms and 9 MiB
    useCodeCache: isNative, // V8 rejects or misreads a cache from another architecture
    execArgv: nodeOptions,
    execArgvExtension: 'none', // ignore NODE_OPTIONS in the environment, which is meant for other programs
    ...(isNative ? { assets: await nativeAssets(node, source, staged) } : {}),
  };
  const main = isNative ? join(import.meta.dirname, 'loader.cjs') : bundle;
  await withoutDownloads(() =>
    pkgSea.default(main, {
      seaConfig,
      targets: [{ platform: 'linux', arch, nodeRange: `node${nodeVersion}`, output: staged }],
    }),
  );
  publish(staged, output);
}

/** The program, wrapped in a function with the parameters of a CommonJS module, and a code cache for each kind of run. */
async function nativeAssets(node: string, source: string, staged: string): Promise<Record<string, string>> {
  const program = `${staged}.program.js`;
  const cache = `${staged}.code-cache`;
  const readingCache = `${staged}.code-cache-reading`;
  writeFileSync(program, `(function(require,module,exports){${source}\n})`);
  const document = await cacheLiveRun(node, program, cache);
  await cacheReading(node, program, readingCache, document);
  return { program, 'code-cache': cache, 'code-cache-reading': readingCache };
}

/** Runs pkg with its cache inside ours. A binary that is not in the cache is an error, not a download. */
async function withoutDownloads(run: () => Promise<void>): Promise<void> {
  const { fetch } = globalThis;
  const { HOME } = process.env;
  globalThis.fetch = () => Promise.reject(new Error("pkg's cache lacks this Node: see bin/build/node-binaries.ts"));
  process.env['HOME'] = pkgHome;
  try {
    await run();
  } finally {
    globalThis.fetch = fetch;
    if (HOME === undefined) delete process.env['HOME'];
    else process.env['HOME'] = HOME;
  }
}

/** Installs the file atomically: it is copied beside its destination, then renamed. */
export function publish(staged: string, output: string): void {
  mkdirSync(dirname(output), { recursive: true });
  const partial = `${output}.partial`;
  copyFileSync(staged, partial);
  renameSync(partial, output);
}
