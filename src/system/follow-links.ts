import { lstatSync, readlinkSync } from 'node:fs';
import { dirname, isAbsolute, join, resolve, sep } from 'node:path';

const STICKY_AND_WRITABLE_BY_ALL = 0o1002;
/** Linux follows no more than that, either (path_resolution(7)). */
const MOST_LINKS = 40;

/**
 * The path with its symbolic links followed, but for those that another user has put into a sticky folder that everybody may write
 * to, such as /tmp: Linux does not follow them either where fs.protected_symlinks is on, but reading a link is no following.
 * What is not there is left as it is. @throws Error whose message ends a sentence on the path.
 */
export function followLinks(path: string): string {
  let links = 0;
  const parts = resolve(path).split(sep).slice(1);
  let followed = '/';
  for (let part = parts.shift(); part !== undefined; part = parts.shift()) {
    const next = join(followed, part);
    const stats = lstatSync(next, { throwIfNoEntry: false });
    if (!stats?.isSymbolicLink()) {
      followed = next;
      continue;
    }
    links += 1;
    if (links > MOST_LINKS) throw new Error('is a symbolic link that leads to itself');
    const folder = lstatSync(followed);
    const isShared = (folder.mode & STICKY_AND_WRITABLE_BY_ALL) === STICKY_AND_WRITABLE_BY_ALL;
    if (isShared && stats.uid !== process.geteuid?.() && stats.uid !== folder.uid)
      throw new Error(
        `is not followed: ${next} is a symbolic link of another user (uid ${stats.uid}) in a shared folder`,
      );
    const target = readlinkSync(next);
    const absolute = isAbsolute(target) ? target : join(dirname(next), target);
    parts.unshift(...absolute.split(sep).slice(1));
    followed = '/';
  }
  return followed;
}
