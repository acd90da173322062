import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { formatYaml } from '../stand-ins/formats.ts';
import { oneCluster } from '../stand-ins/clusters.ts';
import { situations, type SituationName } from './situations.ts';

const names = Object.keys(situations) as SituationName[];

test.each(names)('parsers of YAML 1.1 and 1.2 read the same value: %s', async (name) => {
  const { document } = await situations[name]();
  const plain: unknown = JSON.parse(JSON.stringify(document));
  for (const version of ['1.2', '1.1'] as const)
    expect(parse(formatYaml(oneCluster(document), { isList: false }), { version })).toEqual(plain);
});

test('strings that YAML 1.1 reads as another type are quoted, and there are no aliases', async () => {
  const { document } = await situations['healthy-three-members']();
  const text = formatYaml(
    oneCluster({ ...document, patroni_archive_enabled: true, cluster_status: { members: [], scope: 'on' } }),
    { isList: false },
  );
  expect(text).toContain('scope: "on"\n');
  expect(text).not.toMatch(/[&*]a\d/);
});
