import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import type { TlsOptions } from 'node:tls';
import { describe, expect, onTestFinished, test as plain } from 'vitest';
import { certificateFolder } from '../patroni/certificates.ts';
import { startOpensslServer } from '../patroni/openssl-server.ts';
import { NODE1 } from '../stand-ins/host.ts';
import { needs } from '../stand-ins/needs.ts';
import { HANG, startPatroni } from '../stand-ins/patroni.ts';
import { bad, examined, good, type Shown } from './examined.ts';

const test = needs('openssl');
const folder = certificateFolder();
const path = (name: string) => join(folder, name);
const file = (name: string) => readFileSync(path(name));

const serve = (name: string, options: TlsOptions = {}): TlsOptions => ({
  cert: file(`${name}.crt`),
  key: file(`${name}.key`),
  ...options,
});
const wanting = (): TlsOptions => ({ ca: file('ca.crt'), requestCert: true, rejectUnauthorized: true });
const DAY = 86_400_000;

/** The result of patroni_tls for a server, this many days from now. */
async function told(server: TlsOptions | undefined, args: readonly string[], { days = 0, scheme = '' } = {}) {
  const patroni = await startPatroni(NODE1, server);
  onTestFinished(patroni.close);
  const url = scheme === '' ? patroni.url : patroni.url.replace(/^https?/, scheme);
  const given = args.map((arg) => (arg.includes('.') ? path(arg) : arg));
  const now = () => Date.now() + days * DAY;
  return examined('patroni_tls', { args: ['--patroni-url', url, ...given], subject: { now } });
}

const CA = ['--patroni-ca-cert', 'ca.crt'];
const CLIENT = ['--patroni-cert', 'client.crt', '--patroni-key', 'client.key'];
/** The certificates of the tests are valid for two days. */
const end = () => new Date(Date.now() + 2 * DAY).toISOString().slice(0, 10);
const HINT = 'Set --patroni-ca-cert to the CA that signed the certificate; patronictl uses the same one.';
const OURS =
  'Set --patroni-cert and --patroni-key to a client certificate that the CA in restapi.cafile of Patroni signed.';

describe('the certificate of Patroni', () => {
  test('is valid for a long time', async () => {
    expect(await told(serve('server'), CA, { days: -30 })).toEqual(
      good('ok', `https://ADDRESS: its certificate is valid until ${end()}`),
    );
  });

  test('expires soon', async () => {
    expect(await told(serve('server'), CA)).toEqual(
      bad('warning', `https://ADDRESS: its certificate is valid until ${end()}, for 1 d`, 'Renew the certificate.'),
    );
  });

  test('has expired', async () => {
    expect(await told(serve('server'), CA, { days: 3 })).toEqual(
      bad('failed', `https://ADDRESS: its certificate expired on ${end()}`, 'Renew the certificate.'),
    );
    expect(await told(serve('expired'), CA)).toEqual(
      bad('failed', 'https://ADDRESS: the certificate has expired', 'Renew the certificate.'),
    );
  });

  test('is signed by an unknown CA, or by another one', async () => {
    const untrusted = bad(
      'failed',
      'https://ADDRESS: the certificate is not trusted (UNABLE_TO_VERIFY_LEAF_SIGNATURE): give the CA that signed it with --patroni-ca-cert',
      HINT,
    );
    expect(await told(serve('server'), [])).toEqual(untrusted);
    expect(await told(serve('server'), ['--patroni-ca-cert', 'other-ca.crt'])).toEqual(untrusted);
  });

  test('is for another host', async () => {
    expect(await told(serve('elsewhere'), CA)).toEqual(
      bad(
        'failed',
        'https://ADDRESS: the certificate is not valid for 127.0.0.1: use a host name that it contains',
        'Use a host name of the certificate in --patroni-url, or issue one that has this name.',
      ),
    );
  });

  test('is not verified', async () => {
    expect(await told(serve('elsewhere'), ['--patroni-insecure'], { days: -30 })).toEqual(
      bad(
        'warning',
        `https://ADDRESS: its certificate is valid until ${end()}, and is not verified`,
        'Set --patroni-ca-cert instead of --patroni-insecure.',
      ),
    );
  });
});

describe.each(['TLSv1.2', 'TLSv1.3'] as const)('%s: Patroni wants a client certificate', (version) => {
  const asking = () => serve('server', { ...wanting(), minVersion: version, maxVersion: version });

  test('and gets it', async () => {
    expect(await told(asking(), [...CA, ...CLIENT], { days: -30 })).toEqual(
      good(
        'ok',
        `https://ADDRESS: its certificate is valid until ${end()}; our client certificate (--patroni-cert) is valid until ${end()}`,
      ),
    );
  });

  test('the client certificate expires soon', async () => {
    expect(await told(asking(), [...CA, ...CLIENT])).toEqual(
      bad(
        'warning',
        `https://ADDRESS: its certificate is valid until ${end()}, for 1 d; our client certificate (--patroni-cert) is valid until ${end()}, for 1 d`,
        'Renew the certificate.',
      ),
    );
  });

  test('and gets none', async () => {
    const reason = version === 'TLSv1.2' ? 'handshake failure' : 'certificate required';
    const { status, reason: said, remedy } = await told(asking(), CA);
    expect({ status, remedy }).toEqual({ status: 'failed', remedy: OURS });
    expect(said).toMatch(
      new RegExp(
        `^https://ADDRESS: a client certificate is required \\((ssl\\S+ |tlsv13 )?(alert )?${reason}\\): give --patroni-cert and --patroni-key$`,
      ),
    );
  });

  test('and gets one of another CA', async () => {
    const url = await startOpensslServer(folder, `-${version.toLowerCase().replace('v', '').replace('.', '_')}`);
    const own = ['--patroni-cert', path('stranger.crt'), '--patroni-key', path('stranger.key')];
    const args = ['--patroni-url', url, '--patroni-ca-cert', path('ca.crt'), ...own];
    const subject = { now: () => Date.now() - 30 * DAY };
    expect(await examined('patroni_tls', { args, subject })).toEqual(
      bad(
        'failed',
        `https://ADDRESS: Patroni rejects the client certificate (tlsv1 alert unknown ca): use one that is signed by the CA in its restapi.cafile; our client certificate (--patroni-cert) is valid until ${end()}`,
        OURS,
      ),
    );
  });
});

test('the server does not use TLS', async () => {
  const { status, reason, remedy } = await told(undefined, CA, { scheme: 'https' });
  expect({ status, remedy }).toEqual({
    status: 'failed',
    remedy: 'Use http:// in --patroni-url, or set restapi.certfile in the configuration of Patroni.',
  });
  expect(reason).toMatch(/^https:\/\/ADDRESS: the server does not use TLS \(.*\): use an http:\/\/ URL$/);
});

plain('connection refused', async () => {
  expect(await examined('patroni_tls', { args: ['--patroni-url', 'https://127.0.0.1:1'] })).toEqual(
    bad(
      'failed',
      'https://ADDRESS: connection refused: either Patroni is not running there, or its REST API listens elsewhere (--patroni-url)',
      'Start Patroni, or correct --patroni-url: no TLS connection was made.',
    ),
  );
});

plain('it accepts the connection, and answers no handshake', async () => {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : undefined;
  expect(
    await examined('patroni_tls', { args: ['--patroni-url', `https://127.0.0.1:${String(port)}`, '--timeout', '2s'] }),
  ).toEqual(
    bad(
      'failed',
      'https://ADDRESS: the host 127.0.0.1 cannot be reached (ETIMEDOUT)',
      'Start Patroni, or correct --patroni-url: no TLS connection was made.',
    ),
  );
});

test('it answers only the handshake: its certificate is still checked', async () => {
  const patroni = await startPatroni(() => HANG, serve('server'));
  onTestFinished(patroni.close);
  const args = ['--patroni-url', patroni.url, '--patroni-ca-cert', path('ca.crt'), '--timeout', '3s'];
  expect((await examined('patroni_tls', { args })).reason).toMatch(
    /^https:\/\/ADDRESS: its certificate is valid until/,
  );
});

describe('without TLS', () => {
  test.each<[situation: string, args: string[], shown: Shown]>([
    ['http alone', ['--patroni-url', 'http://127.0.0.1:1'], good('skipped', 'not used: no --patroni-url is https')],
    [
      'an invalid URL',
      ['--patroni-url', 'ftp://x'],
      good('skipped', 'not examined, because --patroni-url is not valid'),
    ],
    [
      'a file that is missing',
      ['--patroni-ca-cert', 'HOST/missing.pem'],
      bad(
        'failed',
        '--patroni-ca-cert HOST/missing.pem cannot be read (no such file or directory)',
        'Correct the file or the option: patronictl uses the same files (ctl: in its configuration).',
      ),
    ],
  ])('%s', async (_, args, shown) => {
    expect(await examined('patroni_tls', { args })).toEqual(shown);
  });
});
