import { createServer } from 'node:https';
import { readFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { ping } from '../../src/deliveries/ping.ts';
import { asError } from '../../src/errors.ts';
import { certificateFolder } from '../patroni/certificates.ts';
import { limitOf, SILENT } from '../stand-ins/collect.ts';
import { needs } from '../stand-ins/needs.ts';
import { startReceiver, type Response } from '../stand-ins/receiver.ts';

const folder = certificateFolder();

async function call(url: string, failed = false, milliseconds?: number): Promise<string | undefined> {
  try {
    await ping({ url: new URL(url), proxies: {} }, failed, limitOf(milliseconds), SILENT);
    return undefined;
  } catch (error) {
    return asError(error).message;
  }
}

test.each([
  ['/0a1b2c3d', false, '/0a1b2c3d'],
  ['/0a1b2c3d', true, '/0a1b2c3d/fail'],
  ['/0a1b2c3d/', true, '/0a1b2c3d/fail'],
  ['/key/slug?create=1', false, '/key/slug?create=1'],
  ['/key/slug?create=1', true, '/key/slug/fail?create=1'],
])('%s, failed: %s', async (path, failed, called) => {
  const service = await startReceiver(() => ({ status: 200, body: 'OK' }));
  expect(await call(service.url + path, failed)).toBeUndefined();
  expect(service.received).toMatchObject([{ method: 'GET', url: called, body: '' }]);
});

describe('failures: one sentence, without the path', () => {
  const cases: [Response, string][] = [
    [{ status: 404, body: 'not found' }, 'HTTP 404: it does not know the URL of --ping'],
    [{ status: 429, body: 'rate limited' }, 'HTTP 429: is --ping correct?'],
    [
      { status: 301, headers: { location: 'https://hc.example.org/0a1b2c3d' } },
      'HTTP 301: it redirects to https://hc.example.org, and redirects are not followed: correct --ping',
    ],
    ['close', 'the connection was closed without an answer: if it uses TLS, it needs an https:// URL'],
  ];
  test.each(cases)('%j', async (response, sentence) => {
    const service = await startReceiver(() => response);
    expect(await call(`${service.url}/0a1b2c3d`)).toBe(`the ping to ${service.url} failed: ${sentence}`);
    expect(service.received).toHaveLength(1);
  });

  test('it hangs', async () => {
    const service = await startReceiver(() => 'hang');
    expect(await call(`${service.url}/0a1b2c3d`, false, 300)).toBe(
      `the ping to ${service.url} failed: it did not answer within 0.3 s`,
    );
  });
});

needs('openssl')('a certificate that no known CA signed is not accepted, whatever the environment says', async () => {
  const read = (name: string) => readFileSync(join(folder, name));
  const server = createServer({ cert: read('server.crt'), key: read('server.key') }, (_request, response) => {
    response.end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  const url = `https://127.0.0.1:${String((server.address() as AddressInfo).port)}`;
  process.env['NODE_TLS_REJECT_UNAUTHORIZED'] = '0';
  onTestFinished(() => {
    delete process.env['NODE_TLS_REJECT_UNAUTHORIZED'];
  });
  expect(await call(`${url}/0a1b2c3d`)).toBe(
    `the ping to ${url} failed: the certificate is not trusted (UNABLE_TO_VERIFY_LEAF_SIGNATURE): set NODE_EXTRA_CA_CERTS to the file of the CA that signed it`,
  );
});
