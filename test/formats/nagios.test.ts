import { expect, test } from 'vitest';
import { performanceData, type Measure } from '../../src/formats/nagios/performance-data.ts';
import { formatNagios } from '../stand-ins/formats.ts';
import { oneCluster } from '../stand-ins/clusters.ts';
import { situations, type SituationName } from './situations.ts';

const names = Object.keys(situations) as SituationName[];

/** Monitoring Plugins development guidelines: 'label'=value[UOM];[warn];[crit];[min];[max] */
const NUMBER = String.raw`-?\d+(?:\.\d+)?`;
const RANGE = `(?:@?(?:(?:${NUMBER}|~):)?(?:${NUMBER})?)`;
const MEASURE = new RegExp(`^'[^'=]+'=${NUMBER}(?:s|B|%|c)?(?:;${RANGE}){0,4}$`);

test.each(names)('conforms to the guidelines: %s', async (name) => {
  const { document } = await situations[name]();
  const text = formatNagios(oneCluster(document));
  expect(text.endsWith('\n')).toBe(true);
  const [told = '', data, ...more] = text.slice(0, -1).split(' | ');
  expect(more).toEqual([]);
  expect(told).not.toContain('|');
  expect(told.split('\n')).toHaveLength(1 + (document.health?.checks.length ?? 0));
  expect(told.split('\n')[0]).toMatch(/^POSTGRES (OK|WARNING|CRITICAL|UNKNOWN) - .{1,240}$/);
  expect(told).not.toMatch(/[^\P{Cc}\n]/u);
  const measures = data?.split(' ') ?? [];
  expect(measures.filter((measure) => !MEASURE.test(measure))).toEqual([]);
  const labels = measures.map((measure) => measure.split('=')[0]);
  expect(new Set(labels).size).toBe(labels.length);
});

test('the first line has as many reasons as fit, worst first, and the number of the others', async () => {
  const { document } = await situations['older-producer']();
  const check = (name: string, status: 'ok' | 'warning' | 'unknown' | 'critical') => ({
    name,
    status,
    message: `${'It is as bad as it says'.padEnd(70, '!')}; and this is more`,
    reasons: ['It is as bad as it says'.padEnd(70, '!'), 'and this is more'],
  });
  const checks = [
    check('a', 'ok'),
    check('b', 'warning'),
    check('c', 'unknown'),
    check('d', 'critical'),
    check('e', 'warning'),
  ];
  const [first] = formatNagios(oneCluster({ ...document, health: { status: 'critical', checks } })).split('\n');
  const reason = 'It is as bad as it says'.padEnd(70, '!');
  expect(first).toBe(`POSTGRES CRITICAL - acid-postgres: d: ${reason}; c: ${reason}; also b, e`);
});

test.each<{ title: string; measures: Measure[]; data: string }>([
  {
    title: 'units and ranges',
    measures: [
      { label: 'backup', value: 7200.5, unit: 's', warning: 86_400, critical: 691_200 },
      { label: 'backlog', value: 300, unit: '', critical: 256 },
    ],
    data: "'backup'=7200.5s;86400;691200 'backlog'=300;;256",
  },
  {
    title: 'what is not known',
    measures: [
      { label: 'lag', value: undefined, unit: 'B' },
      { label: 'age', value: Number.NaN, unit: 's' },
    ],
    data: '',
  },
  {
    title: 'numbers that JavaScript writes with an exponent',
    measures: [
      { label: 'large', value: 1e21, unit: 'B' },
      { label: 'small', value: 1e-7, unit: 's' },
    ],
    data: "'large'=1000000000000000000000B 'small'=0s",
  },
  {
    title: 'labels that would end too early, or be the same',
    measures: [
      { label: "a b='|", value: 1, unit: '' },
      { label: 'a_b___', value: 2, unit: '' },
    ],
    data: "'a_b___'=1 'a_b____2'=2",
  },
])('performance data: $title', ({ measures, data }) => {
  expect(performanceData(measures)).toBe(data);
});
