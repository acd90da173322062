import { existsSync, readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';

const RECORDINGS = join(import.meta.dirname, '../../test/fixtures/kubernetes-1.34.4');

/** A stand-in for a Kubernetes API server: it answers kubectl with what a real one (1.34.4) said, and takes one PATCH after another. */
export interface StandInApiServer {
  url: string;
  /** The path of each PATCH, and the `data.status` that it brought. */
  patches: { path: string; status: string }[];
  close: () => Promise<void>;
}

export async function startApiServer(): Promise<StandInApiServer> {
  const patches: StandInApiServer['patches'] = [];
  const server = createServer((request, response) => {
    void answer(request, response, patches);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${String(port)}`,
    patches,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  patches: StandInApiServer['patches'],
): Promise<void> {
  const { pathname } = new URL(request.url ?? '/', 'http://localhost');
  if (request.method === 'PATCH') {
    const patch = JSON.parse(await text(request)) as { data: { status: string } };
    patches.push({ path: pathname, status: patch.data.status });
    const [, , , , namespace, , name] = pathname.split('/');
    const { metadata, ...object } = JSON.parse(body('patch_ok')) as { metadata: object };
    send(response, 'patch_ok', JSON.stringify({ ...object, metadata: { ...metadata, name, namespace }, ...patch }));
  } else {
    // since 1.27 kubectl asks for everything that there is in two requests
    const whole = request.headers.accept?.includes('as=APIGroupDiscoveryList') ?? false;
    const name = pathname.slice(1).replaceAll('/', '_');
    send(response, whole && (name === 'api' || name === 'apis') ? `${name}_aggregated` : name);
  }
}

function send(response: ServerResponse, recording: string, content?: string): void {
  if (!existsSync(join(RECORDINGS, `${recording}.headers`))) {
    response.writeHead(404).end();
    return;
  }
  const [statusLine = '', ...headers] = readFileSync(join(RECORDINGS, `${recording}.headers`), 'utf8').split('\r\n');
  const type = headers.find((header) => header.startsWith('content-type: '))?.slice('content-type: '.length);
  response.writeHead(Number(statusLine.split(' ')[1]), { 'content-type': type }).end(content ?? body(recording));
}

function body(recording: string): string {
  return readFileSync(join(RECORDINGS, `${recording}.json`), 'utf8');
}
