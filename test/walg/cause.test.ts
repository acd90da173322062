import { expect, test } from 'vitest';
import { innermostCause } from '../../src/walg/cause.ts';

const LIST = `Get backups from folder: list folder in storage "default": failed to list s3 folder: 'pg/basebackups_005/': `;
const SENT = `${LIST}RequestError: send request failed caused by: Get "http://s3.example.org:9000/b?list-type=2&prefix=pg%2F": `;

test.each([
  [`${LIST}NoSuchBucket: The specified bucket does not exist`, 'NoSuchBucket (The specified bucket does not exist)'],
  [`${LIST}AccessDenied: Access Denied`, 'AccessDenied (Access Denied)'],
  [`${LIST}SlowDown: `, 'SlowDown'],
  [
    `${LIST}SignatureDoesNotMatch: The request signature we calculated does not match the signature you provided. Check your key and signing method.`,
    'SignatureDoesNotMatch (The request signature we calculated does not match the signature you provided. Check your key and signing method)',
  ],
  [`${SENT}dial tcp 127.0.0.1:9000: connect: connection refused`, 'connection refused (127.0.0.1:9000)'],
  [`${SENT}dial tcp [::1]:9000: connect: connection refused`, 'connection refused ([::1]:9000)'],
  [`${SENT}dial tcp 10.0.0.1:9000: i/o timeout`, 'i/o timeout (10.0.0.1:9000)'],
  [`${SENT}dial tcp: lookup s3.example.org on 10.0.0.53:53: no such host`, 'no such host (s3.example.org)'],
  [
    `${SENT}tls: failed to verify certificate: x509: certificate signed by unknown authority`,
    'certificate signed by unknown authority',
  ],
  [
    'Failed to fetch WAL folder filenames: unable to list FS folder "/backups/wal_005": open /backups/wal_005: permission denied',
    'permission denied (/backups/wal_005)',
  ],
  [
    'FS error : Folder not exists or is inaccessible: stat /backups: no such file or directory',
    'no such file or directory (/backups)',
  ],
])('the cause in %j', (message, cause) => {
  expect(innermostCause(message)).toBe(cause);
});

test.each([
  'no storage',
  "got incorrect log level: 'NORMAL', expected one of: '[NORMAL DEVEL]'",
  'openpgp: incorrect key',
  `${LIST}RequestCanceled`,
])('none is recognized in %j', (message) => {
  expect(innermostCause(message)).toBeUndefined();
});

test('the search for a cause takes linear time in a text that almost matches', () => {
  const started = process.cpuUsage();
  expect(innermostCause(`: ${'Aa'.repeat(50_000)}!`)).toBeUndefined();
  const { user } = process.cpuUsage(started);
  expect(user).toBeLessThan(1_000_000);
});
