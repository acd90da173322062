import { existsSync, mkdirSync, symlinkSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, inject, test } from 'vitest';
import { SILENCE } from './metrics.ts';
import { run } from './processes.ts';

const UNITS = resolve(import.meta.dirname, '../../examples/systemd');

/** Runs in a separate mount namespace in which the command is installed; $1 is the folder of the installed files. */
const VERIFY = `
mount -t overlay overlay -o "lowerdir=$1:/usr/local/bin" /usr/local/bin
shift
exec systemd-analyze "$@"
`;

describe.skipIf(process.getuid?.() !== 0)('the units of examples/systemd (root only, who may mount)', () => {
  function analyze(...args: string[]) {
    const folder = join(inject('workshop'), 'systemd');
    mkdirSync(folder, { recursive: true });
    const installed = join(folder, 'postgres-status');
    if (!existsSync(installed)) symlinkSync(inject('postgresStatus'), installed);
    return run(['unshare', '--mount', '/bin/sh', '-e', '-c', VERIFY, 'systemd', folder, ...args]);
  }

  test('systemd-analyze verify reports nothing', async () => {
    const units = ['service', 'timer'].map((kind) => join(UNITS, `postgres-status.${kind}`));
    // only npm installs the manual page
    expect(await analyze('verify', '--man=no', ...units)).toEqual(SILENCE);
  });

  test('the service is confined: an exposure of 4.0 of 10 at most', async () => {
    const service = join(UNITS, 'postgres-status.service');
    const { stdout } = await analyze('security', '--offline=true', '--threshold=40', '--no-pager', service);
    expect(stdout).toMatch(/Overall exposure level for postgres-status\.service: [0-3]\.\d OK/);
  });
});
