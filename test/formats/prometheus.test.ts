import { expect, test } from 'vitest';
import { expose, gauge, writeMetrics } from '../../src/formats/prometheus/exposition.ts';
import { formatPrometheus } from '../stand-ins/formats.ts';
import { oneCluster } from '../stand-ins/clusters.ts';
import { situations, type SituationName } from './situations.ts';

const names = Object.keys(situations) as SituationName[];

const SERIES =
  /^(?<name>[a-z_]+)\{(?<labels>(?:[a-z_]+="(?:[^"\\\n]|\\[\\"n])*",?)+)\} (?<value>-?\d+(?:\.\d+)?(?:e[+-]\d+)?)$/;

test.each(names)('a scrape accepts it: %s', async (name) => {
  const { document, now } = await situations[name]();
  const text = formatPrometheus(oneCluster(document), { walgCompat: true, now: Date.parse(now) });
  expect(text.endsWith('\n')).toBe(true);
  const families: string[] = [];
  const series: string[] = [];
  for (const line of text.slice(0, -1).split('\n')) {
    const [, kind, family = ''] = /^# (HELP|TYPE) (\S+) .+$/.exec(line) ?? [];
    if (kind === 'HELP') {
      families.push(family);
    } else if (kind === 'TYPE') {
      expect(line).toBe(`# TYPE ${families.at(-1) ?? ''} gauge`);
    } else {
      // a third field would be a timestamp, and node_exporter skips files with timestamps
      const { name: metric, labels } = SERIES.exec(line)?.groups ?? {};
      expect(metric, line).toBe(families.at(-1));
      expect(labels).toMatch(/^scope="/);
      series.push(`${metric ?? ''}{${labels ?? ''}}`);
    }
  }
  expect(new Set(families).size).toBe(families.length);
  expect(new Set(series).size).toBe(series.length);
  expect(families).toContain('postgres_status_up');
});

test('unknown values have no series, and a repeated series is dropped', () => {
  const families = [
    gauge('nothing', 'Not known.', null),
    gauge('nobody', 'Not known either.', [{ labels: { member: 'a' }, value: Number.NaN }]),
    gauge('twice', 'A \\ and\na line.', [
      { labels: { member: 'a "b"\n\\c' }, value: true },
      { labels: { member: 'a "b"\n\\c' }, value: 2 },
      { labels: { member: 'd' }, value: Infinity },
    ]),
  ];
  expect(expose([writeMetrics({ scope: 'demo' }, families)])).toBe(
    String.raw`# HELP twice A \\ and\na line.
# TYPE twice gauge
twice{scope="demo",member="a \"b\"\n\\c"} 1
twice{scope="demo",member="d"} +Inf
`,
  );
});

test('of several clusters each metric has one heading, in the order of the first cluster, and labels that repeat are dropped', () => {
  const cluster = (scope: string, first: number | null, second: number) =>
    writeMetrics({ scope, namespace: 'a"b' }, [gauge('first', 'One.', first), gauge('second', 'Two.', second)]);
  expect(expose([cluster('a', null, 1), cluster('b', 2, 3), cluster('a', 4, 5)])).toBe(
    String.raw`# HELP first One.
# TYPE first gauge
first{scope="b",namespace="a\"b"} 2
# HELP second Two.
# TYPE second gauge
second{scope="a",namespace="a\"b"} 1
second{scope="b",namespace="a\"b"} 3
`,
  );
  expect(expose([])).toBe('');
});

test('the number of series of a cluster with a thousand members on a thousand timelines is bounded', async () => {
  const { document } = await situations['healthy-three-members']();
  const [member] = document.cluster_status.members;
  const [row] = document.walg_integrity?.integrity.details ?? [];
  if (member === undefined || row === undefined) throw new Error('nothing was recorded');
  const numbers = Array.from({ length: 1000 }, (_, number) => number);
  const members = numbers.map((number) => ({ ...member, name: `node${number}`, role: 'replica' }));
  const details = numbers.map((timeline_id) => ({ ...row, timeline_id }));
  const text = formatPrometheus(
    oneCluster({
      ...document,
      cluster_status: { members },
      walg_integrity: { integrity: { status: 'OK', details } },
    }),
    { walgCompat: true, now: 0 },
  );
  expect(text).toContain('postgres_status_patroni_members{scope="demo"} 1000\n');
  expect(text.match(/member_info\{/g)).toHaveLength(100);
  expect(text.match(/postgres_status_walg_segments\{.*status="FOUND"/g)).toHaveLength(50);
});

test('a status of which the document lacks rows is not summed up', async () => {
  const { document } = await situations['lost-wal-three-timelines']();
  const integrity = {
    status: 'FAILURE',
    details: null,
    ...document.walg_integrity?.integrity,
    details_left_out: { FOUND: 7 },
  };
  const text = formatPrometheus(oneCluster({ ...document, walg_integrity: { integrity } }), {
    walgCompat: true,
    now: 0,
  });
  expect(text).not.toContain('status="FOUND"');
  // two of timeline 1 are in doubt
  for (const [timeline, lost] of [
    [1, 0],
    [3, 1],
  ])
    expect(text).toContain(
      `postgres_status_walg_timeline_lost_segments{scope="demo",timeline="${timeline}"} ${lost}\n`,
    );
});
