import { describe, expect, test } from 'vitest';
import { groupUrl, push } from '../../src/deliveries/pushgateway.ts';
import { asError } from '../../src/errors.ts';
import { deadlineAt } from '../../src/system/deadline.ts';
import { startReceiver, type Response } from '../stand-ins/receiver.ts';
import { SILENT } from '../stand-ins/collect.ts';

const METRICS = 'postgres_status_up{scope="demo"} 1\n';

async function pushTo(url: string, { cluster = 'demo', limit = 5000, proxies = {} } = {}): Promise<string | undefined> {
  const texts = { published: '', printed: '', metrics: METRICS, cluster, labels: {} };
  const means = {
    limit: { deadline: deadlineAt(performance.now() + limit), signal: new AbortController().signal, grace: 1000 },
    log: SILENT,
  };
  try {
    await push(texts, { to: 'pushgateway', url: new URL(url), proxies }, means);
    return undefined;
  } catch (error) {
    return asError(error).message;
  }
}

test('the metrics are put into the group of the cluster', async () => {
  const gateway = await startReceiver();
  expect(await pushTo(`${gateway.url}/prefix/`)).toBeUndefined();
  expect(gateway.received).toEqual([
    {
      method: 'PUT',
      url: '/prefix/metrics/job/postgres-status/scope/demo',
      authorization: undefined,
      type: 'text/plain; version=0.0.4; charset=utf-8',
      body: METRICS,
    },
  ]);
});

test('user name and password of the URL are sent as basic authentication', async () => {
  const gateway = await startReceiver();
  await pushTo(gateway.url.replace('//', '//metrics:se%40cret@'));
  expect(gateway.received[0]).toMatchObject({
    url: '/metrics/job/postgres-status/scope/demo',
    authorization: `Basic ${Buffer.from('metrics:se@cret').toString('base64')}`,
  });
});

test('a proxy that the environment names is used', async () => {
  const proxy = await startReceiver();
  const proxies = { http_proxy: proxy.url };
  expect(await pushTo('http://pushgateway.invalid:9091', { proxies })).toBeUndefined();
  expect(proxy.received[0]?.url).toBe('http://pushgateway.invalid:9091/metrics/job/postgres-status/scope/demo');
  const gateway = await startReceiver();
  expect(await pushTo(gateway.url, { proxies: { ...proxies, no_proxy: '127.0.0.1' } })).toBeUndefined();
  expect([proxy.received.length, gateway.received.length]).toEqual([1, 1]);
});

describe('the path of a group', () => {
  test.each([
    ['demo', 'scope/demo'],
    ['a b', 'scope/a%20b'],
    ['100%', 'scope/100%25'],
    ['zürich', 'scope/z%C3%BCrich'],
    ['db1:8008', 'scope/db1%3A8008'],
    ['a?b#c', 'scope/a%3Fb%23c'],
    // base64url, without which a slash would end the value
    ['team/a>', 'scope@base64/dGVhbS9hPg'],
    ['', 'scope@base64/='],
    // would be resolved as path segments
    ['.', 'scope@base64/Lg'],
    ['..', 'scope@base64/Li4'],
    // as in the label of the metrics
    ['a\u001bb', 'scope/a%EF%BF%BDb'],
    ['a\ud800b', 'scope/a%EF%BF%BDb'],
  ])('%j', (cluster, path) => {
    expect(groupUrl(new URL('http://pg:9091'), cluster).href).toBe(
      `http://pg:9091/metrics/job/postgres-status/${path}`,
    );
  });
});

describe('failures: one sentence', () => {
  const cases: [what: string, response: Response, sentence: string][] = [
    [
      'the metrics are rejected',
      { status: 400, body: 'text format parsing error in line 1:\n unexpected end of input\n' },
      'the Pushgateway rejects the metrics (HTTP 400): text format parsing error in line 1: unexpected end of input',
    ],
    [
      'with a long message',
      { status: 400, body: 'x'.repeat(1000) },
      `the Pushgateway rejects the metrics (HTTP 400): ${'x'.repeat(300)}…`,
    ],
    ['without a message', { status: 400 }, 'HTTP 400: is --pushgateway correct?'],
    [
      'a login is required',
      { status: 401 },
      'HTTP 401: it asks for a login: put the user name and the password into the URL, in the variable or the file of --pushgateway',
    ],
    ['something else listens there', { status: 404, body: '<html>' }, 'HTTP 404: is --pushgateway correct?'],
    [
      'it redirects to TLS',
      { status: 301, headers: { location: 'https://pg.example.org/metrics' } },
      'HTTP 301: it redirects to https://pg.example.org, and redirects are not followed: correct --pushgateway',
    ],
    [
      'it redirects to a login page',
      { status: 302, headers: { location: '/login' } },
      'HTTP 302: it redirects to another path, and redirects are not followed: correct --pushgateway',
    ],
    [
      'it redirects nowhere',
      { status: 302 },
      'HTTP 302: it redirects, and redirects are not followed: correct --pushgateway',
    ],
    ['it is broken', 'close', 'the connection was closed without an answer: if it uses TLS, it needs an https:// URL'],
    [
      'its reply never ends',
      { status: 200, body: 'x'.repeat(100_000) },
      'the reply is larger than 65536 bytes: is --pushgateway correct?',
    ],
  ];
  test.each(cases)('%s', async (_, response, sentence) => {
    const gateway = await startReceiver(() => response);
    expect(await pushTo(gateway.url)).toBe(`not pushed to ${gateway.url}: ${sentence}`);
    expect(gateway.received).toHaveLength(1);
  });

  test('it hangs', async () => {
    const gateway = await startReceiver(() => 'hang');
    expect(await pushTo(gateway.url, { limit: 300 })).toBe(
      `not pushed to ${gateway.url}: it did not answer within 0.3 s`,
    );
  });

  test('connection refused; the user info is not shown', async () => {
    expect(await pushTo('http://metrics:secret@127.0.0.1:1')).toBe(
      'not pushed to http://127.0.0.1:1: connection refused: either it is not running there, or it listens elsewhere (--pushgateway)',
    );
  });

  test('the host does not exist', async () => {
    expect(await pushTo('http://pushgateway.invalid:9091')).toMatch(
      /^not pushed to http:\/\/pushgateway\.invalid:9091: the host name pushgateway\.invalid cannot be resolved \((ENOTFOUND|EAI_AGAIN)\)$/,
    );
  });

  test('it does not use TLS', async () => {
    const gateway = await startReceiver();
    const url = gateway.url.replace('http:', 'https:');
    expect(await pushTo(url)).toBe(`not pushed to ${url}: the server does not use TLS (wrong version number)`);
  });
});
