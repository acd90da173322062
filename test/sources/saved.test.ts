import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readDocument } from '../../src/sources/saved.ts';
import { temporaryFolder } from '../stand-ins/temporary.ts';

/** The seven keys of the contract, as the earlier shell script wrote them. */
const OLD_PRODUCER = {
  current_timestamp: 1739886583,
  cluster_status: { scope: 'acid-postgres', members: [{ name: 'a', role: 'leader', state: 'running', extra: [1] }] },
  patroni_archive_enabled: true,
  patroni_archive_command_set: false,
  walg_last_backup: {
    backup_name: 'base_000000010000000000000002',
    time: '2025-02-17T18:22:45.192Z',
    wal_file_name: '000000010000000000000002',
  },
  walg_timeline: null,
  walg_integrity: null,
};

const save = (content: string) => join(temporaryFolder({ 'status.json': content }), 'status.json');

test("an older producer's document is returned unchanged, order and unknown fields included", async () => {
  const text = JSON.stringify({ ...OLD_PRODUCER, from_the_future: { a: 1 } });
  expect(JSON.stringify(await readDocument(save(text)))).toBe(text);
});

test.each([
  { what: 'nothing', content: '', error: /status\.json is not JSON: it is empty$/ },
  { what: 'half a document', content: '{"cluster_status":', error: /status\.json is not JSON$/ },
  { what: 'null', content: 'null', error: /status\.json: it is not an object: this is not a status document$/ },
  {
    what: 'members that are not a list',
    content: JSON.stringify({ ...OLD_PRODUCER, cluster_status: { members: {} } }),
    error: /field "cluster_status\.members" is not an array: this is not a status document$/,
  },
  {
    what: 'no time',
    content: JSON.stringify({ ...OLD_PRODUCER, current_timestamp: undefined }),
    error: /field "current_timestamp" is not a number: this is not a status document$/,
  },
])('$what is no document', async ({ content, error }) => {
  await expect(readDocument(save(content))).rejects.toThrow(error);
});

test('a file that does not exist', async () => {
  await expect(readDocument('/nowhere/status.json')).rejects.toThrow(
    '/nowhere/status.json cannot be read (no such file or directory)',
  );
});
