/** The manual page and the JSON Schema, which are made from the same definitions as the program. */
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
 * The date on the manual page. It does not depend on the day of the build, so that the same sources give the same page: it is
 * SOURCE_DATE_EPOCH (reproducible-builds.org) if that is set, else the date of the last commit. Without git it is today.
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
