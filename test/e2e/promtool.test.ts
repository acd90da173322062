import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { situations, type SituationName } from '../formats/situations.ts';
import { postgresStatus } from './command.ts';
import { openFolder, promtool, SILENCE } from './metrics.ts';

/** In a separate file, because collecting in this process replaces the global fetch classes (src/patroni/ky.ts). */
const NAMES = { 'our own names': [], "those of WAL-G's exporter too": ['--metrics-compat', 'walg'] };

describe.each(Object.entries(NAMES))('promtool has nothing to say to a file of a saved document: %s', (_, compat) => {
  test.each(Object.keys(situations) as SituationName[])('%s', async (name) => {
    const { document, now } = await situations[name]();
    const folder = openFolder(`promtool-${String(compat.length)}-${name}`);
    const [input, output] = [join(folder, 'saved.json'), join(folder, 'status.prom')];
    writeFileSync(input, JSON.stringify(document));
    const render = ['--input', input, '--now', now, '--format', 'prometheus', '--output', output];
    expect(await postgresStatus([...render, ...compat])).toEqual(SILENCE);
    const text = readFileSync(output, 'utf8');
    expect(await promtool(text)).toEqual(SILENCE);
    expect(/^walg_/m.test(text)).toBe(compat.length > 0);
  });
});
