import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, onTestFinished, test } from 'vitest';
import { recorded, startPatroni } from '../stand-ins/patroni.ts';
import { temporaryFolder } from '../stand-ins/temporary.ts';

const healthy = recorded(join(import.meta.dirname, '../fixtures/patroni/v4.1.4'), 's1_healthy', 'node1');

/** Runs the real program, because Node.js reads these variables only at its start. Port 9 (discard) is closed. */
test('HTTP proxies in the environment are not used', async () => {
  const patroni = await startPatroni(healthy);
  onTestFinished(patroni.close);
  const proxy = 'http://127.0.0.1:9';
  const env = {
    PATH: process.env['PATH'],
    NODE_USE_ENV_PROXY: '1',
    HTTP_PROXY: proxy,
    http_proxy: proxy,
    ALL_PROXY: proxy,
  };
  const args = ['src/cli.ts', '--collect', 'patroni', '--env', temporaryFolder(), '--patroni-url', patroni.url];
  const { stdout } = await promisify(execFile)(process.execPath, args, {
    cwd: join(import.meta.dirname, '../..'),
    env,
  });
  expect(JSON.parse(stdout)).toMatchObject({ collectors: { patroni: { ok: true, error: null } } });
  expect(patroni.asked).toEqual(['/patroni', '/config', '/cluster', '/history']);
});
