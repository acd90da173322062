import type { Agent, ClientRequest, IncomingMessage, RequestOptions } from 'node:http';
import type { AgentOptions } from 'node:https';
import type { Duplex } from 'node:stream';
import { errorCode } from '../errors.ts';
import { noteRead } from './watchdog.ts';

/** The connection was not established within the time limit. */
export class ConnectLimitError extends Error {
  override name = 'ConnectLimitError';
  readonly code = 'CONNECT_LIMIT';
}

/** A request over node:http or node:https, which take half the CPU time of the built-in fetch. */
export interface Outgoing {
  url: URL;
  method: string;
  headers: Readonly<Record<string, string>>;
  body?: string | undefined;
  signal: AbortSignal;
  /** How to verify the server, and the client certificate. */
  tls?: AgentOptions;
  /** The time limit for connecting, milliseconds; undefined = none but that of the signal. */
  connectLimit?: number | undefined;
  /** The variables that name proxies (HTTP_PROXY, HTTPS_PROXY, NO_PROXY); undefined = no proxy is used. */
  proxies?: NodeJS.ProcessEnv | undefined;
  /** Is appended to the error message if the answer cannot come from the expected server. */
  doubt: string;
}

/** Sends a request and resolves once the reply begins. Redirections are not followed. */
export async function send(outgoing: Outgoing): Promise<IncomingMessage> {
  const { url, method, headers, body, signal, connectLimit, doubt } = outgoing;
  const [start, agent] = await transport(outgoing);
  const length = body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) };
  return new Promise((resolve, reject) => {
    const sent = start(url, { method, headers: { ...headers, ...length, connection: 'close' }, signal, agent })
      .once('response', resolve)
      .once('upgrade', ({ statusCode = 101 }: IncomingMessage, socket: Duplex) => {
        socket.destroy();
        reject(new Error(`HTTP ${statusCode}: the server switches to another protocol: ${doubt}`));
      })
      .on('error', reject);
    if (connectLimit !== undefined) limitConnecting(sent, connectLimit);
    sent.end(body);
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

/** Not with the global agents, which use the proxies of the environment if NODE_USE_ENV_PROXY is set. */
async function transport({ url, tls, proxies }: Outgoing): Promise<[Start, Agent]> {
  const proxyEnv = proxies === undefined ? {} : { proxyEnv: proxies };
  if (url.protocol === 'https:') {
    const https = await import('node:https');
    // set explicitly, because NODE_TLS_REJECT_UNAUTHORIZED in the environment changes the default
    return [https.request, new https.Agent({ rejectUnauthorized: true, ...tls, ...proxyEnv })];
  }
  const http = await import('node:http');
  return [http.request, new http.Agent(proxyEnv)];
}

/** Reads the whole body, of at most `most` bytes. Without a Content-Length it ends with the connection (HTTP/1.0). */
export async function readBody(message: IncomingMessage, most: number, doubt: string): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of message as AsyncIterable<Buffer>) {
      size += chunk.length;
      noteRead(chunk.length);
      if (size > most) throw new Error(`the reply is larger than ${most} bytes: ${doubt}`);
      chunks.push(chunk);
    }
  } catch (error) {
    const promised = message.headers['content-length'];
    // a reply had begun, so this is not a server that closes the connection instead of answering
    if (errorCode(error) !== 'ECONNRESET') throw error;
    throw new Error(
      promised === undefined
        ? `the reply broke off or was malformed after ${size} bytes: ${doubt}`
        : `the reply ended after ${size} of the ${promised} bytes that its Content-Length announces`,
    );
  }
  return Buffer.concat(chunks).toString('utf8');
}
