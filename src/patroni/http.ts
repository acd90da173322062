import type { ClientRequest, IncomingMessage, RequestOptions } from 'node:http';
import type { Duplex } from 'node:stream';
import { errorCode } from '../errors.ts';
import { noteRead } from '../system/watchdog.ts';
import { ConnectLimitError } from './connection-errors.ts';
import { PlainHeaders, type PlainRequest, PlainResponse } from './ky.ts';
import type { Tls } from './tls.ts';

/** Patroni's largest replies have some kilobytes, but another program may answer on its port. */
const MOST_BODY = 4 * 1024 * 1024;

/**
 * A `fetch` for ky over node:http and node:https. It takes half the CPU time of the built-in one, uses no proxy from the environment, and
 * accepts a CA and a client certificate. Patroni speaks HTTP/1.0 without Content-Length, so the body ends with the connection.
 * Redirections are not followed. `connectLimit`: the time limit for connecting, milliseconds.
 */
export function patroniFetch(tls: Tls, connectLimit?: number): typeof fetch {
  const plainFetch = async (request: PlainRequest) => {
    const message = await send(request, tls, connectLimit);
    const fields = { 'content-length': message.headers['content-length'] };
    return new PlainResponse(await readBody(message), message.statusCode ?? 0, new PlainHeaders(fields));
  };
  // ky was loaded with these classes in place of Request and Response (ky.ts)
  return plainFetch as unknown as typeof fetch;
}

async function send(request: PlainRequest, tls: Tls, connectLimit: number | undefined): Promise<IncomingMessage> {
  const url = new URL(request.url);
  const headers = { accept: 'application/json', connection: 'close' };
  const options: RequestOptions = { method: request.method, headers, signal: request.signal };
  const start = url.protocol === 'https:' ? await secureRequest(tls) : await plainRequest();
  return new Promise((resolve, reject) => {
    const sent = start(url, options)
      .once('response', resolve)
      .once('upgrade', ({ statusCode = 101 }: IncomingMessage, socket: Duplex) => {
        socket.destroy();
        reject(new Error(`HTTP ${statusCode}: the server switches to another protocol: is this Patroni's REST API?`));
      })
      .on('error', reject);
    if (connectLimit !== undefined) limitConnecting(sent, connectLimit);
    sent.end();
  });
}

/** Limits name resolution and the TCP connection, not TLS and the reply. */
function limitConnecting(request: ClientRequest, limit: number): void {
  const timer = setTimeout(() => {
    request.destroy(new ConnectLimitError(`no connection within ${limit / 1000} s`));
  }, limit);
  const connected = () => {
    clearTimeout(timer);
  };
  request.once('close', connected).once('socket', (socket) => {
    socket.once('connect', connected);
  });
}

type Start = (url: URL, options: RequestOptions) => ClientRequest;

async function plainRequest(): Promise<Start> {
  const http = await import('node:http');
  // not the global agent, which uses the proxies of the environment if NODE_USE_ENV_PROXY is set
  return (url, options) => http.request(url, { ...options, agent: new http.Agent() });
}

async function secureRequest(tls: Tls): Promise<Start> {
  const https = await import('node:https');
  const { insecure, ...material } = tls;
  const trusting = insecure && tls.cert === undefined;
  const agent = new https.Agent({
    ...material,
    // set explicitly, because NODE_TLS_REJECT_UNAUTHORIZED in the environment changes the default
    rejectUnauthorized: !trusting,
    ...(insecure && { checkServerIdentity: () => undefined }),
  });
  return (url, options) => https.request(url, { ...options, agent });
}

async function readBody(message: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of message as AsyncIterable<Buffer>) {
      size += chunk.length;
      noteRead(chunk.length);
      if (size > MOST_BODY) throw new Error(`the reply is larger than ${MOST_BODY} bytes: is this Patroni's REST API?`);
      chunks.push(chunk);
    }
  } catch (error) {
    const promised = message.headers['content-length'];
    // a reply had begun, so this is not a Patroni that closes the connection because it cannot reach its DCS
    if (errorCode(error) !== 'ECONNRESET') throw error;
    throw new Error(
      promised === undefined
        ? `the reply broke off or was malformed after ${size} bytes: is this Patroni's REST API?`
        : `the reply ended after ${size} of the ${promised} bytes that its Content-Length announces`,
    );
  }
  return Buffer.concat(chunks).toString('utf8');
}
