import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import type { Rendering } from '../../src/formats/format.ts';
import { formats, type FormatName } from '../../src/formats/index.ts';
import { oneCluster } from '../stand-ins/clusters.ts';
import { textOf } from '../stand-ins/formats.ts';
import { situations, type SituationName } from './situations.ts';

const golden = fileURLToPath(new URL('golden', import.meta.url));

async function render(name: SituationName, format: FormatName, settings: Partial<Rendering> = {}): Promise<string> {
  const { document, now } = await situations[name]();
  const rendering = {
    columns: 80,
    colour: false,
    indented: true,
    now: Date.parse(now),
    walgCompat: false,
    isList: false,
  };
  return textOf(await formats[format](), oneCluster(document), { ...rendering, ...settings });
}

const names = Object.keys(situations) as SituationName[];

test.each(names)('the report on 80 columns: %s', async (name) => {
  await expect(await render(name, 'report')).toMatchFileSnapshot(`${golden}/${name}.report.txt`);
});

test.each([40, 120])('the report on %d columns', async (columns) => {
  const texts = [];
  for (const name of names) texts.push(await render(name, 'report', { columns }));
  await expect(texts.join('\n')).toMatchFileSnapshot(`${golden}/all.report.${columns}.txt`);
});

test('the report in colour', async () => {
  const texts = [];
  for (const name of names) texts.push(await render(name, 'report', { colour: true }));
  await expect(texts.join('\n')).toMatchFileSnapshot(`${golden}/all.report.ansi`);
});

test.each(names)('Prometheus: %s', async (name) => {
  await expect(await render(name, 'prometheus')).toMatchFileSnapshot(`${golden}/${name}.prom`);
});

test.each(['healthy-three-members', 'nothing-reachable', 'older-producer'] as const)(
  "Prometheus with the names of WAL-G's exporter: %s",
  async (name) => {
    const text = await render(name, 'prometheus', { walgCompat: true });
    const added = text.slice((await render(name, 'prometheus')).length);
    await expect(added).toMatchFileSnapshot(`${golden}/${name}.walg.prom`);
  },
);

test.each(names)('Nagios: %s', async (name) => {
  await expect(await render(name, 'nagios')).toMatchFileSnapshot(`${golden}/${name}.nagios.txt`);
});

test.each(names)('Zabbix: %s', async (name) => {
  const text = await render(name, 'zabbix');
  await expect(`${JSON.stringify(JSON.parse(text), null, 1)}\n`).toMatchFileSnapshot(`${golden}/${name}.zabbix.json`);
});

test.each(['healthy-three-members', 'older-producer', 'hostile-names'] as const)('YAML: %s', async (name) => {
  await expect(await render(name, 'yaml')).toMatchFileSnapshot(`${golden}/${name}.yaml`);
});
