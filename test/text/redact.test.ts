import { expect, test } from 'vitest';
import { redactor } from '../../src/text/redact.ts';

test.each([
  'AWS_SECRET_ACCESS_KEY',
  'PGPASSWORD',
  'WALG_PGP_KEY_PASSPHRASE',
  'AZURE_STORAGE_SAS_TOKEN',
  'WALG_S3_SSE_C',
  'S3_REQUEST_ADDITIONAL_HEADERS',
  'MONGODB_URI',
  'WALG_MYSQL_DATASOURCE_NAME',
  'pgpassword',
])('the value of %s is secret', (name) => {
  expect(redactor([[name, 'sesame']])('open sesame, sesame!')).toBe('open ***, ***!');
});

test.each(['WALG_S3_PREFIX', 'PGPASSFILE', 'PGSSLKEY', 'WALG_PGP_KEY_PATH', 'AWS_WEB_IDENTITY_TOKEN_FILE', 'PATH'])(
  'that of %s is not',
  (name) => {
    expect(redactor([[name, '/etc/sesame']])('cannot read /etc/sesame')).toBe('cannot read /etc/sesame');
  },
);

const secret = (value: string | null | undefined) => redactor([], new Map([['PGPASSWORD', value ?? null]]));

test.each([
  ['as it is', 'a+b/c=d', 'key a+b/c=d is wrong', 'key *** is wrong'],
  ['in a URL', 'a+b/c=d', 'GET /?sig=a%2Bb%2Fc%3Dd&x', 'GET /?sig=***&x'],
  ['in quotes', 'open"sesame"', String.raw`password "open\"sesame\"" rejected`, 'password "***" rejected'],
  ['with its blanks run together', 'open \t sesame', 'not open sesame', 'not ***'],
  ['line by line', 'first line\nsecond line', '> second line <', '> *** <'],
  ['line by line, the line feeds written out', String.raw`first line\nsecond line`, '> second line <', '> *** <'],
  ['only from six characters on', 'admin', 'the admin', 'the admin'],
])('a secret is found %s', (_how, value, text, expected) => {
  expect(secret(value)(text)).toBe(expected);
});

test('the longer of two overlapping secrets is redacted as a whole', () => {
  const redact = redactor([
    ['A_KEY', 'sesame'],
    ['B_KEY', 'sesame-street'],
  ]);
  expect(redact('sesame-street')).toBe('***');
});

test('variables without a value redact nothing', () => {
  expect(secret(null)('a null undefined text')).toBe('a null undefined text');
  expect(secret('')('text')).toBe('text');
});

test('the password in a URL is redacted, even if it is in no variable', () => {
  expect(redactor()('dial postgres://me:x@host:5432/db failed')).toBe('dial postgres://me:***@host:5432/db failed');
  expect(redactor()('see http://host:8008/a@b')).toBe('see http://host:8008/a@b');
});

test.each([
  ['octal escapes', String.raw`\123\145\163\141\155\145\040\303\244`],
  ['hexadecimal escapes of UTF-8', String.raw`\x53\x65\x73\x61\x6d\x65\x20\xc3\xa4`],
  ['a hexadecimal escape of Latin-1', String.raw`Sesame \xe4`],
  ['hexadecimal with colons', '53:65:73:61:6d:65:20:c3:a4'],
  ['the same in capitals', '53:65:73:61:6D:65:20:C3:A4'],
])('a secret in %s', (_, text) => {
  expect(redactor([['TOKEN', 'Sesame ä']])(`before ${text} after`)).toBe('before *** after');
});
