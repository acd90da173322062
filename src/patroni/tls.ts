import { errorCode, UsageError } from '../errors.ts';
import { readBounded, whyUnreadable } from '../system/bounded-file.ts';

/** TLS settings for Patroni, with the contents of the files; the same as patronictl's (its request.py). */
export interface Tls {
  ca?: Buffer;
  cert?: Buffer;
  key?: Buffer;
  passphrase?: string;
  /** With a client certificate only the host name is not verified; without one nothing is. */
  insecure: boolean;
}

export interface TlsFiles {
  ca?: string;
  cert?: string;
  key?: string;
}

/** Reads and validates the files. @throws UsageError that names the file and the option. */
export function readTls(files: TlsFiles, passphrase: string | undefined, insecure: boolean): Tls {
  const { ca, cert, key } = files;
  if (ca === undefined && cert === undefined && key === undefined) return { insecure };
  if (cert === undefined && key !== undefined)
    throw new UsageError(`--patroni-key ${key} needs a client certificate: also give --patroni-cert`);
  const tls: Tls = {
    insecure,
    ...(ca !== undefined && { ca: readCertificate(ca, '--patroni-ca-cert') }),
    ...(cert !== undefined && { cert: readCertificate(cert, '--patroni-cert') }),
    // as in patronictl, one file may contain both
    ...(cert !== undefined && { key: key === undefined ? read(cert, '--patroni-cert') : read(key, '--patroni-key') }),
    ...(passphrase !== undefined && { passphrase }),
  };
  tryKey(tls, files);
  return tls;
}

/** A bundle of all public CAs has about 250 KB. */
const MOST_BYTES = 1024 * 1024;

function read(path: string, option: string): Buffer {
  try {
    return readBounded(path, MOST_BYTES);
  } catch (error) {
    throw new UsageError(`${option} ${path} cannot be read (${whyUnreadable(error)})`);
  }
}

/** Node.js accepts an invalid CA file without an error, and then trusts no certificate. */
function readCertificate(path: string, option: string): Buffer {
  const { X509Certificate } = process.getBuiltinModule('node:crypto');
  const pem = read(path, option);
  try {
    // X509Certificate accepts DER too, which TLS connections do not
    if (!pem.includes('-----BEGIN')) throw new TypeError('not PEM');
    new X509Certificate(pem);
  } catch {
    throw new UsageError(`${option} ${path} contains no certificate in PEM format`);
  }
  return pem;
}

function tryKey({ cert, key, passphrase }: Tls, files: TlsFiles): void {
  if (cert === undefined) return;
  const { createSecureContext } = process.getBuiltinModule('node:tls');
  try {
    createSecureContext({ cert, key, passphrase });
  } catch (error) {
    const reason = explainKey(errorCode(error), passphrase);
    throw new UsageError(
      files.key === undefined
        ? `--patroni-cert ${String(files.cert)} ${reason}: give its key with --patroni-key`
        : `--patroni-key ${files.key} ${reason}`,
    );
  }
}

function explainKey(code: string | undefined, passphrase: string | undefined): string {
  switch (code) {
    case 'ERR_OSSL_X509_KEY_VALUES_MISMATCH':
    case 'ERR_OSSL_X509_KEY_TYPE_MISMATCH':
      return 'is not the key of the certificate in --patroni-cert';
    case 'ERR_OSSL_BAD_DECRYPT':
    case 'ERR_OSSL_EVP_BAD_DECRYPT':
    case 'ERR_MISSING_PASSPHRASE':
      return passphrase === undefined
        ? 'needs a passphrase: set PATRONI_CTL_KEYFILE_PASSWORD'
        : 'cannot be opened with the passphrase in PATRONI_CTL_KEYFILE_PASSWORD';
    default:
      return 'contains no usable key in PEM format';
  }
}
