import { statSync } from 'node:fs';
import { errorCode, UsageError } from '../errors.ts';
import { whyUnreadable } from '../system/bounded-file.ts';
import { readEnvFile } from './env-file.ts';
import { readEnvdir } from './envdir.ts';
import type { Variables } from './variables.ts';

/** The environment of WAL-G: its path and its variables. */
export interface WalgEnvironment {
  /** null = there is none: WAL-G gets the environment of the process. */
  path: string | null;
  variables: Variables;
}

/** The usual path of WAL-G's users, then Spilo's (written by its configure_spilo.py). */
const USUAL_PATHS = ['/etc/wal-g.d/env', '/run/etc/wal-e.d/env'];

/**
 * Reads the WAL-G environment from the directory or file at `asked`, else from the first of the usual paths that exists.
 * @throws UsageError if `asked` does not exist, or if the environment cannot be read.
 */
export function readWalgEnvironment(
  asked: string | undefined,
  usual: readonly string[] = USUAL_PATHS,
): WalgEnvironment {
  if (asked !== undefined) {
    const variables = read(asked);
    if (variables === undefined) throw new UsageError(`the WAL-G environment ${asked} does not exist`);
    return { path: asked, variables };
  }
  for (const path of usual) {
    const variables = read(path);
    if (variables !== undefined) return { path, variables };
  }
  return { path: null, variables: new Map() };
}

function read(path: string): Variables | undefined {
  try {
    return statSync(path).isDirectory() ? readEnvdir(path) : readEnvFile(path);
  } catch (error) {
    if (error instanceof UsageError) throw error;
    if (errorCode(error) === 'ENOENT' || errorCode(error) === 'ENOTDIR') return undefined;
    throw new UsageError(`the WAL-G environment ${path} cannot be read (${whyUnreadable(error)})`);
  }
}
