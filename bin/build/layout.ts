/** Where the build reads and writes, and which Node it packs. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

export const arches = ['x64', 'arm64'] as const;
export type Arch = (typeof arches)[number];

export const root = join(import.meta.dirname, '../..');
export const cacheDir = join(root, '.cache');
export const distDir = join(root, 'dist');
export const programName = 'postgres-status';

/** Only for this one can the build run Node, and so make a code cache. */
export const nativeArch = process.platform === 'linux' ? arches.find((arch) => arch === process.arch) : undefined;

/** One place sets the version of Node: the devDependency `node`, pinned by package-lock.json. */
export const nodeVersion = readVersion(join(root, 'node_modules/node/package.json'));

/**
 * Options of the packed Node. V8 hashes most of its flags into the key of Node's own built-in code
 * cache: --single-threaded, --no-opt, --max-lazy and --lite-mode cost 12-15 ms that way. These do not.
 */
export const nodeOptions = [
  '--min-semi-space-size=16', // MiB: the young generation never fills in so short a life, so no scavenges
  '--disable-sigusr1', // which would open the inspector on a port that asks for no password
  '--v8-pool-size=1', // instead of 4 threads that have nothing to do
];

function readVersion(packageJson: string): string {
  const parsed: unknown = JSON.parse(readFileSync(packageJson, 'utf8'));
  if (typeof parsed === 'object' && parsed !== null && 'version' in parsed && typeof parsed.version === 'string') {
    return parsed.version;
  }
  throw new Error(`${packageJson} has no version`);
}
