import { errorCode } from '../errors.ts';
import { innermost, problemOf, speaksNoTls, tlsReason, UNTRUSTED } from '../system/http-problems.ts';
import type { Reason } from './failures.ts';

/**
 * Explains a failed connection and what to do, by the error codes of Node.js and OpenSSL (measured against Python's TLS; README.md, "TLS").
 * `heardOf`: Patroni is known to run there.
 */
export function explain(thrown: unknown, base: URL, heardOf: boolean): Reason {
  const { code, problem } = problemOf(thrown, base.hostname);
  const unreachable = (advice?: string): Reason => ({ problem, advice, met: 'unreachable' });
  switch (code) {
    case 'ECONNREFUSED':
      return {
        problem,
        advice: 'either Patroni is not running there, or its REST API listens elsewhere (--patroni-url)',
        met: 'refused',
      };
    case 'ECONNRESET':
    case 'EPIPE':
      return { problem, advice: whyClosed(base, heardOf), met: 'closed' };
    case 'CONNECT_LIMIT':
      return { problem, advice: 'either its host is down, or a firewall drops the packets', met: 'timed_out' };
    case 'ERR_TLS_CERT_ALTNAME_INVALID':
      return unreachable('use a host name that it contains');
  }
  if (code !== undefined && UNTRUSTED.has(code))
    return unreachable('give the CA that signed it with --patroni-ca-cert');
  if (code?.startsWith('HPE_') === true) return { problem, advice: IS_IT_PATRONI, met: 'foreign' };
  const alert = tlsReason(innermost(thrown));
  return alert === undefined ? unreachable() : { problem, met: 'unreachable', ...explainTls(alert) };
}

export const IS_IT_PATRONI = "is this Patroni's REST API?";

/** Whether the connection was accepted and closed without a reply. */
export function wasClosed(thrown: unknown): boolean {
  const code = errorCode(innermost(thrown));
  return code === 'ECONNRESET' || code === 'EPIPE';
}

/** If Patroni cannot read the DCS it closes the connection without an error (README.md, "HTTP"). */
function whyClosed(base: URL, heardOf: boolean): string {
  if (heardOf) return 'Patroni cannot reach its DCS (see its log)';
  return base.protocol === 'http:'
    ? 'if it uses TLS, it needs an https:// URL'
    : 'either Patroni was shutting down, or it rejects the client certificate';
}

/** What OpenSSL's reason means between Patroni and its clients. */
function explainTls(reason: string): Partial<Reason> {
  if (speaksNoTls(reason)) return { advice: 'use an http:// URL' };
  if (/certificate required|handshake failure/.test(reason))
    return {
      problem: `a client certificate is required (${reason})`,
      advice: 'give --patroni-cert and --patroni-key',
    };
  if (/unknown ca|bad certificate|certificate (expired|revoked|unknown)/.test(reason))
    return {
      problem: `Patroni rejects the client certificate (${reason})`,
      advice: 'use one that is signed by the CA in its restapi.cafile',
    };
  return {};
}
