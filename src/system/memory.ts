import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** Bytes. Version 1 of the cgroups shows "no limit" as a number close to 2^63. */
const NO_LIMIT = 2 ** 60;

/**
 * The memory limit (bytes) of this process: the lowest of its cgroup and those above it; undefined = no limit. Versions 1 and 2 are read
 * (cgroups(7)). In a container the path in /proc/self/cgroup may be the host's, which does not exist there: the mounted folder is then
 * the container's own.
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
