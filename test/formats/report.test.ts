import { expect, test } from 'vitest';
import { formatReport } from '../stand-ins/formats.ts';
import { width } from '../../src/formats/report/text.ts';
import { oneCluster } from '../stand-ins/clusters.ts';
import { situations, type SituationName } from './situations.ts';

const names = Object.keys(situations) as SituationName[];

test.each(names)('never wider than the terminal, and never a control character: %s', async (name) => {
  const { document, now } = await situations[name]();
  for (const columns of [40, 41, 53, 66, 80, 100, 120, 200]) {
    const text = formatReport(oneCluster(document), { columns, colour: false, now: Date.parse(now) });
    for (const line of text.split('\n')) {
      expect(width(line), line).toBeLessThanOrEqual(columns);
      expect(line).toBe(line.trimEnd());
      expect(line).not.toMatch(/[\p{Cc}\u202a-\u202e]/u);
    }
  }
});

test.each(names)('colours add nothing but colours: %s', async (name) => {
  const { document, now } = await situations[name]();
  const [plain, coloured] = [false, true].map((colour) =>
    formatReport(oneCluster(document), { columns: 80, colour, now: Date.parse(now) }),
  );
  expect(coloured).not.toBe(plain);
  expect(coloured?.replace(/\u001b\[[0-9;]*m/g, '')).toBe(plain);
});

test('a terminal of less than 40 columns gets 40', async () => {
  const { document, now } = await situations['healthy-three-members']();
  const [narrow, forty] = [10, 40].map((columns) =>
    formatReport(oneCluster(document), { columns, colour: false, now: Date.parse(now) }),
  );
  expect(narrow).toBe(forty);
});
