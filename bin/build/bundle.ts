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
    charset: 'ascii',
    supported: { 'dynamic-import': false }, // a lazy import() becomes a lazy require(): SEA has no real import()
    alias: { figures: lean, 'human-signals': lean, 'node:v8': lean },
    logLevel: 'warning',
  });
  const [output] = outputFiles;
  if (output === undefined) throw new Error(`esbuild made nothing of ${entry}`);
  return inAscii(output.text);
}

/**
 * V8 reads an ASCII source in half the time and keeps it in half the memory, but one other character is enough to lose that. esbuild escapes
 * strings only, not regular expressions and licences.
 */
function inAscii(source: string): string {
  return source.replaceAll(/[\u0080-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
