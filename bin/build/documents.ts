/** What is shipped beside the program: the manual page and the JSON Schema, from the same definitions as the program itself. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { jsonSchema } from '../../src/document/json-schema.ts';
import { manualPage } from '../../src/options/man.ts';
import { distDir, programName, root } from './layout.ts';

/** Writes them to dist/ and returns their paths. */
export function writeDocuments(): string[] {
  mkdirSync(distDir, { recursive: true });
  const documents = { [`${programName}.1`]: manualPage(day()), [`${programName}.schema.json`]: jsonSchema() };
  return Object.entries(documents).map(([name, text]) => {
    const path = join(distDir, name);
    writeFileSync(path, text);
    return path;
  });
}

/**
 * The day of what is built, so that the same sources make the same page: SOURCE_DATE_EPOCH (reproducible-builds.org) where whoever
 * builds sets it, else that of the last commit; today where there is no git.
 */
function day(): string {
  const seconds = process.env['SOURCE_DATE_EPOCH'] || lastCommit() || Date.now() / 1000;
  return new Date(Number(seconds) * 1000).toISOString().slice(0, 10);
}

function lastCommit(): string | undefined {
  try {
    return execFileSync('git', ['log', '-1', '--format=%ct'], {
      cwd: root,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    }).trim();
  } catch {
    return undefined;
  }
}
