/** The program as one minified CommonJS file: SEA takes one file, and its ESM mode starts 40 ms slower. */
import { join } from 'node:path';
import { buildSync } from 'esbuild';

const lean = join(import.meta.dirname, 'execa-parts.ts');

export function bundle(entry: string): string {
  const { outputFiles } = buildSync({
    entryPoints: [entry],
    bundle: true,
    minify: true,
    write: false,
    platform: 'node',
    format: 'cjs',
    target: 'node24',
    charset: 'ascii', // V8 keeps an ASCII source in half the memory
    supported: { 'dynamic-import': false }, // a lazy import() becomes a lazy require(): SEA has no real import()
    alias: { figures: lean, 'human-signals': lean, 'node:v8': lean },
    logLevel: 'warning',
  });
  const [output] = outputFiles;
  if (output === undefined) throw new Error(`esbuild made nothing of ${entry}`);
  return output.text;
}
