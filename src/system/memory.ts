import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** Bytes: what version 1 of the cgroups shows for "no limit" is close to 2^63. */
const NO_LIMIT = 2 ** 60;

/**
 * The memory (bytes) that the cgroups of this process allow it: the least of its own and those above it; undefined where none sets a
 * limit. Both versions of the cgroups are read (cgroups(7)). In a container the path in /proc/self/cgroup may be the host's, which is
 * not there: then the folder that is mounted is the container's own.
 */
export function memoryLimit(root = '/'): number | undefined {
  const limits = cgroups(root).flatMap(({ folder, path, file }) =>
    upwards(path).map((each) => readNumber(join(root, folder, each, file))),
  );
  const least = Math.min(...limits.filter((limit) => limit !== undefined));
  return least < NO_LIMIT ? least : undefined;
}

interface Cgroup {
  folder: string;
  path: string;
  file: string;
}

/** Lines of `/proc/self/cgroup`: `0::/path` is version 2, `4:memory:/path` is version 1. */
function cgroups(root: string): Cgroup[] {
  return (readText(join(root, 'proc/self/cgroup')) ?? '').split('\n').flatMap((line) => {
    const [, id, controllers = '', path = ''] = /^(\d+):([^:]*):(\/.*)$/.exec(line) ?? [];
    if (id === '0') return [{ folder: 'sys/fs/cgroup', path, file: 'memory.max' }];
    if (!controllers.split(',').includes('memory')) return [];
    return [{ folder: 'sys/fs/cgroup/memory', path, file: 'memory.limit_in_bytes' }];
  });
}

/** `/a/b`, `/a` and `/`. */
function upwards(path: string): string[] {
  return path === '/' ? ['/'] : [path, ...upwards(dirname(path))];
}

function readNumber(path: string): number | undefined {
  const text = readText(path)?.trim() ?? '';
  return /^\d+$/.test(text) ? Number(text) : undefined;
}

function readText(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
