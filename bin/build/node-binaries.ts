/**
 * Stripped Node.js binaries from npm, placed in pkg's cache ($HOME/.pkg-cache/sea), so that pkg downloads
 * nothing. pkg's `nodePath` option would be simpler, but pkg runs `nodePath --version`, which fails for an
 * architecture other than that of the build machine.
 */
import { execFileSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Arch, cacheDir, nativeArch, nodeVersion, root } from './layout.ts';

/** The value of HOME while pkg runs. */
export const pkgHome = join(cacheDir, 'home');

/** The path of the stripped binary of that architecture, which is made on first use. */
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
  // By these files pkg recognizes a binary as downloaded, verified (here by npm) and unpacked.
  for (const mark of [`${release}.tar.gz`, `${release}.tar.gz.ok`, `${release}/bin/node.ok`]) {
    writeFileSync(join(seaCache, mark), '');
  }
  return binary;
}

function fromNpm(arch: Arch): string {
  // The devDependency `node` contains the native binary.
  if (arch === nativeArch) return join(root, 'node_modules/node/bin/node');

  const name = `node-linux-${arch}`;
  const prefix = join(cacheDir, `${name}-${nodeVersion}`);
  const fetched = join(prefix, 'node_modules', name, 'bin/node');
  if (existsSync(fetched)) return fetched;
  // Without --force, npm refuses a package for another CPU.
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

/** To be called before the program is embedded, because strip would remove the program. Saves 20 % of the size, and no time. */
function strip(arch: Arch, binary: string): void {
  const gnuPrefix = { x64: 'x86_64-linux-gnu-', arm64: 'aarch64-linux-gnu-' }[arch];
  const tools = [...(arch === nativeArch ? ['strip'] : []), `${gnuPrefix}strip`, 'llvm-strip'];
  for (const tool of tools) {
    try {
      execFileSync(tool, [binary], { stdio: 'ignore' });
      return;
    } catch {
      // Not installed, or not for this architecture: try the next one. If all fail, the file is only larger.
    }
  }
  process.stderr.write(`no strip for ${arch}: its executable keeps Node's symbols\n`);
}
