import { existsSync, readFileSync } from 'node:fs';
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';

/** A stand-in for a Kubernetes API server. The demo uses it too. */
export interface StandInApiServer {
  url: string;
  /** The requests so far, in their order. */
  requests: Request[];
  close: () => Promise<void>;
}

export interface Request {
  method: string;
  url: string;
  contentType: string | undefined;
  authorization: string | undefined;
  body: string;
}

/** TLS, without which kubectl sends no token. Requests without the token are unauthorized. */
export interface Tls {
  key: Buffer;
  cert: Buffer;
  token: string;
}

/** A reply that was not recorded. */
export interface Made {
  status: number;
  body: object;
}

export type Reply = string | Made | ((patch: string) => string | Made);

/** Replies to a request, or never, like a server that hangs. */
export type Answer = (request: Request, response: ServerResponse, headers: IncomingHttpHeaders) => void;

/** A server that records each request and calls `answer`. Lists of ConfigMaps are in fleet.ts. */
export async function serve(answer: Answer, tls?: Tls): Promise<StandInApiServer> {
  const requests: Request[] = [];
  const listen = async (message: IncomingMessage, response: ServerResponse) => {
    const { method = '', url = '', headers } = message;
    const { 'content-type': contentType, authorization } = headers;
    const request = { method, url, contentType, authorization, body: await text(message) };
    requests.push(request);
    answer(request, response, headers);
  };
  const listener = (message: IncomingMessage, response: ServerResponse) => void listen(message, response);
  const server = tls === undefined ? createServer(listener) : createSecureServer(tls, listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `${tls === undefined ? 'http' : 'https'}://127.0.0.1:${String(port)}`,
    requests,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

export function sendJson(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

/**
 * `recording`: a folder of test/fixtures, such as `kubernetes-1.34.4`. `patch`: the reply to PATCH, either the name of a recording such as
 * `patch_ok`, or a reply of the test; `hang` = no request is answered.
 */
export function startApiServer(recording: string, patch: Reply, tls?: Tls): Promise<StandInApiServer> {
  const folder = join(import.meta.dirname, '..', 'fixtures', recording);
  const replyTo = (body: string) => (typeof patch === 'function' ? patch(body) : patch);
  return serve(({ method, url, authorization, body }, response, { accept = '' }) => {
    if (patch === 'hang') return;
    const isAllowed = tls === undefined || authorization === `Bearer ${tls.token}`;
    const chosen = method === 'GET' ? discovery(url, accept, folder) : replyTo(body);
    const answered = isAllowed ? chosen : 'unauthorized';
    if (typeof answered === 'string') reply(response, folder, answered);
    else sendJson(response, answered.status, answered.body);
  }, tls);
}

/** From 1.27 on kubectl discovers all groups in two requests, if the server supports that; else group by group. */
function discovery(url: string, accept: string, folder: string): string {
  const name = url.replace(/\?.*/, '').slice(1).replace('/', '_');
  const aggregated = `${name}_aggregated`;
  return accept.includes('APIGroupDiscoveryList') && existsSync(join(folder, `${aggregated}.json`)) ? aggregated : name;
}

function reply(response: ServerResponse, folder: string, name: string): void {
  const file = join(folder, `${name}.headers`);
  if (!existsSync(file)) {
    const groupVersion = name.replace(/^apis_/, '');
    const empty = { kind: 'APIResourceList', apiVersion: 'v1', groupVersion, resources: [] };
    sendJson(response, 200, empty);
    return;
  }
  const [status = '', ...lines] = readFileSync(file, 'utf8').trim().split(/\r?\n/);
  const headers = lines.map((line) => /^([^:]+): (.*)$/.exec(line)).filter((header) => header !== null);
  const kept = headers.filter(([, key = '']) => /^(content-type|warning|retry-after)$/i.test(key));
  response.writeHead(
    Number(status.split(' ')[1]),
    Object.fromEntries(kept.map(([, key = '', value = '']) => [key, value])),
  );
  response.end(readFileSync(join(folder, `${name}.json`)));
}
