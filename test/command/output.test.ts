import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { startHost } from '../stand-ins/host.ts';
import { needs } from '../stand-ins/needs.ts';
import { healthyDocument, NOW, save } from '../stand-ins/saved.ts';

test('--output writes a file instead of stdout, readable by everybody', async () => {
  const host = await startHost();
  const printed = await host.run('--collect', 'patroni', '--format', 'prometheus');
  const before = readdirSync(host.folder);
  const ended = await host.run('--collect', 'patroni', '--format', 'prometheus', '--output', 'status.prom');
  expect(ended).toEqual({ status: 0, stdout: '', stderr: '' });
  expect(readdirSync(host.folder)).toEqual([...before, 'status.prom'].sort());
  const written = readFileSync(join(host.folder, 'status.prom'), 'utf8');
  const names = (text: string) => text.match(/^# HELP \S+/gm);
  expect(names(written)).toEqual(names(printed.stdout));
  expect(statSync(join(host.folder, 'status.prom')).mode & 0o777).toBe(0o644);
});

test('the published document is JSON, whatever the format of the file', async () => {
  const host = await startHost();
  const ended = await host.run('--configmap', '--format', 'report', '--output', 'report.txt');
  expect(ended).toMatchObject({ status: 0, stdout: '', stderr: '' });
  expect(JSON.parse(host.published()?.patch.data.status ?? '')).toMatchObject({ node: { name: 'node1' } });
  expect(readFileSync(join(host.folder, 'report.txt'), 'utf8')).toMatch(/^Collectors {2}postgres-status /m);
});

test('--quiet silences stdout, not the file', async () => {
  const host = await startHost();
  expect(await host.run('--quiet', '--output', 'status.json')).toEqual({ status: 0, stdout: '', stderr: '' });
  expect(JSON.parse(readFileSync(join(host.folder, 'status.json'), 'utf8'))).toMatchObject({ node: { name: 'node1' } });
});

test('a symbolic link is kept, and its target is replaced', async () => {
  const host = await startHost();
  save(host, await healthyDocument());
  await host.shell(`touch real; ln -s real link; $CLI --input status.json --now ${NOW} --output link`);
  expect(readFileSync(join(host.folder, 'real'), 'utf8')).toMatch(/^\{.*\}\n$/);
  expect(await host.shell('readlink link')).toMatchObject({ stdout: 'real\n' });
});

test.each([
  ['nowhere/status.json', 'cannot be written: the folder nowhere does not exist'],
  ['bin', 'is a folder: give the name of a file'],
  ['/dev/null', 'is not a regular file'],
])('--output %s is refused before anything is collected', async (output, sentence) => {
  const host = await startHost();
  expect(await host.run('--output', output)).toEqual({
    status: 2,
    stdout: '',
    stderr: `postgres-status: --output: "${output}" ${sentence}\n`,
  });
  expect(host.patroni.asked).toEqual([]);
  expect(statSync('/dev/null').isCharacterDevice()).toBe(true);
});

needs('root', 'unshare')('a full disk: the old file is still there, and nothing half-written', async () => {
  const host = await startHost();
  host.program(
    'on-a-full-disk',
    'mkdir disk; mount -t tmpfs -o size=16k none disk; echo old > disk/status.json',
    'head -c 12288 /dev/zero > disk/filler; "$@"; echo "status $?"; cat disk/status.json; ls -A disk',
  );
  expect(await host.shell('unshare --mount on-a-full-disk $CLI --output disk/status.json')).toEqual({
    status: 0,
    stdout: 'status 3\nold\nfiller\nstatus.json\n',
    stderr: `postgres-status: ${host.folder}/disk/status.json could not be written (no space left on device); its old content is unchanged\n`,
  });
});

test('a run that is killed while it collects does not change the file', async () => {
  const host = await startHost();
  writeFileSync(join(host.folder, 'status.json'), 'old');
  host.program('wal-g', `touch ${host.folder}/began; exec sleep 600`);
  await host.shell('$CLI --output status.json & while [ ! -e began ]; do sleep 0.05; done; kill -TERM $!; wait $!');
  expect(readFileSync(join(host.folder, 'status.json'), 'utf8')).toBe('old');
  expect(existsSync(join(host.folder, 'began'))).toBe(true);
});
