import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { onTestFinished } from 'vitest';

/** A stand-in for a server that is called over HTTP: a Pushgateway, a dead-man service, a proxy. */
export interface Receiver {
  url: string;
  /** The requests so far, in order. */
  received: Received[];
}

export interface Received {
  method: string;
  /** As it was sent: the path, or for a proxy the whole URL. */
  url: string;
  authorization: string | undefined;
  type: string | undefined;
  body: string;
}

/** A status, a body and headers; hang = no answer; close = the connection is closed without one. */
export type Response = { status: number; body?: string; headers?: Record<string, string> } | 'hang' | 'close';

/** Closed at the end of the test. */
export async function startReceiver(
  respond: (request: Received) => Response = () => ({ status: 200 }),
): Promise<Receiver> {
  const received: Received[] = [];
  const server = createServer((request, response: ServerResponse) => {
    void text(request).then((body) => {
      const { authorization, 'content-type': type } = request.headers;
      const asked = { method: request.method ?? '', url: request.url ?? '', authorization, type, body };
      received.push(asked);
      const answer = respond(asked);
      if (answer === 'hang') return;
      if (answer === 'close') request.socket.destroy();
      else response.writeHead(answer.status, answer.headers).end(answer.body);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  return { url: `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`, received };
}
