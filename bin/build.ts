/** `npm run build`: the program as one file for npm, and as a self-contained executable for each architecture, in dist/. */
import { mkdirSync, statSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { bundle } from './build/bundle.ts';
import { arches, cacheDir, distDir, programName, root } from './build/layout.ts';
import { pack, publish } from './build/pack.ts';

const source = bundle(join(root, 'src/cli.ts'));
mkdirSync(cacheDir, { recursive: true });
const stagedBundle = join(cacheDir, `${programName}.cjs`);
writeFileSync(stagedBundle, source);

const executables = arches.map((arch) => ({ arch, output: join(distDir, `${programName}-linux-${arch}`) }));
for (const { arch, output } of executables) await pack(stagedBundle, source, arch, output);
const bundled = join(distDir, `${programName}.cjs`);
publish(stagedBundle, bundled);

for (const artefact of [bundled, ...executables.map(({ output }) => output)])
  console.log(`${relative(root, artefact)}  ${(statSync(artefact).size / 2 ** 20).toFixed(1)} MiB`);
