import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parse as parseYaml } from 'yaml';
import * as z from 'zod';
import { formatNames } from '../../src/formats/index.ts';
import type { StatusDocument } from '../../src/document/schema.ts';
import { startHost } from '../stand-ins/host.ts';
import { olderDocument } from '../formats/situations.ts';
import { healthyDocument, NOW, save } from '../stand-ins/saved.ts';

const withoutHealth = (text: string): unknown => {
  const { health, ...document } = JSON.parse(text) as StatusDocument;
  expect(health).toBeDefined();
  return document;
};

test.each([
  ['our own', healthyDocument],
  ["an older producer's", () => Promise.resolve(olderDocument)],
])('a saved document, %s, comes back as it was but for its health', async (_whose, made) => {
  const host = await startHost();
  const document = { ...(await made()), from_the_future: { kept: ['as', 'it', 'is'] } };
  save(host, document);
  const fromFile = await host.run('--input', 'status.json', '--now', NOW);
  expect(fromFile).toMatchObject({ status: 0, stderr: '' });
  expect(withoutHealth(fromFile.stdout)).toEqual(document);
  expect(Object.keys(withoutHealth(fromFile.stdout) as object)).toEqual(Object.keys(document));
  expect(host.patroni.asked).toEqual([]);

  expect(await host.shell(`$CLI --input - --now ${NOW} < status.json`)).toEqual(fromFile);
  expect(await host.shell(`cat status.json | $CLI --input - --now ${NOW}`)).toEqual(fromFile);
  expect(await host.shell(`$CLI --input <(cat status.json) --now ${NOW}`)).toEqual(fromFile);
  // once more, because a document with a verdict is judged again
  writeFileSync(join(host.folder, 'again.json'), fromFile.stdout);
  expect(await host.run('--input', 'again.json', '--now', NOW)).toEqual(fromFile);
});

test.each(formatNames.flatMap((format) => [['healthy', format] as const, ['older', format] as const]))(
  'a saved document, %s, as %s',
  async (whose, format) => {
    const host = await startHost();
    save(host, whose === 'older' ? olderDocument : await healthyDocument());
    const { status, stdout, stderr } = await host.run('--input', 'status.json', '--now', NOW, '--format', format);
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    const told = stdout.replaceAll(/127\.0\.0\.1:\d+/g, '127.0.0.1:5432');
    await expect(told).toMatchFileSnapshot(`golden/saved/${whose}.${format}.txt`);
  },
);

test('YAML and JSON have the same content', async () => {
  const host = await startHost();
  save(host, await healthyDocument());
  const as = (format: string) => host.run('--input', 'status.json', '--now', NOW, '--format', format);
  expect(parseYaml((await as('yaml')).stdout)).toEqual(JSON.parse((await as('json')).stdout));
});

test.each([
  ['{', 'bad.json is not JSON'],
  ['', 'bad.json is not JSON: it is empty'],
  ['[]', 'bad.json: it is not an object: this is not a status document'],
  [
    JSON.stringify({ ...olderDocument, current_timestamp: 'today' }),
    'bad.json: field "current_timestamp" is not a number: this is not a status document',
  ],
  [
    JSON.stringify({ ...olderDocument, cluster_status: { members: [{ role: 'leader' }] } }),
    'bad.json: field "cluster_status.members[0].name" is not a string: this is not a status document',
  ],
])('no document: %#', async (text, sentence) => {
  const host = await startHost();
  writeFileSync(join(host.folder, 'bad.json'), text);
  expect(await host.run('--input', 'bad.json')).toEqual({
    status: 2,
    stdout: '',
    stderr: `postgres-status: ${sentence}\n`,
  });
  const onStdin = `postgres-status: ${sentence.replace('bad.json', 'the document on stdin')}\n`;
  expect(await host.shell('$CLI --input - < bad.json')).toMatchObject({ status: 2, stderr: onStdin });
});

test.each([
  [['--input', '/nowhere'], '/nowhere cannot be read (no such file or directory)'],
  [['--input', '/tmp'], '/tmp cannot be read (a directory)'],
  [['--input', 'a', '--configmap'], '--input and --configmap cannot be combined: saved documents are not published'],
  [['--now', NOW], '--now requires --input or --from: a collected document is judged as of its own time'],
  [['--input', 'a', '--now', 'noon'], '--now: "noon" is not a time such as 2026-11-21T08:30:00Z'],
])('%j is refused', async (args, sentence) => {
  const host = await startHost();
  expect(await host.run(...args)).toEqual({ status: 2, stdout: '', stderr: `postgres-status: ${sentence}\n` });
});

test.each([
  ['its limit', '$CLI --input - --timeout 2s', 'status 3\n', 'postgres-status: the run did not end within 2 s\n'],
  ['a signal', '{ $CLI --input - <&0 & } ; sleep 2; kill -INT $!; wait $!', 'status 130\n', ''],
])('a writer to stdin that never ends does not prevent %s', async (_what, line, stdout, stderr) => {
  const host = await startHost();
  expect(await host.shell(`sleep 5 | { ${line}; echo "status $?"; }`)).toMatchObject({ stdout, stderr });
});

test('the schema: every real document fits it', async () => {
  const host = await startHost();
  const { status, stdout, stderr } = await host.run('--schema');
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  const schema = JSON.parse(stdout) as z.core.JSONSchema.Schema;
  expect(schema.$schema).toBe('http://json-schema.org/draft-07/schema#');
  expect(schema.required).toEqual(Object.keys(olderDocument));
  const document = JSON.parse((await host.run()).stdout) as object;
  expect(Object.keys(document).filter((key) => !(key in (schema.properties ?? {})))).toEqual([]);
  const validator = z.fromJSONSchema(schema);
  for (const real of [document, olderDocument, await healthyDocument()]) validator.parse(real);
  expect(validator.safeParse({ ...olderDocument, current_timestamp: 'today' }).success).toBe(false);
});
