import { expect, test } from 'vitest';
import { startHost } from '../stand-ins/host.ts';
import { httpReply } from '../stand-ins/patroni.ts';
import { healthyDocument, NOW, save } from '../stand-ins/saved.ts';

interface Row {
  cluster?: { id: string };
  document?: { status: number; problems?: string };
}

test.each(['zabbix', 'zabbix-sender'])('--format %s prints nothing on stderr, whatever failed', async (format) => {
  const host = await startHost({ patroni: () => httpReply(500, '') });
  const { status, stdout, stderr } = await host.run('--format', format, '--collect', 'patroni');
  expect({ status, stderr }).toEqual({ status: 1, stderr: '' });
  expect(stdout).toContain('collection unknown: ');
});

test('documents that cannot be read are rows beside the others', async () => {
  const host = await startHost();
  save(host, await healthyDocument(), 'a.json');
  save(host, null, 'null.json');
  const { status, stdout, stderr } = await host.run(
    ...['--input', 'a.json', 'null.json', 'missing.json', '--now', NOW, '--format', 'zabbix'],
  );
  expect({ status, stderr }).toEqual({ status: 1, stderr: '' });
  const clusters = (JSON.parse(stdout) as Row[]).filter(({ cluster }) => cluster !== undefined);
  expect(clusters.map(({ cluster, document }) => [cluster?.id, document?.status, document?.problems])).toEqual([
    ['a.json', 0, undefined],
    ['null.json', undefined, 'unreadable: null.json: it is not an object: this is not a status document'],
    ['missing.json', undefined, 'unreadable: missing.json cannot be read (no such file or directory)'],
  ]);
});

test('with --verbose, failures are printed: somebody looks', async () => {
  const host = await startHost({ patroni: () => httpReply(500, '') });
  const { stderr } = await host.run('--format', 'zabbix', '--collect', 'patroni', '--verbose');
  expect(stderr).toContain('postgres-status: patroni: ');
});

test('a usage error is printed: nothing else would say what to correct', async () => {
  const host = await startHost();
  const { status, stdout, stderr } = await host.run('--format', 'zabbix', '--input', 'missing.json');
  expect({ status, stdout, stderr }).toEqual({
    status: 2,
    stdout: '',
    stderr: 'postgres-status: missing.json cannot be read (no such file or directory)\n',
  });
});
