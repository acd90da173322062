import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll } from 'vitest';
import { bundle } from '../../bin/build/bundle.ts';

let built: string | undefined;

/** The command bundled into one file, as it is shipped; built once for each test file. */
export function builtCommand(): string {
  if (built !== undefined) return built;
  built = join(mkdtempSync(join(tmpdir(), 'postgres-status-moments-')), 'postgres-status.cjs');
  writeFileSync(built, bundle(join(import.meta.dirname, '../../src/cli.ts')));
  return built;
}

afterAll(() => {
  if (built !== undefined) rmSync(dirname(built), { recursive: true, force: true });
});
