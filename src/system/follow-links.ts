import { lstatSync, readlinkSync } from 'node:fs';
import { dirname, isAbsolute, join, resolve, sep } from 'node:path';

const STICKY_AND_WRITABLE_BY_ALL = 0o1002;
/** The limit of Linux (path_resolution(7)). */
const MOST_LINKS = 40;

/**
 * Resolves the symbolic links in a path, but refuses those of another user in a sticky, world-writable folder such as /tmp. The kernel
 * refuses them too if fs.protected_symlinks is set, but readlink(2) does not follow the link and so is not refused. Components that do
 * not exist are kept. @throws Error, with a message that follows the path.
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
