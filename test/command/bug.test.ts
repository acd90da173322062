import { expect, test } from 'vitest';
import { generator } from '../../src/generator.ts';
import { startHost } from '../stand-ins/host.ts';

/** Causes an error that no input can cause. */
const breaking = (what: string) => ({
  environment: { NODE_OPTIONS: `--import="data:text/javascript,${encodeURIComponent(what)}"` },
});
const BUG = `this is a bug in ${generator.name} ${generator.version}, please report it (--verbose shows where it is): boom`;
const NOBODY_WAITS = 'setTimeout(() => { throw new TypeError("boom") }, 300)';

test('an unexpected error is reported as a bug, with exit status 3', async () => {
  const host = await startHost(breaking(NOBODY_WAITS));
  host.program('wal-g', 'sleep 5');
  const ended = await host.run('--collect', 'walg_backups');
  expect(ended).toEqual({ status: 3, stdout: '', stderr: `postgres-status: ${BUG}\n` });
});

test('--verbose shows its stack', async () => {
  const host = await startHost(breaking(NOBODY_WAITS));
  host.program('wal-g', 'sleep 5');
  const { status, stderr } = await host.run('--collect', 'walg_backups', '--verbose');
  expect(status).toBe(3);
  expect(stderr).toMatch(/^postgres-status: at .*data:text/m);
  expect(stderr).toContain(`postgres-status: ${BUG}\n`);
});

test('a plugin is UNKNOWN, and prints that on stdout', async () => {
  const host = await startHost(breaking(NOBODY_WAITS));
  host.program('wal-g', 'sleep 5');
  const { status, stdout } = await host.run('--collect', 'walg_backups', '--check');
  expect({ status, stdout }).toEqual({ status: 3, stdout: `POSTGRES UNKNOWN - ${BUG}\n` });
});

test('a run that did not end in time is not reported as a bug', async () => {
  const host = await startHost();
  const { status, stderr } = await host.shell('sleep 5 | $CLI --input - --timeout 2s');
  expect({ status, stderr }).toEqual({ status: 3, stderr: 'postgres-status: the run did not end within 2 s\n' });
});
