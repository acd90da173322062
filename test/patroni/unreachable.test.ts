import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { collectorRun } from '../collectors/collect-patroni.ts';
import { HANG, httpReply, recorded, startPatroni, type Reply, type StandInPatroni } from '../stand-ins/patroni.ts';

/** No endpoint answers, and which other members are asked. */
const healthy = recorded(join(import.meta.dirname, '../fixtures/patroni/v4.1.4'), 's1_healthy', 'node1');
const FAILED = { ok: false, partial: false, timed_out: false, collected_at: null };

const running: StandInPatroni[] = [];
afterEach(async () => {
  await Promise.all(running.splice(0).map((patroni) => patroni.close()));
});

async function start(reply: (path: string) => Reply): Promise<StandInPatroni> {
  const patroni = await startPatroni(reply);
  running.push(patroni);
  return patroni;
}

describe('something else answers: one request is enough', () => {
  test.for<[situation: string, reply: Reply, error: string]>([
    [
      'a web server without that page',
      httpReply(404, '<html>not found</html>', 'text/html'),
      "HTTP 404: is this Patroni's REST API?",
    ],
    [
      'a web server with a page for everything',
      httpReply(200, '<html>hello</html>', 'text/html'),
      "the reply is not JSON (HTTP 200, 18 characters): is this Patroni's REST API?",
    ],
    [
      'an API with JSON for everything',
      httpReply(200, '{"status": "ok"}'),
      "its JSON is not Patroni's (HTTP 200): is this Patroni's REST API?",
    ],
    [
      'JSON that is not an object',
      httpReply(200, '[]'),
      "its JSON is not Patroni's (HTTP 200): is this Patroni's REST API?",
    ],
    [
      'a proxy with nothing behind it',
      httpReply(503, '<html>no server is available</html>', 'text/html'),
      "the reply is not JSON (HTTP 503, 35 characters): is this Patroni's REST API?",
    ],
    [
      'a proxy that requires a login',
      httpReply(401, 'who are you?', 'text/html'),
      'HTTP 401: a proxy asks for a login: Patroni itself needs none for reading (--patroni-url)',
    ],
    ['a redirection', httpReply(302, '', 'text/html'), "HTTP 302: is this Patroni's REST API?"],
    ['no content', httpReply(204, ''), "HTTP 204: is this Patroni's REST API?"],
    [
      'megabytes',
      httpReply(200, 'x'.repeat(5_000_000)),
      "the reply is larger than 4194304 bytes: is this Patroni's REST API?",
    ],
    ['no HTTP', 'SSH-2.0-OpenSSH_9.2\r\n', "the reply is not HTTP (HPE_INVALID_CONSTANT): is this Patroni's REST API?"],
  ])('%s', async ([, reply, error]) => {
    const other = await start(() => reply);
    expect(await collectorRun(other.url)).toEqual({ ...FAILED, error: `${other.url}/patroni: ${error}` });
    expect(other.asked).toEqual(['/patroni']);
  });
});

test('connection refused', async () => {
  const url = await freeUrl();
  expect(await collectorRun(url)).toEqual({ ...FAILED, error: `${url}/patroni: ${REFUSED}` });
});

test('the host name cannot be resolved', async () => {
  const run = await collectorRun('http://patroni.invalid:8008');
  expect(run).toEqual({ ...FAILED, error: expect.stringMatching(UNRESOLVED) as string });
});

test('every connection is closed at once', async () => {
  const { url } = await start(() => '');
  const error = `${url}/patroni, /config, /cluster, /history: the connection was closed without an answer: if it uses TLS, it needs an https:// URL`;
  expect(await collectorRun(url)).toEqual({ ...FAILED, error });
});

test('Patroni hangs', async () => {
  const { url, asked } = await start(() => HANG);
  const { error, ...run } = await collectorRun(url, { timeout: 3_000 });
  expect(run).toEqual({ ...FAILED, timed_out: true });
  expect(error?.replace(/within [\d.]+ s/g, 'within N s')).toBe(
    `${url} did not answer /patroni within N s, /config within N s, /cluster within N s, /history within N s: Patroni hangs`,
  );
  expect(asked).toEqual(['/patroni', '/config', '/cluster', '/history']);
});

describe('several URLs: /patroni from all, the other endpoints from one', () => {
  const ALL_WELL = {
    ok: true,
    partial: false,
    timed_out: false,
    error: null,
    collected_at: expect.any(Number) as number,
  };

  test('both answer: the other endpoints are requested from the first', async () => {
    const [first, second] = [await start(healthy), await start(healthy)];
    expect(await collectorRun([first.url, second.url])).toEqual(ALL_WELL);
    expect([first.asked, second.asked]).toEqual([['/patroni', '/config', '/cluster', '/history'], ['/patroni']]);
  });

  test('the first refuses', async () => {
    const second = await start(healthy);
    expect(await collectorRun([await freeUrl(), second.url])).toEqual(ALL_WELL);
  });

  test('the first hangs', async () => {
    const [first, second] = [await start(() => HANG), await start(healthy)];
    expect(await collectorRun([first.url, second.url], { timeout: 5_000 })).toEqual(ALL_WELL);
    expect(first.asked).toEqual(['/patroni']);
    expect(second.asked).toEqual(['/patroni', '/config', '/cluster', '/history']);
  });

  test('the first is not Patroni', async () => {
    const [first, second] = [await start(() => httpReply(200, '{"status": "ok"}')), await start(healthy)];
    expect(await collectorRun([first.url, second.url])).toEqual(ALL_WELL);
    expect(first.asked).toEqual(['/patroni']);
  });

  test('PostgreSQL of the first hangs and the second refuses connections: the first still answers the other endpoints', async () => {
    const first = await start((path) => (path === '/patroni' ? HANG : healthy(path)));
    const second = await freeUrl();
    const { error, ...run } = await collectorRun([first.url, second], { timeout: 5_000 });
    expect(run).toEqual({ ...ALL_WELL, error: undefined, ok: false, partial: true, timed_out: true });
    expect(error?.replace(/within [\d.]+ s/g, 'within N s')).toBe(
      `${first.url} did not answer /patroni within N s: either its PostgreSQL hangs, or Patroni itself hangs; ${second}/patroni: ${REFUSED}`,
    );
  });

  test('all hang: no unnecessary request is sent', async () => {
    const [first, second] = [await start(() => HANG), await start(() => HANG)];
    const { error, ...run } = await collectorRun([first.url, second.url], { timeout: 3_000 });
    expect(run).toEqual({ ...FAILED, timed_out: true });
    const hangs = 'either its PostgreSQL hangs, or Patroni itself hangs';
    expect(error?.replace(/within [\d.]+ s/g, 'within N s')).toBe(
      `${first.url} did not answer /config within N s: its DCS is slow or unreachable; ` +
        `${second.url} did not answer /config within N s: its DCS is slow or unreachable; ` +
        `${first.url} did not answer /patroni within N s: ${hangs}; ${second.url} did not answer /patroni within N s: ${hangs}`,
    );
    expect([first.asked, second.asked]).toEqual([
      ['/patroni', '/config'],
      ['/patroni', '/config'],
    ]);
  });

  test('none answers: one error for each', async () => {
    const [first, second] = [await freeUrl(), await start(() => httpReply(404, ''))];
    expect(await collectorRun([first, second.url])).toEqual({
      ...FAILED,
      error: `${first}/patroni: ${REFUSED}; ${second.url}/patroni: HTTP 404: is this Patroni's REST API?`,
    });
  });

  test('a URL may have a path, with or without a slash at its end', async () => {
    const proxied = await start((path) => healthy(path.replace(/^\/node1/, '')));
    expect(await collectorRun(`${proxied.url}/node1/`)).toEqual(ALL_WELL);
    expect(proxied.asked).toEqual(['/node1/patroni', '/node1/config', '/node1/cluster', '/node1/history']);
  });
});

const REFUSED =
  'connection refused: either Patroni is not running there, or its REST API listens elsewhere (--patroni-url)';
const UNRESOLVED =
  /^http:\/\/patroni\.invalid:8008\/patroni: the host name patroni\.invalid cannot be resolved \((ENOTFOUND|EAI_AGAIN)\)$/;

async function freeUrl(): Promise<string> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return `http://127.0.0.1:${String(port)}`;
}
