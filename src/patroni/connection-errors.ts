import { asError, errorCode } from '../errors.ts';
import type { Reason } from './failures.ts';

/** The connection was not established within the time limit. */
export class ConnectLimitError extends Error {
  override name = 'ConnectLimitError';
  readonly code = 'CONNECT_LIMIT';
}

/**
 * Explains a failed connection and what to do, by the error codes of Node.js and OpenSSL (measured against Python's TLS; README.md, "TLS").
 * `heardOf`: Patroni is known to run there.
 */
export function explain(thrown: unknown, base: URL, heardOf: boolean): Reason {
  const error = innermost(thrown);
  const code = errorCode(error);
  const unreachable = (problem: string, advice?: string): Reason => ({ problem, advice, met: 'unreachable' });
  switch (code) {
    case 'ECONNREFUSED':
      return {
        problem: 'connection refused',
        advice: 'either Patroni is not running there, or its REST API listens elsewhere (--patroni-url)',
        met: 'refused',
      };
    case 'ECONNRESET':
    case 'EPIPE':
      return {
        problem: 'the connection was closed without an answer',
        advice: whyClosed(base, heardOf),
        met: 'closed',
      };
    case 'CONNECT_LIMIT':
      return {
        problem: error.message,
        advice: 'either its host is down, or a firewall drops the packets',
        met: 'timed_out',
      };
    case 'EHOSTUNREACH':
    case 'ENETUNREACH':
    case 'ETIMEDOUT':
      return unreachable(`the host ${base.hostname} cannot be reached (${code})`);
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return unreachable(`the host name ${base.hostname} cannot be resolved (${code})`);
    case 'ERR_TLS_CERT_ALTNAME_INVALID':
      return unreachable(`the certificate is not valid for ${base.hostname}`, 'use a host name that it contains');
    case 'CERT_HAS_EXPIRED':
      return unreachable('the certificate has expired');
    case 'SELF_SIGNED_CERT_IN_CHAIN':
    case 'DEPTH_ZERO_SELF_SIGNED_CERT':
    case 'UNABLE_TO_VERIFY_LEAF_SIGNATURE':
    case 'UNABLE_TO_GET_ISSUER_CERT':
    case 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY':
      return unreachable(
        `the certificate is not trusted (${code})`,
        'give the CA that signed it with --patroni-ca-cert',
      );
  }
  if (code?.startsWith('HPE_'))
    return { problem: `the reply is not HTTP (${code})`, advice: IS_IT_PATRONI, met: 'foreign' };
  const alert = tlsReason(error);
  return alert === undefined ? unreachable(withCode(error.message, code)) : explainTls(alert);
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

/** By the reason of OpenSSL, which Node.js reports as the code of the error (TLS 1.3) or in the message of an EPROTO (TLS 1.2). */
function explainTls(reason: string): Reason {
  const failed = (problem: string, advice?: string): Reason => ({ problem, advice, met: 'unreachable' });
  if (/wrong version number|packet length too long/.test(reason))
    return failed(`the server does not use TLS (${reason})`, 'use an http:// URL');
  if (/certificate required|handshake failure/.test(reason))
    return failed(`a client certificate is required (${reason})`, 'give --patroni-cert and --patroni-key');
  if (/unknown ca|bad certificate|certificate (expired|revoked|unknown)/.test(reason))
    return failed(
      `Patroni rejects the client certificate (${reason})`,
      'use one that is signed by the CA in its restapi.cafile',
    );
  return failed(`TLS failed (${reason})`);
}

/** `…:error:0A000410:SSL routines:<function>:<reason>:<file>:<line>:…` */
function tlsReason(error: Error): string | undefined {
  return /:SSL routines:[^:]*:([^:]+)/.exec(error.message)?.[1];
}

/** ky wraps errors in `cause`, and Node.js in `errors` if it tried several addresses of a host. */
function innermost(error: unknown): Error {
  if (error instanceof AggregateError && error.errors.length > 0) return innermost(error.errors[0]);
  if (error instanceof Error && errorCode(error) === undefined && error.cause !== undefined)
    return innermost(error.cause);
  return asError(error);
}

function withCode(message: string, code: string | undefined): string {
  return code === undefined || message.includes(code) ? message : `${message} (${code})`;
}
