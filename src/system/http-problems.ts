import { asError, errorCode } from '../errors.ts';

/** Why a request brought no reply: the error code of Node.js, and the problem in a few words. */
export interface Problem {
  code: string | undefined;
  problem: string;
}

/** Names the problem of a failed request to this host, by the error codes of Node.js and OpenSSL. */
export function problemOf(thrown: unknown, host: string): Problem {
  const error = innermost(thrown);
  const code = errorCode(error);
  return { code, problem: inWords(error, code, host) };
}

function inWords(error: Error, code: string | undefined, host: string): string {
  switch (code) {
    case 'ECONNREFUSED':
      return 'connection refused';
    case 'ECONNRESET':
    case 'EPIPE':
      return 'the connection was closed without an answer';
    case 'EHOSTUNREACH':
    case 'ENETUNREACH':
    case 'ETIMEDOUT':
      return `the host ${host} cannot be reached (${code})`;
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return `the host name ${host} cannot be resolved (${code})`;
    case 'ERR_TLS_CERT_ALTNAME_INVALID':
      return `the certificate is not valid for ${host}`;
    case 'CERT_HAS_EXPIRED':
      return 'the certificate has expired';
  }
  if (code !== undefined && UNTRUSTED.has(code)) return `the certificate is not trusted (${code})`;
  if (code?.startsWith('HPE_') === true) return `the reply is not HTTP (${code})`;
  const reason = tlsReason(error);
  if (reason === undefined) return withCode(error.message, code);
  return speaksNoTls(reason) ? `the server does not use TLS (${reason})` : `TLS failed (${reason})`;
}

/** The codes for a certificate that no known CA signed. */
export const UNTRUSTED: ReadonlySet<string> = new Set([
  'SELF_SIGNED_CERT_IN_CHAIN',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
]);

/** Whether the server answers a TLS handshake in another protocol. */
export function speaksNoTls(reason: string): boolean {
  return /wrong version number|packet length too long/.test(reason);
}

/**
 * The reason of OpenSSL, which Node.js reports as the code of the error (TLS 1.3) or in the message of an EPROTO (TLS 1.2):
 * `…:error:0A000410:SSL routines:<function>:<reason>:<file>:<line>:…`
 */
export function tlsReason(error: Error): string | undefined {
  return /:SSL routines:[^:]*:([^:]+)/.exec(error.message)?.[1];
}

/** ky wraps errors in `cause`, and Node.js in `errors` if it tried several addresses of a host. */
export function innermost(error: unknown): Error {
  if (error instanceof AggregateError && error.errors.length > 0) return innermost(error.errors[0]);
  if (error instanceof Error && errorCode(error) === undefined && error.cause !== undefined)
    return innermost(error.cause);
  return asError(error);
}

function withCode(message: string, code: string | undefined): string {
  return code === undefined || message.includes(code) ? message : `${message} (${code})`;
}
