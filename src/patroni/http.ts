import { readBody, send } from '../system/http.ts';
import { IS_IT_PATRONI } from './connection-errors.ts';
import { PlainHeaders, type PlainRequest, PlainResponse } from './ky.ts';
import type { Tls } from './tls.ts';

/** Patroni's largest replies have some kilobytes, but another program may answer on its port. */
const MOST_BODY = 4 * 1024 * 1024;

/**
 * A `fetch` for ky over node:http and node:https. It uses no proxy, and accepts a CA and a client certificate. Patroni speaks HTTP/1.0
 * without Content-Length, so the body ends with the connection. `connectLimit`: the time limit for connecting, milliseconds.
 */
export function patroniFetch(tls: Tls, connectLimit?: number): typeof fetch {
  const plainFetch = async ({ url, method, signal }: PlainRequest) => {
    const message = await send({
      url: new URL(url),
      method,
      headers: { accept: 'application/json' },
      signal,
      tls: agentOptions(tls),
      connectLimit,
      doubt: IS_IT_PATRONI,
    });
    const fields = { 'content-length': message.headers['content-length'] };
    const body = await readBody(message, MOST_BODY, IS_IT_PATRONI);
    return new PlainResponse(body, message.statusCode ?? 0, new PlainHeaders(fields));
  };
  // ky was loaded with these classes in place of Request and Response (ky.ts)
  return plainFetch as unknown as typeof fetch;
}

function agentOptions({ insecure, ...material }: Tls) {
  return {
    ...material,
    rejectUnauthorized: !insecure || material.cert !== undefined,
    ...(insecure && { checkServerIdentity: () => undefined }),
  };
}
