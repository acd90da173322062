import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { memoryLimit } from '../../src/system/memory.ts';
import { temporaryFolder } from '../stand-ins/temporary.ts';

const MIB = 1024 * 1024;

/** A root folder with these files. */
function root(files: Readonly<Record<string, string>>): string {
  const folder = temporaryFolder();
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  return folder;
}

test.each<[string, Record<string, string>, number | undefined]>([
  ['no cgroups at all', {}, undefined],
  ['version 2, no limit', { 'proc/self/cgroup': '0::/\n', 'sys/fs/cgroup/memory.max': 'max\n' }, undefined],
  ['version 2, in a container', { 'proc/self/cgroup': '0::/\n', 'sys/fs/cgroup/memory.max': '268435456\n' }, 256 * MIB],
  [
    'version 2, a slice above sets a lower limit',
    {
      'proc/self/cgroup': '0::/system.slice/cron.service\n',
      'sys/fs/cgroup/system.slice/cron.service/memory.max': 'max\n',
      'sys/fs/cgroup/system.slice/memory.max': '134217728\n',
    },
    128 * MIB,
  ],
  [
    'version 1, in a container that sees the path of the host',
    {
      'proc/self/cgroup': '12:cpu,cpuacct:/kubepods/a\n4:memory:/kubepods/a\n',
      'sys/fs/cgroup/memory/memory.limit_in_bytes': '67108864\n',
    },
    64 * MIB,
  ],
  [
    'version 1, no limit',
    {
      'proc/self/cgroup': '4:memory:/\n',
      'sys/fs/cgroup/memory/memory.limit_in_bytes': '9223372036854771712\n',
    },
    undefined,
  ],
  [
    'both versions mounted',
    {
      'proc/self/cgroup': '4:memory:/a\n0::/init.scope\n',
      'sys/fs/cgroup/memory/a/memory.limit_in_bytes': '100663296\n',
    },
    96 * MIB,
  ],
])('%s', (_, files, limit) => {
  expect(memoryLimit(root(files))).toBe(limit);
});
