import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll } from 'vitest';
import { readTls, type Tls } from '../../src/patroni/tls.ts';
import { findExecutable } from '../../src/system/executable.ts';

/** The same program that `needs('openssl')` finds. */
export const OPENSSL = findExecutable('openssl', process.env['PATH']);
export const PASSPHRASE = 'open sesame';

/** A folder of valid and invalid certificates and keys, for the tests of one file. */
export function certificateFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'postgres-status-tls-'));
  beforeAll(() => {
    // without openssl the tests are skipped, but this hook is not
    if (OPENSSL !== undefined) makeCertificates(folder, OPENSSL);
  });
  afterAll(() => {
    rmSync(folder, { recursive: true });
  });
  return folder;
}

/** The user's options: names of files in the folder. */
export interface Client {
  ca?: string;
  cert?: string;
  key?: string;
  passphrase?: string;
  insecure?: boolean;
}

export function readClient(folder: string, { passphrase, insecure = false, ...files }: Client): Tls {
  const paths = Object.fromEntries(Object.entries(files).map(([option, name]) => [option, join(folder, name)]));
  return readTls(paths, passphrase, insecure);
}

function makeCertificates(folder: string, program: string): void {
  const openssl = (...args: string[]) => execFileSync(program, args, { cwd: folder, stdio: 'pipe' });
  const newKey = ['-newkey', 'rsa:2048', '-nodes'];
  for (const authority of ['ca', 'other-ca'])
    openssl(
      'req',
      '-x509',
      ...newKey,
      '-keyout',
      `${authority}.key`,
      '-out',
      `${authority}.crt`,
      '-subj',
      `/CN=${authority}`,
    );

  const sign = (name: string, authority: string, alternatives: string, days: string) => {
    writeFileSync(join(folder, `${name}.ext`), `subjectAltName=${alternatives}\n`);
    openssl('req', ...newKey, '-keyout', `${name}.key`, '-out', `${name}.csr`, '-subj', `/CN=${name}`);
    const issuer = ['-CA', `${authority}.crt`, '-CAkey', `${authority}.key`, '-CAcreateserial'];
    openssl(
      'x509',
      '-req',
      '-in',
      `${name}.csr`,
      ...issuer,
      '-days',
      days,
      '-extfile',
      `${name}.ext`,
      '-out',
      `${name}.crt`,
    );
  };
  sign('server', 'ca', 'DNS:localhost,IP:127.0.0.1', '2');
  sign('elsewhere', 'ca', 'DNS:db1.example.org', '2');
  sign('expired', 'ca', 'IP:127.0.0.1', '-1');
  sign('client', 'ca', 'DNS:client', '2');
  sign('stranger', 'other-ca', 'DNS:client', '2');
  openssl('rsa', '-aes256', '-passout', `pass:${PASSPHRASE}`, '-in', 'client.key', '-out', 'locked.key');
  writeFileSync(
    join(folder, 'both.pem'),
    ['client.crt', 'client.key'].map((file) => readFileSync(join(folder, file), 'utf8')).join(''),
  );
  openssl('x509', '-in', 'ca.crt', '-outform', 'DER', '-out', 'ca.der');
  writeFileSync(join(folder, 'garbage'), 'not PEM\n');
}
