import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { formatYaml } from '../../src/formats/yaml.ts';
import { oneCluster } from '../stand-ins/clusters.ts';
import { situations, type SituationName } from './situations.ts';

const names = Object.keys(situations) as SituationName[];

test.each(names)('comes back as it was, whatever version of YAML reads it: %s', async (name) => {
  const { document } = await situations[name]();
  const plain: unknown = JSON.parse(JSON.stringify(document));
  for (const version of ['1.2', '1.1'] as const)
    expect(parse(formatYaml(oneCluster(document), { isList: false }), { version })).toEqual(plain);
});

test('what older readers take for something else is quoted, and nothing is a reference', async () => {
  const { document } = await situations['healthy-three-members']();
  const text = formatYaml(
    oneCluster({ ...document, patroni_archive_enabled: true, cluster_status: { members: [], scope: 'on' } }),
    { isList: false },
  );
  expect(text).toContain('scope: "on"\n');
  expect(text).not.toMatch(/[&*]a\d/);
});
