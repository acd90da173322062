import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';

/** A TCP proxy to a port of this host, which can be cut and restored. */
export async function layWire(port: number, to: number) {
  const ends = new Set<Socket>();
  let server: Server | undefined;

  async function mend(): Promise<void> {
    server = createServer((near) => {
      const far = connect(to, '127.0.0.1');
      for (const [end, other] of [
        [near, far],
        [far, near],
      ] as const) {
        ends.add(end);
        end.pipe(other);
        end.on('error', () => other.destroy());
        end.on('close', () => {
          ends.delete(end);
          other.destroy();
        });
      }
    }).listen(port, '127.0.0.1');
    await once(server, 'listening');
  }

  async function cut(): Promise<void> {
    const closed = server === undefined ? undefined : once(server.close(), 'close');
    server = undefined;
    for (const end of ends) end.destroy();
    await closed;
  }

  await mend();
  return { cut, mend, end: cut };
}
