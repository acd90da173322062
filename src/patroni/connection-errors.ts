import { asError, errorCode } from '../errors.ts';

/**
 * What a failed connection means and what to do, by the codes of Node.js and OpenSSL (measured against Python's TLS; reference: patroni.md,
 * 2 and 4). `heardOf`: Patroni is known to be there.
 */
export function explain(thrown: unknown, base: URL, heardOf: boolean): string {
  const error = innermost(thrown);
  const code = errorCode(error);
  switch (code) {
    case 'ECONNREFUSED':
      return `connection refused: Patroni is not running there, or its REST API listens elsewhere (--patroni-url)`;
    case 'ECONNRESET':
    case 'EPIPE':
      return `the connection was closed without an answer: ${whyClosed(base, heardOf)}`;
    case 'EHOSTUNREACH':
    case 'ENETUNREACH':
    case 'ETIMEDOUT':
      return `the host ${base.hostname} cannot be reached (${code})`;
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return `the host name ${base.hostname} cannot be resolved (${code})`;
    case 'ERR_TLS_CERT_ALTNAME_INVALID':
      return `the certificate is not made out to ${base.hostname}: ask by a name that it carries`;
    case 'CERT_HAS_EXPIRED':
      return 'the certificate has expired';
    case 'SELF_SIGNED_CERT_IN_CHAIN':
    case 'DEPTH_ZERO_SELF_SIGNED_CERT':
    case 'UNABLE_TO_VERIFY_LEAF_SIGNATURE':
    case 'UNABLE_TO_GET_ISSUER_CERT':
    case 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY':
      return `the certificate is not trusted (${code}): give the CA that signed it with --patroni-ca-cert`;
  }
  if (code?.startsWith('HPE_')) return `what answers there does not speak HTTP (${code}): is this Patroni's REST API?`;
  const alert = tlsReason(error);
  return alert === undefined ? withCode(error.message, code) : explainTls(alert);
}

/** It was accepted, and ended before anything came. */
export function wasClosed(thrown: unknown): boolean {
  const code = errorCode(innermost(thrown));
  return code === 'ECONNRESET' || code === 'EPIPE';
}

/** Patroni sends no error when it cannot read the DCS, but closes the connection (api.py). */
function whyClosed(base: URL, heardOf: boolean): string {
  if (heardOf) return 'Patroni cannot reach its DCS (its log says more)';
  return base.protocol === 'http:'
    ? 'if it speaks TLS, it needs an https:// URL'
    : 'Patroni was ending, or does not accept the client certificate';
}

/** In OpenSSL's words, as Node.js passes them on: with TLS 1.3 as the error's code, with TLS 1.2 as a plain EPROTO. */
function explainTls(reason: string): string {
  if (/wrong version number|packet length too long/.test(reason)) return `no TLS there (${reason}): use an http:// URL`;
  if (/certificate required|handshake failure/.test(reason))
    return `a client certificate is required (${reason}): give --patroni-cert and --patroni-key`;
  if (/unknown ca|bad certificate|certificate (expired|revoked|unknown)/.test(reason))
    return `Patroni does not accept the client certificate (${reason}): give one that the CA in its restapi.cafile signed`;
  return `TLS failed (${reason})`;
}

/** `…:error:0A000410:SSL routines:<function>:<reason>:<file>:<line>:…` */
function tlsReason(error: Error): string | undefined {
  return /:SSL routines:[^:]*:([^:]+)/.exec(error.message)?.[1];
}

/** ky and Node.js wrap: `cause` by ky, `errors` where several addresses of one name were tried. */
function innermost(error: unknown): Error {
  if (error instanceof AggregateError && error.errors.length > 0) return innermost(error.errors[0]);
  if (error instanceof Error && errorCode(error) === undefined && error.cause !== undefined)
    return innermost(error.cause);
  return asError(error);
}

function withCode(message: string, code: string | undefined): string {
  return code === undefined || message.includes(code) ? message : `${message} (${code})`;
}
