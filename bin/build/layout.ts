/** Where the build reads and writes, and which Node it packs. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

export const arches = ['x64', 'arm64'] as const;
export type Arch = (typeof arches)[number];

export const root = join(import.meta.dirname, '../..');
export const cacheDir = join(root, '.cache');
export const distDir = join(root, 'dist');
export const programName = 'postgres-status';

/** The architecture of this machine: a code cache can be made only for it, because the build must run that Node.js. */
export const nativeArch = process.platform === 'linux' ? arches.find((arch) => arch === process.arch) : undefined;

/** One place sets the version of Node: the devDependency `node`, pinned by package-lock.json. */
export const nodeVersion = readVersion(join(root, 'node_modules/node/package.json'));

/**
 * Options of the packed Node.js. Most flags of V8 are part of the key of Node's built-in code cache and so invalidate it:
 * --single-threaded, --no-opt, --max-lazy and --lite-mode cost 12-15 ms in this way. The options below do not.
 */
export const nodeOptions = [
  // MiB: a short run does not fill the young generation, so there are no scavenges; a long one gains nothing from a larger one
  '--min-semi-space-size=16',
  '--max-semi-space-size=16',
  '--disable-sigusr1', // SIGUSR1 would open the inspector on a port without a password
  '--v8-pool-size=1', // instead of 4 threads without work
];

function readVersion(packageJson: string): string {
  const parsed: unknown = JSON.parse(readFileSync(packageJson, 'utf8'));
  if (typeof parsed === 'object' && parsed !== null && 'version' in parsed && typeof parsed.version === 'string') {
    return parsed.version;
  }
  throw new Error(`${packageJson} has no version`);
}
