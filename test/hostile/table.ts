import type { StatusDocument } from '../../src/document/schema.ts';
import { httpReply } from '../stand-ins/patroni.ts';
import { GROWING } from './growing.ts';

/** A hostile input: its source, and the expected message. */
export interface Hostile {
  source: 'WAL-G' | 'Patroni' | 'saved document';
  input: string;
  /** The shell command that the stand-in for wal-g runs for every request. */
  walg?: string;
  /** Patroni's reply for this path. */
  patroni?: readonly [path: string, reply: () => string];
  saved?: (document: StatusDocument) => unknown;
  /** A part of the collector's error, or of stderr if nothing is collected; undefined = the run succeeds. */
  says?: RegExp;
  status: number;
}

const walg = (input: string, line: string, says: RegExp): Hostile => ({
  source: 'WAL-G',
  input,
  walg: line,
  says,
  status: 1,
});
const patroni = (input: string, path: string, body: () => string, says?: RegExp): Hostile => ({
  source: 'Patroni',
  input,
  patroni: [path, () => httpReply(200, body())],
  ...(says && { says }),
  status: says === undefined ? 0 : 1,
});
const saved = (input: string, change: (document: StatusDocument) => unknown, says?: RegExp): Hostile => ({
  source: 'saved document',
  input,
  saved: change,
  ...(says && { says }),
  status: says === undefined ? 0 : 2,
});

const members = (size: number, more: (index: number) => object = () => ({})) =>
  JSON.stringify({
    members: Array.from({ length: size }, (_, index) => ({
      name: `m${String(index)}`,
      role: 'replica',
      state: 'running',
      ...more(index),
    })),
  });

/** One hostile input of each kind, for every source of the program. */
export const HOSTILE: readonly Hostile[] = [
  walg(
    '15 MB of [0,0,…]',
    `printf '['; yes 0, | tr -d '\\n' | head -c 15000000; printf '0]'`,
    /more than 20,000 elements/,
  ),
  walg('400 KB of one letter', `head -c 400000 /dev/zero | tr '\\0' a`, /printed no complete JSON/),
  walg('17 MB of blanks', `head -c 17000000 /dev/zero | tr '\\0' ' '`, /printed too much/),
  walg('nesting of 100,000 levels', `head -c 100000 /dev/zero | tr '\\0' '['`, /nested more than 64 levels deep/),
  walg(
    '20,000 empty lists',
    `printf '['; yes '[],' | tr -d '\\n' | head -c 59997; printf '[]]'`,
    /"\[0\]" is not an object/,
  ),
  walg('the number 1e400', `echo '[1e400]'`, /the number 1e400 is out of range/),
  walg(
    'an error of 60 KB that is nearly a cause',
    `{ printf 'ERROR: x: '; head -c 60000 /dev/zero | tr '\\0' A; } >&2; exit 1`,
    /failed with exit status 1/,
  ),
  walg('20 MB on stderr', `yes 'WARNING: a://b:' | head -c 20000000 >&2; exit 1`, /failed with exit status 1/),
  patroni('35,000 members', '/cluster', () => members(35_000), /more than 10,000 elements/),
  patroni('10,000 members with tags', '/cluster', () => members(9999, () => ({ tags: { a: 'x'.repeat(200) } }))),
  patroni(
    'a name of 100 KB',
    '/cluster',
    () => members(1, () => ({ name: 'n'.repeat(100_000) })),
    /"members\[0\]\.name" is not valid: it is longer than 256 characters/,
  ),
  patroni('a tag of 60 KB', '/cluster', () => members(2, () => ({ tags: { a: 'x '.repeat(30_000) } }))),
  patroni(
    '1,500 levels',
    '/cluster',
    () => `{"members":[],"deep":${'['.repeat(1500)}${']'.repeat(1500)}}`,
    /nested more than 64 levels deep/,
  ),
  patroni('5 MB', '/cluster', () => `{"members":[]}${' '.repeat(5_000_000)}`, /the reply is larger than 4194304 bytes/),
  patroni(
    'a history of empty rows',
    '/history',
    () => `[${Array.from({ length: 9000 }, () => '[]').join(',')}]`,
    /\/history: field "\[0\]\.timeline" is not a number/,
  ),
  patroni('a NUL in a host', '/cluster', () =>
    members(1, () => ({ role: 'leader', host: 'a\0b', api_url: 'http://a\0b' })),
  ),
  patroni('a DCS that was seen in the year 285,000,000', '/patroni', () =>
    JSON.stringify({
      state: 'running',
      role: 'primary',
      timeline: 1,
      dcs_last_seen: Number.MAX_SAFE_INTEGER,
      patroni: { version: '4.1.4', scope: 'demo', name: 'node1' },
      xlog: { location: 67108864 },
    }),
  ),
  saved(
    'a time out of range',
    (document) => ({ ...document, current_timestamp: 1e15 }),
    /it is not a time between 1970 and 9999/,
  ),
  ...GROWING.map(({ title, most, grow }) => saved(`${String(most)} ${title}`, (document) => grow(document, most))),
];
