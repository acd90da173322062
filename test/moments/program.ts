import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bundle } from '../../bin/build/bundle.ts';

let built: string | undefined;

/** The command in one file, as it is shipped; made once for a file of tests. */
export function builtCommand(): string {
  if (built !== undefined) return built;
  const folder = mkdtempSync(join(tmpdir(), 'postgres-status-moments-'));
  process.once('exit', () => {
    rmSync(folder, { recursive: true, force: true });
  });
  built = join(folder, 'postgres-status.cjs');
  writeFileSync(built, bundle(join(import.meta.dirname, '../../src/cli.ts')));
  return built;
}
