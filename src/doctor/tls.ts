import { connect, type PeerCertificate } from 'node:tls';
import { X509Certificate } from 'node:crypto';
import { withoutSlash } from '../patroni/base-url.ts';
import { asError, errorCode } from '../errors.ts';
import { explain } from '../patroni/connection-errors.ts';
import type { Tls } from '../patroni/tls.ts';
import { within, type Limit } from '../system/deadline.ts';
import { innermost, speaksNoTls, tlsReason, UNTRUSTED } from '../system/http-problems.ts';
import { formatDuration } from '../text/units.ts';
import type { Check } from './check.ts';
import { failed, type Finding, ok, skipped, together, warning } from './finding.ts';

const MOST_TIME = 5_000;
/** Milliseconds before its end at which a certificate should have been renewed. */
const SOON = 14 * 86_400_000;

/** The files for TLS, and the certificates of Patroni. */
export const patroniTls: Check = {
  name: 'patroni_tls',
  what: "the files for TLS, Patroni's certificates, and for how long they are valid",
  hint: 'Set --patroni-ca-cert to the CA that signed the certificate; patronictl uses the same one.',
  examine: async ({ setUp: { patroni }, budget, now }) => {
    const { urls, tls } = patroni;
    if (tls.fault !== undefined)
      return failed(
        tls.fault,
        'Correct the file or the option: patronictl uses the same files (ctl: in its configuration).',
      );
    const secure = (urls.value ?? []).filter(({ protocol }) => protocol === 'https:');
    if (urls.value === undefined) return skipped('not examined, because --patroni-url is not valid');
    if (secure.length === 0) return skipped('not used: no --patroni-url is https');
    const findings = await Promise.all(
      secure.map((url) => ofServer(url, tls.value, within(budget.collect, MOST_TIME), now())),
    );
    const own = tls.value.cert === undefined ? [] : [ofClient(tls.value.cert, now())];
    return together([...findings, ...own]);
  },
};

async function ofServer(url: URL, tls: Tls, limit: Limit, now: number): Promise<Finding> {
  const base = withoutSlash(url);
  try {
    const { certificate, untrusted } = await handshake(url, tls, limit);
    if (untrusted !== undefined && !tls.insecure) return unusable(untrusted, url);
    const validity = ofValidity(`${base}: its certificate`, certificate.valid_to, now);
    if (!tls.insecure) return validity;
    return warning(`${validity.reason}, and is not verified`, 'Set --patroni-ca-cert instead of --patroni-insecure.');
  } catch (error) {
    return unusable(error, url);
  }
}

function unusable(error: unknown, url: URL): Finding {
  const { problem, advice } = explain(error, url, false);
  return failed(`${withoutSlash(url)}: ${problem}${advice === undefined ? '' : `: ${advice}`}`, remedyFor(error));
}

/** undefined = the hint. */
function remedyFor(error: unknown): string | undefined {
  const code = errorCode(error) ?? '';
  if (UNTRUSTED.has(code)) return undefined;
  if (code === 'CERT_HAS_EXPIRED') return RENEW;
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID')
    return 'Use a host name of the certificate in --patroni-url, or issue one that has this name.';
  const alert = tlsReason(innermost(error));
  if (alert === undefined) return 'Start Patroni, or correct --patroni-url: no TLS connection was made.';
  if (speaksNoTls(alert))
    return 'Use http:// in --patroni-url, or set restapi.certfile in the configuration of Patroni.';
  return 'Set --patroni-cert and --patroni-key to a client certificate that the CA in restapi.cafile of Patroni signed.';
}

const RENEW = 'Renew the certificate.';

function ofClient(pem: Buffer, now: number): Finding {
  return ofValidity('our client certificate (--patroni-cert)', new X509Certificate(pem).validTo, now);
}

function ofValidity(what: string, end: string, now: number): Finding {
  const left = Date.parse(end) - now;
  const day = new Date(end).toISOString().slice(0, 10);
  if (left < 0) return failed(`${what} expired on ${day}`, RENEW);
  const until = `${what} is valid until ${day}`;
  return left > SOON ? ok(until) : warning(`${until}, for ${formatDuration(left / 1000, 1)}`, RENEW);
}

interface Handshake {
  certificate: PeerCertificate;
  untrusted: Error | undefined;
}

/**
 * As the client of Patroni connects, but also to a server that it would not trust. With TLS 1.3 a server that wants a client certificate
 * refuses only after the handshake, so something is asked and the first byte of the reply awaited: not of PostgreSQL, which may hang.
 */
function handshake(url: URL, tls: Tls, { deadline }: Limit): Promise<Handshake> {
  const { insecure: _verified, ...material } = tls;
  const host = url.hostname.replace(/^\[|\]$/g, '');
  const named = /^[\d.]+$|:/.test(host) ? {} : { servername: host };
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port: Number(url.port || 443), rejectUnauthorized: false, ...named, ...material });
    let made: Handshake | undefined;
    const end = (error: Error) => {
      clearTimeout(timer);
      socket.destroy();
      if (made === undefined) reject(error);
      else resolve(made);
    };
    const timer = setTimeout(() => {
      end(Object.assign(new Error('no TLS within the time limit'), { code: 'ETIMEDOUT' }));
    }, deadline.remaining());
    const closed = Object.assign(new Error('closed'), { code: 'ECONNRESET' });
    socket
      .once('secureConnect', () => {
        const untrusted = socket.authorized ? undefined : socket.authorizationError;
        made = { certificate: socket.getPeerCertificate(), untrusted: untrusted && asUntrusted(untrusted) };
        socket.write(`GET ${url.pathname.replace(/\/$/, '')}/liveness HTTP/1.0\r\n\r\n`);
      })
      .once('data', () => {
        end(closed);
      })
      .once('close', () => {
        end(closed);
      })
      .once('error', (error) => {
        const failure = asError(error);
        if (tlsReason(failure) !== undefined) made = undefined;
        end(failure);
      });
  });
}

/** Node.js gives the code of OpenSSL as a string, whatever its types say. */
function asUntrusted(reason: Error | string): Error {
  return reason instanceof Error ? reason : Object.assign(new Error(reason), { code: reason });
}
