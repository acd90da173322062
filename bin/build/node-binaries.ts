/**
 * Node binaries from npm, stripped, put where pkg looks before it downloads anything: its own cache
 * ($HOME/.pkg-cache/sea). pkg's `nodePath` option would be simpler, but for an architecture that
 * is not the build machine's pkg runs `nodePath --version`, which cannot work.
 */
import { execFileSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Arch, cacheDir, nativeArch, nodeVersion, root } from './layout.ts';

/** What HOME has to be while pkg runs. */
export const pkgHome = join(cacheDir, 'home');

/** The stripped binary of that architecture, made on first use. */
export function nodeBinary(arch: Arch): string {
  const seaCache = join(pkgHome, '.pkg-cache/sea');
  const release = `node-v${nodeVersion}-linux-${arch}`;
  const binary = join(seaCache, release, 'bin/node');
  if (existsSync(`${binary}.ok`)) return binary;

  mkdirSync(join(seaCache, release, 'bin'), { recursive: true });
  const partial = `${binary}.partial`;
  copyFileSync(fromNpm(arch), partial);
  strip(arch, partial);
  renameSync(partial, binary);
  // The marks by which pkg knows that it has downloaded, verified (npm did that here) and unpacked.
  for (const mark of [`${release}.tar.gz`, `${release}.tar.gz.ok`, `${release}/bin/node.ok`]) {
    writeFileSync(join(seaCache, mark), '');
  }
  return binary;
}

function fromNpm(arch: Arch): string {
  // The devDependency `node` has brought the native one along.
  if (arch === nativeArch) return join(root, 'node_modules/node/bin/node');

  const name = `node-linux-${arch}`;
  const prefix = join(cacheDir, `${name}-${nodeVersion}`);
  const fetched = join(prefix, 'node_modules', name, 'bin/node');
  if (existsSync(fetched)) return fetched;
  // --force: npm refuses a package for another cpu otherwise.
  execFileSync(
    'npm',
    [
      'install',
      '--prefix',
      prefix,
      '--no-save',
      '--no-audit',
      '--no-fund',
      '--force',
      '--os=linux',
      `--cpu=${arch}`,
      `${name}@${nodeVersion}`,
    ],
    { stdio: ['ignore', 'ignore', 'inherit'] },
  );
  return fetched;
}

/** Before the program goes in: a strip afterwards would throw the program away. 20 % smaller, no faster. */
function strip(arch: Arch, binary: string): void {
  const gnuPrefix = { x64: 'x86_64-linux-gnu-', arm64: 'aarch64-linux-gnu-' }[arch];
  const tools = [...(arch === nativeArch ? ['strip'] : []), `${gnuPrefix}strip`, 'llvm-strip'];
  for (const tool of tools) {
    try {
      execFileSync(tool, [binary], { stdio: 'ignore' });
      return;
    } catch {
      // Not installed, or not for this architecture: the next one, and at worst a larger file.
    }
  }
  process.stderr.write(`no strip for ${arch}: its executable keeps Node's symbols\n`);
}
