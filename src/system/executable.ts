import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** Where a program usually lies when PATH does not say: cron's PATH is `/usr/bin:/bin` (crontab(5)). */
const USUAL_FOLDERS = ['/usr/local/bin', '/usr/bin', '/bin', '/usr/local/sbin', '/usr/sbin', '/opt/bin', '/snap/bin'];

/** The path of a program: found on PATH, else in the usual places; undefined where it is in none of them. */
export function findExecutable(name: string, path: string | undefined): string | undefined {
  const folders = [...(path ?? '').split(delimiter).filter((folder) => folder.startsWith('/')), ...USUAL_FOLDERS];
  return folders.map((folder) => join(folder, name)).find(isExecutable);
}

export function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}
