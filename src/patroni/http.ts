import type { ClientRequest, IncomingMessage, RequestOptions } from 'node:http';
import type { Duplex } from 'node:stream';
import { errorCode } from '../errors.ts';
import { ConnectLimitError } from './connection-errors.ts';
import { type PlainRequest, PlainResponse } from './ky.ts';
import type { Tls } from './tls.ts';

/** Patroni's largest replies are some kilobytes; something else may answer on its port. */
const MOST_BODY = 4 * 1024 * 1024;

/**
 * A `fetch` for ky over node:http and node:https: half the CPU of the built-in one, no proxy from the environment, and the only place
 * for CA and client certificate. Patroni speaks HTTP/1.0 without a length, so the end of the connection is the end of the body.
 * Redirections are not followed. `connectLimit`: milliseconds after which a connection that was not accepted is given up.
 */
export function patroniFetch(tls: Tls, connectLimit?: number): typeof fetch {
  const plainFetch = async (request: PlainRequest) => {
    const message = await send(request, tls, connectLimit);
    return new PlainResponse(await readBody(message), message.statusCode ?? 0);
  };
  // what ky hands over and takes back are the plain classes that it was loaded with
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
        reject(new Error(`HTTP ${statusCode}: it wants to speak another protocol: is this Patroni's REST API?`));
      })
      .on('error', reject);
    if (connectLimit !== undefined) limitConnecting(sent, connectLimit);
    sent.end();
  });
}

/** Name resolution included; once the connection is accepted, TLS and the answer may take their time. */
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
  // an agent of our own: the global one may be told to use the environment's proxies (NODE_USE_ENV_PROXY)
  return (url, options) => http.request(url, { ...options, agent: new http.Agent() });
}

async function secureRequest(tls: Tls): Promise<Start> {
  const https = await import('node:https');
  const { insecure, ...material } = tls;
  const trusting = insecure && tls.cert === undefined;
  const agent = new https.Agent({
    ...material,
    // said outright, for NODE_TLS_REJECT_UNAUTHORIZED in the environment would turn it off without a word
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
      if (size > MOST_BODY) throw new Error(`the reply is larger than ${MOST_BODY} bytes: is this Patroni's REST API?`);
      chunks.push(chunk);
    }
  } catch (error) {
    const promised = message.headers['content-length'];
    // it began to answer: that is not a Patroni that closes the connection because it cannot reach its DCS
    if (errorCode(error) === 'ECONNRESET' && promised !== undefined)
      throw new Error(`the reply ended after ${size} of the ${promised} bytes that its Content-Length promises`);
    throw error;
  }
  return Buffer.concat(chunks).toString('utf8');
}
