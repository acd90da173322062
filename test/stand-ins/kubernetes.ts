import { existsSync, readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';

/** A stand-in for the API server that answers with what real ones were recorded to say. */
export interface StandInKubernetes {
  url: string;
  requests: Request[];
}

export interface Request {
  method: string;
  url: string;
  contentType: string | undefined;
  authorization: string | undefined;
  body: string;
}

/** With TLS, which kubectl wants before it shows a token, everybody else is refused. */
export interface Tls {
  key: Buffer;
  cert: Buffer;
  token: string;
}

/** `patch`: the recorded reply to PATCH, such as `patch_ok`; `hang` = nothing is ever answered. It goes away with the test. */
export async function startKubernetes(recording: string, patch: string, tls?: Tls): Promise<StandInKubernetes> {
  const folder = join(import.meta.dirname, '..', 'fixtures', recording);
  const requests: Request[] = [];
  const answer = async (request: IncomingMessage, response: ServerResponse) => {
    const { method = '', url = '', headers } = request;
    const chunks: Buffer[] = [];
    for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
    const { 'content-type': contentType, authorization } = headers;
    requests.push({ method, url, contentType, authorization, body: Buffer.concat(chunks).toString() });
    if (patch === 'hang') return;
    if (tls !== undefined && authorization !== `Bearer ${tls.token}`) {
      reply(response, folder, 'unauthorized');
      return;
    }
    reply(response, folder, method === 'GET' ? discovery(url, headers.accept ?? '', folder) : patch);
  };
  const listener = (request: IncomingMessage, response: ServerResponse) => void answer(request, response);
  const server = tls === undefined ? createServer(listener) : createSecureServer(tls, listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  const { port } = server.address() as AddressInfo;
  return { url: `${tls === undefined ? 'http' : 'https'}://127.0.0.1:${port}`, requests };
}

/** From 1.27 on kubectl asks for the whole of it in two requests, where the server can; else group by group. */
function discovery(url: string, accept: string, folder: string): string {
  const name = url.replace(/\?.*/, '').slice(1).replace('/', '_');
  const aggregated = `${name}_aggregated`;
  return accept.includes('APIGroupDiscoveryList') && existsSync(join(folder, `${aggregated}.json`)) ? aggregated : name;
}

function reply(response: ServerResponse, folder: string, name: string): void {
  const file = join(folder, `${name}.headers`);
  if (!existsSync(file)) {
    const empty = {
      kind: 'APIResourceList',
      apiVersion: 'v1',
      groupVersion: name.replace(/^apis_/, ''),
      resources: [],
    };
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(empty));
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
