import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** Usual folders that PATH may lack: cron's PATH is `/usr/bin:/bin` (crontab(5)). */
const USUAL_FOLDERS = ['/usr/local/bin', '/usr/bin', '/bin', '/usr/local/sbin', '/usr/sbin', '/opt/bin', '/snap/bin'];

/** The path of a program on PATH, else in the usual folders; undefined = it is in none of them. */
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
