import { existsSync, readFileSync } from 'node:fs';
import { createServer as createPlainServer, type AddressInfo, type Socket } from 'node:net';
import { join } from 'node:path';
import { createServer as createTlsServer, type TlsOptions } from 'node:tls';

/** A stand-in for Patroni's REST API that replays recorded replies byte by byte, HTTP/1.0 and closed connections included. */
export interface StandInPatroni {
  url: string;
  /** The requested paths, in order. */
  asked: string[];
  close: () => Promise<void>;
}

export const HANG = Symbol('the connection stays open and nothing comes');
/** No bytes = the connection is closed without an answer, as when the DCS is unreachable. */
export type Reply = Buffer | string | typeof HANG | Held | Stalled;

interface Held {
  milliseconds: number;
  bytes: Buffer | string;
}

interface Stalled {
  begun: string;
}

/** A delayed reply: Patroni keeps a request that needs the DCS open for its retry_timeout. */
export function held(milliseconds: number, bytes: Buffer | string = ''): Held {
  return { milliseconds, bytes };
}

/** A reply that begins and never ends. */
export function stalled(begun: string): Stalled {
  return { begun };
}

/** The first byte of a TLS client; Python's HTTP server answers it as a bad request. */
const TLS_HANDSHAKE = 0x16;

/** `reply` returns the raw bytes for a path. */
export async function startPatroni(reply: (path: string) => Reply, tls?: TlsOptions): Promise<StandInPatroni> {
  const asked: string[] = [];
  const sockets = new Set<Socket>();
  const answer = (socket: Socket) => {
    let request = '';
    socket.on('data', (chunk) => {
      request += chunk.toString('latin1');
      if (request.charCodeAt(0) === TLS_HANDSHAKE) socket.end(httpReply(400, 'Bad request version', 'text/html'));
      if (!request.includes('\r\n\r\n')) return;
      const path = request.split(' ')[1] ?? '';
      asked.push(path);
      const bytes = reply(path);
      if (bytes === HANG) return;
      if (typeof bytes === 'string' || Buffer.isBuffer(bytes)) socket.end(bytes);
      else if ('begun' in bytes) socket.write(bytes.begun);
      else setTimeout(() => socket.end(bytes.bytes), bytes.milliseconds);
    });
    socket.on('error', () => undefined);
  };
  const server = tls === undefined ? createPlainServer(answer) : createTlsServer(tls, answer);
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket)).on('error', () => undefined);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `${tls === undefined ? 'http' : 'https'}://127.0.0.1:${String(port)}`,
    asked,
    close: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/**
 * The recorded replies of one node in one scenario. What was not recorded of this node is taken from the other one, then from the healthy
 * cluster; but where the DCS is gone /history is as silent as /config, which is answered from the same cache.
 */
export function recorded(folder: string, scenario: string, node: string): (path: string) => Buffer | string {
  const other = node === 'node1' ? 'node2' : 'node1';
  return (path) => {
    const endpoint = path.replace(/^\//, '') || 'root';
    const own = recording(folder, scenario, node, endpoint);
    if (own !== undefined) return own;
    if (endpoint === 'history' && recording(folder, scenario, node, 'config')?.length === 0) return '';
    return (
      (CLUSTER_WIDE.includes(endpoint) ? recording(folder, scenario, other, endpoint) : undefined) ??
      recording(folder, 's1_healthy', node, endpoint) ??
      httpReply(404, 'not recorded')
    );
  };
}

const CLUSTER_WIDE = ['config', 'cluster', 'history'];

/** What was recorded, and nothing in its place. */
export function recording(folder: string, scenario: string, node: string, endpoint: string): Buffer | undefined {
  const file = join(folder, `${scenario}.${node}.${endpoint}`);
  return existsSync(file) ? archiving(readFileSync(file)) : undefined;
}

/** Replaces `/bin/true`, the archive_command of the recorded clusters, by a command that archives. */
export function archiving(reply: Buffer): Buffer {
  return Buffer.from(reply.toString('latin1').replaceAll('"/bin/true"', '"wal-g wal-push %p"'), 'latin1');
}

export function httpReply(status: number, body: string, type = 'application/json'): string {
  return `HTTP/1.0 ${String(status)} X\r\nServer: BaseHTTP/0.6 Python/3.11.2\r\nContent-Type: ${type}\r\n\r\n${body}`;
}
