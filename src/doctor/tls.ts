import { connect, type PeerCertificate } from 'node:tls';
import { X509Certificate } from 'node:crypto';
import { withoutSlash } from '../patroni/base-url.ts';
import { asError } from '../errors.ts';
import { explain } from '../patroni/connection-errors.ts';
import type { Tls } from '../patroni/tls.ts';
import { within, type Limit } from '../system/deadline.ts';
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
    if (untrusted !== undefined && !tls.insecure) {
      const { problem, advice } = explain(untrusted, url, true);
      return failed(`${base}: ${problem}${advice === undefined ? '' : `: ${advice}`}`);
    }
    const validity = ofValidity(`${base}: its certificate`, certificate.valid_to, now);
    if (!tls.insecure) return validity;
    return warning(`${validity.reason}, and is not verified`, 'Set --patroni-ca-cert instead of --patroni-insecure.');
  } catch (error) {
    const { problem, advice } = explain(error, url, false);
    return failed(`${base}: ${problem}${advice === undefined ? '' : `: ${advice}`}`);
  }
}

function ofClient(pem: Buffer, now: number): Finding {
  return ofValidity('our client certificate (--patroni-cert)', new X509Certificate(pem).validTo, now);
}

function ofValidity(what: string, end: string, now: number): Finding {
  const left = Date.parse(end) - now;
  const day = new Date(end).toISOString().slice(0, 10);
  if (Number.isNaN(left)) return ok(what);
  if (left < 0) return failed(`${what} expired on ${day}`, 'Renew the certificate.');
  const until = `${what} is valid until ${day}`;
  return left > SOON ? ok(until) : warning(`${until}, for ${formatDuration(left / 1000, 1)}`, 'Renew the certificate.');
}

interface Handshake {
  certificate: PeerCertificate;
  untrusted: Error | undefined;
}

/** As the client of Patroni connects, but also to a server that it would not trust. */
function handshake(url: URL, tls: Tls, { deadline }: Limit): Promise<Handshake> {
  const { insecure: _verified, ...material } = tls;
  const host = url.hostname.replace(/^\[|\]$/g, '');
  const named = /^[\d.]+$|:/.test(host) ? {} : { servername: host };
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port: Number(url.port || 443), rejectUnauthorized: false, ...named, ...material });
    const timer = setTimeout(() => {
      end();
      reject(Object.assign(new Error('no TLS within the time limit'), { code: 'ETIMEDOUT' }));
    }, deadline.remaining());
    const end = () => {
      clearTimeout(timer);
      socket.destroy();
    };
    socket
      .once('secureConnect', () => {
        const untrusted = socket.authorized ? undefined : socket.authorizationError;
        resolve({ certificate: socket.getPeerCertificate(), untrusted: untrusted && asUntrusted(untrusted) });
        end();
      })
      .once('error', (error) => {
        end();
        reject(asError(error));
      });
  });
}

/** Node.js gives the code of OpenSSL as a string, whatever its types say. */
function asUntrusted(reason: Error | string): Error {
  return reason instanceof Error ? reason : Object.assign(new Error(reason), { code: reason });
}
