import { describe, expect } from 'vitest';
import { needs } from '../stand-ins/needs.ts';
import { certificateFolder, readClient, type Client } from './certificates.ts';

const test = needs('openssl');
const folder = certificateFolder();

describe('unusable files are usage errors', () => {
  test.for<[situation: string, client: Client, message: string]>([
    [
      'no such file',
      { ca: 'missing.crt' },
      '--patroni-ca-cert PATH/missing.crt cannot be read (no such file or directory)',
    ],
    [
      'a CA that is not a certificate',
      { ca: 'garbage' },
      '--patroni-ca-cert PATH/garbage contains no certificate in PEM format',
    ],
    ['a CA in DER format', { ca: 'ca.der' }, '--patroni-ca-cert PATH/ca.der contains no certificate in PEM format'],
    [
      'an invalid certificate',
      { cert: 'garbage', key: 'client.key' },
      '--patroni-cert PATH/garbage contains no certificate in PEM format',
    ],
    [
      'a certificate without its key',
      { cert: 'client.crt' },
      '--patroni-cert PATH/client.crt contains no usable key in PEM format: give its key with --patroni-key',
    ],
    [
      'an invalid key',
      { cert: 'client.crt', key: 'garbage' },
      '--patroni-key PATH/garbage contains no usable key in PEM format',
    ],
    [
      'the key of another certificate',
      { cert: 'client.crt', key: 'server.key' },
      '--patroni-key PATH/server.key is not the key of the certificate in --patroni-cert',
    ],
    [
      'a key without its certificate',
      { key: 'client.key' },
      '--patroni-key PATH/client.key needs a client certificate: also give --patroni-cert',
    ],
    [
      'a passphrase that is missing',
      { cert: 'client.crt', key: 'locked.key' },
      '--patroni-key PATH/locked.key needs a passphrase: set PATRONI_CTL_KEYFILE_PASSWORD',
    ],
    [
      'a passphrase that is wrong',
      { cert: 'client.crt', key: 'locked.key', passphrase: 'sesame' },
      '--patroni-key PATH/locked.key cannot be opened with the passphrase in PATRONI_CTL_KEYFILE_PASSWORD',
    ],
  ])('%s', ([, client, message]) => {
    const read = () => readClient(folder, client);
    expect(read).toThrow(
      expect.objectContaining({ name: 'UsageError', message: message.replace('PATH', folder) }) as Error,
    );
  });
});
