/**
 * `npm run build`: the program as one file for npm, and as a self-contained executable for each architecture, with its manual page
 * and the JSON Schema of the document, in dist/.
 */
import { mkdirSync, statSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { bundle } from './build/bundle.ts';
import { formatBytes } from '../src/text/units.ts';
import { writeDocuments } from './build/documents.ts';
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

for (const artefact of [bundled, ...executables.map(({ output }) => output), ...writeDocuments()])
  console.log(`${relative(root, artefact)}  ${formatBytes(statSync(artefact).size)}`);
