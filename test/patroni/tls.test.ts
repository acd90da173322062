import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TlsOptions } from 'node:tls';
import { describe, expect, onTestFinished } from 'vitest';
import { collectorRun } from '../collectors/collect-patroni.ts';
import { needs } from '../stand-ins/needs.ts';
import { recorded, startPatroni } from '../stand-ins/patroni.ts';
import { certificateFolder, PASSPHRASE, readClient, type Client } from './certificates.ts';
import { startOpensslServer } from './openssl-server.ts';

/** TLS as patronictl does it (its request.py), against a real TLS server with certificates made for the test. */
const test = needs('openssl');
const healthy = recorded(join(import.meta.dirname, '../fixtures/patroni/v4.1.4'), 's1_healthy', 'node1');
const folder = certificateFolder();
const path = (name: string) => join(folder, name);
const given = (client: Client) => readClient(folder, client);

type Server = 'server' | 'elsewhere';

function serve(name: Server, verify = false, options: TlsOptions = {}): TlsOptions {
  const file = (ending: string) => readFileSync(path(`${name}.${ending}`));
  const clients = verify && { ca: readFileSync(path('ca.crt')), requestCert: true, rejectUnauthorized: true };
  return { cert: file('crt'), key: file('key'), ...clients, ...options };
}

async function errorOf(client: Client, server?: TlsOptions, scheme?: string) {
  const patroni = await startPatroni(healthy, server);
  onTestFinished(patroni.close);
  const url = patroni.url.replace(/^https?/, scheme ?? '$&');
  const { error } = await collectorRun(url, { tls: given(client) });
  return error?.replaceAll(url, 'URL') ?? 'none';
}

describe('the certificate of Patroni', () => {
  const UNTRUSTED =
    'URL/patroni: the certificate is not trusted (UNABLE_TO_VERIFY_LEAF_SIGNATURE): give the CA that signed it with --patroni-ca-cert';
  const MISNAMED = 'URL/patroni: the certificate is not valid for 127.0.0.1: use a host name that it contains';
  const own = { cert: 'client.crt', key: 'client.key' };

  test.for<[situation: string, server: Server, client: Client, error: string]>([
    ['its CA is given', 'server', { ca: 'ca.crt' }, 'none'],
    ['its CA is not given: not silently insecure', 'server', {}, UNTRUSTED],
    ['another CA is given', 'server', { ca: 'other-ca.crt' }, UNTRUSTED],
    ['it is for another host', 'elsewhere', { ca: 'ca.crt' }, MISNAMED],
    ['insecure: nothing is verified', 'elsewhere', { insecure: true }, 'none'],
    [
      'insecure with a client certificate: the host name is not',
      'elsewhere',
      { ...own, ca: 'ca.crt', insecure: true },
      'none',
    ],
    ['insecure with a client certificate: the CA still is', 'elsewhere', { ...own, insecure: true }, UNTRUSTED],
  ])('%s', async ([, server, client, error]) => {
    expect(await errorOf(client, serve(server))).toBe(error);
  });

  test('NODE_TLS_REJECT_UNAUTHORIZED does not make it insecure', async () => {
    process.env['NODE_TLS_REJECT_UNAUTHORIZED'] = '0';
    onTestFinished(() => {
      delete process.env['NODE_TLS_REJECT_UNAUTHORIZED'];
    });
    expect(await errorOf({}, serve('server'))).toBe(UNTRUSTED);
  });
});

describe('Patroni wants a client certificate (verify_client: required)', () => {
  const REQUIRED = 'give --patroni-cert and --patroni-key';

  test.for<[situation: string, client: Client]>([
    ['with its key', { cert: 'client.crt', key: 'client.key' }],
    ['with its key in the same file', { cert: 'both.pem' }],
    ['with a key that a passphrase protects', { cert: 'client.crt', key: 'locked.key', passphrase: PASSPHRASE }],
  ])('it is given %s', async ([, client]) => {
    expect(await errorOf({ ca: 'ca.crt', ...client }, serve('server', true))).toBe('none');
  });

  test('none is given, TLS 1.3', async () => {
    expect(await errorOf({ ca: 'ca.crt' }, serve('server', true))).toBe(
      `URL/patroni: a client certificate is required (tlsv13 alert certificate required): ${REQUIRED}`,
    );
  });

  test('none is given, TLS 1.2', async () => {
    expect(await errorOf({ ca: 'ca.crt' }, serve('server', true, { maxVersion: 'TLSv1.2' }))).toBe(
      `URL/patroni: a client certificate is required (ssl/tls alert handshake failure): ${REQUIRED}`,
    );
  });

  test('one of another CA is given', async () => {
    expect(await errorOf({ ca: 'ca.crt', cert: 'stranger.crt', key: 'stranger.key' }, serve('server', true))).toBe(
      'URL/patroni, /config, /cluster, /history: the connection was closed without an answer: either Patroni was shutting down, or it rejects the client certificate',
    );
  });

  // a Node.js server only closes the connection; OpenSSL, which Python uses, sends the reason
  test.for(['-tls1_3', '-tls1_2'])('one of another CA is given, to a server that says so, %s', async (version) => {
    const url = await startOpensslServer(folder, version);
    const { error } = await collectorRun(url, {
      tls: given({ ca: 'ca.crt', cert: 'stranger.crt', key: 'stranger.key' }),
    });
    expect(error).toBe(
      `${url}/patroni: Patroni rejects the client certificate (tlsv1 alert unknown ca): use one that is signed by the CA in its restapi.cafile`,
    );
  });
});

describe('http and https mixed up', () => {
  test('http to a port that uses TLS', async () => {
    expect(await errorOf({}, serve('server'), 'http')).toBe(
      'URL/patroni, /config, /cluster, /history: the connection was closed without an answer: if it uses TLS, it needs an https:// URL',
    );
  });

  test('https to a port that does not', async () => {
    expect(await errorOf({ ca: 'ca.crt' }, undefined, 'https')).toBe(
      'URL/patroni: the server does not use TLS (wrong version number): use an http:// URL',
    );
  });
});
