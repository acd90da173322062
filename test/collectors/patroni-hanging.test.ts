import { describe, expect, onTestFinished, test } from 'vitest';
import { HANG, held, httpReply, stalled, startPatroni } from '../stand-ins/patroni.ts';
import { collectPatroni } from './collect-patroni.ts';
import { ask, healthy, healthyBut, type Path } from './healthy-but.ts';

/** Each of the four requests may hang without affecting the others. */
describe('hangs, even with --timeout 5s', () => {
  test.concurrent.for<[hanging: Path[], error: string]>([
    [['/patroni'], 'URL did not answer /patroni within N s: its PostgreSQL hangs'],
    [['/config'], 'URL did not answer /config within N s: its DCS is slow or unreachable'],
    [['/cluster'], 'URL did not answer /cluster within N s: its DCS is slow or unreachable'],
    [['/history'], 'URL did not answer /history within N s: its DCS is slow or unreachable'],
    [
      ['/patroni', '/cluster'],
      'URL did not answer /patroni within N s, /cluster within N s: its PostgreSQL hangs, and its DCS is slow or unreachable',
    ],
    [
      ['/patroni', '/config', '/cluster'],
      'URL did not answer /patroni within N s, /config within N s, /cluster within N s: its PostgreSQL hangs, and its DCS is slow or unreachable',
    ],
    [
      ['/config', '/cluster', '/history'],
      'URL did not answer /config within N s, /cluster within N s, /history within N s: its DCS is slow or unreachable',
    ],
  ])('%s', async ([hanging, error], { expect }) => {
    const document = await ask((path) => (hanging.includes(path as Path) ? HANG : healthy(path)), { timeout: 5_000 });
    const expected = await healthyBut(hanging, error, true);
    const run = { ...expected.collectors.patroni, timed_out: true };
    expect(document).toEqual({ ...expected, collectors: { patroni: run } });
  });
});

test('a reply that begins and never ends counts as a hang', async () => {
  const half = stalled(httpReply(200, '{"members": ['));
  const document = await ask((path) => (path === '/cluster' ? half : healthy(path)), { timeout: 5_000 });
  expect(document.collectors.patroni.error).toBe(
    'URL did not answer /cluster within N s: its DCS is slow or unreachable',
  );
  expect(document.failovers).toHaveLength(2);
});

test('the DCS is unreachable: Patroni delays each request that needs it, and closes the connection', async () => {
  const document = await ask((path) => (path === '/patroni' ? healthy(path) : held(200)));
  const error =
    'URL/config, /cluster, /history: the connection was closed without an answer: Patroni cannot reach its DCS (see its log)';
  expect(document).toEqual(await healthyBut(['/config', '/cluster', '/history'], error, true));
});

test('PostgreSQL hangs and the DCS is unreachable: the message distinguishes them', async () => {
  const document = await ask((path) => (path === '/patroni' ? HANG : held(200)), { timeout: 5_000 });
  expect(document.collectors.patroni).toMatchObject({
    ok: false,
    partial: false,
    timed_out: true,
    error:
      'URL did not answer /patroni within N s: its PostgreSQL hangs; URL/config, /cluster, /history: the connection was closed without an answer: Patroni cannot reach its DCS (see its log)',
  });
});

test('the four endpoints are requested one after the other, each once', async () => {
  const patroni = await startPatroni((path) => healthy(path));
  onTestFinished(patroni.close);
  await collectPatroni(patroni.url);
  expect(patroni.asked).toEqual(['/patroni', '/config', '/cluster', '/history']);
});
