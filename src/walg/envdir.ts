import { opendirSync } from 'node:fs';
import { join } from 'node:path';
import { UsageError } from '../errors.ts';
import { readBounded, whyUnreadable } from '../system/bounded-file.ts';
import { trimEndOf } from '../text/trim-end.ts';
import { decodeUtf8 } from '../text/utf8.ts';
import type { Variables } from './variables.ts';

/** Linux does not pass a longer variable to a program (MAX_ARG_STRLEN); a directory with more files is not an environment directory. */
const MOST_BYTES = 128 * 1024;
const MOST_VARIABLES = 4096;

/**
 * Reads a directory with one file per variable as `envdir` of daemontools and runit does (src/walg/README.md): the first line is the value,
 * trailing blanks are removed, NUL means line feed, an empty file unsets the variable, and names that begin with a dot are skipped, such
 * as the `..data` of a mounted Secret or ConfigMap.
 * @throws UsageError that names the file: it cannot be read, is a subdirectory (an error in envdir too), or is not UTF-8.
 */
export function readEnvdir(path: string): Variables {
  const variables = new Map<string, string | null>();
  for (const name of variableNames(path)) {
    const bytes = readVariable(join(path, name));
    const firstLine = bytes.subarray(0, bytes.includes(10) ? bytes.indexOf(10) : bytes.length);
    const text = decodeUtf8(firstLine);
    if (text === undefined)
      throw new UsageError(`the value of ${name} in ${path} is not UTF-8: convert ${join(path, name)}`);
    const value = trimEndOf(text, ' \t').replaceAll('\0', '\n');
    // envdir passes this to putenv(3), which splits it at the first "=", and a file name may contain one
    const assignment = bytes.length === 0 ? name : `${name}=${value}`;
    const [variable = '', ...rest] = assignment.split('=');
    variables.set(variable, assignment === variable ? null : rest.join('='));
  }
  return variables;
}

function readVariable(path: string): Buffer {
  try {
    return readBounded(path, MOST_BYTES);
  } catch (error) {
    const why = whyUnreadable(error);
    if (why === 'a directory')
      throw new UsageError(`${path} is a directory: an environment directory contains one file per variable`);
    throw new UsageError(`${path}, a variable of the WAL-G environment, cannot be read (${why})`);
  }
}

/** In alphabetical order. Entries are read one by one, because there may be any number of them. */
function variableNames(path: string): string[] {
  const folder = opendirSync(path);
  try {
    const names: string[] = [];
    for (let entry = folder.readSync(); entry !== null; entry = folder.readSync()) {
      if (entry.name.startsWith('.')) continue;
      names.push(entry.name);
      if (names.length > MOST_VARIABLES)
        throw new UsageError(
          `${path} contains more than ${MOST_VARIABLES} files, so it is not an environment directory`,
        );
    }
    return names.sort();
  } finally {
    folder.closeSync();
  }
}
