import { existsSync, readFileSync } from 'node:fs';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { join } from 'node:path';

/** A stand-in for Patroni's REST API that replays recorded replies byte by byte, HTTP/1.0 and closed connections included. */
export interface StandInPatroni {
  url: string;
  /** The paths that were asked for, in their order. */
  asked: string[];
  close: () => Promise<void>;
}

export const HANG = Symbol('the connection stays open and nothing comes');
export type Reply = Buffer | string | typeof HANG;

/** `reply` gives the raw bytes for a path; no bytes = the connection is closed without an answer, as when the DCS is gone. */
export async function startPatroni(reply: (path: string) => Reply): Promise<StandInPatroni> {
  const asked: string[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket)).on('error', () => undefined);
    let request = '';
    socket.on('data', (chunk) => {
      request += chunk.toString('latin1');
      if (!request.includes('\r\n\r\n')) return;
      const path = request.split(' ')[1] ?? '';
      asked.push(path);
      const bytes = reply(path);
      if (bytes !== HANG) socket.end(bytes);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${String(port)}`,
    asked,
    close: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** The recorded replies of one node in one scenario; what was not recorded there is taken from the healthy cluster's recording. */
export function recorded(folder: string, scenario: string, node: string): (path: string) => Reply {
  return (path) => {
    const endpoint = path.replace(/^\//, '') || 'root';
    const file = [`${scenario}.${node}.${endpoint}`, `s1_healthy.${node}.${endpoint}`, `s1_healthy.node1.${endpoint}`]
      .map((name) => join(folder, name))
      .find((candidate) => existsSync(candidate));
    return file === undefined ? httpReply(404, 'not recorded') : readFileSync(file);
  };
}

export function httpReply(status: number, body: string, type = 'application/json'): string {
  return `HTTP/1.0 ${String(status)} X\r\nServer: BaseHTTP/0.6 Python/3.11.2\r\nContent-Type: ${type}\r\n\r\n${body}`;
}
