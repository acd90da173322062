import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { onTestFinished } from 'vitest';
import { OPENSSL } from './certificates.ts';

/** A server that requires a client certificate and reports why it rejects one; it sends no other reply. */
export async function startOpensslServer(folder: string, version: string): Promise<string> {
  const files = ['-cert', 'server.crt', '-key', 'server.key', '-CAfile', 'ca.crt'];
  const server = spawn(
    OPENSSL ?? 'openssl',
    ['s_server', version, '-accept', '127.0.0.1:0', ...files, '-Verify', '1', '-verify_return_error'],
    {
      cwd: folder,
      stdio: ['pipe', 'pipe', 'ignore'],
    },
  );
  onTestFinished(() => {
    server.kill();
  });
  for await (const line of createInterface(server.stdout)) {
    const port = /^ACCEPT .*:(\d+)$/.exec(line)?.[1];
    if (port !== undefined) return `https://127.0.0.1:${port}`;
  }
  throw new Error('openssl s_server does not accept connections');
}
