import { expect, test } from 'vitest';
import type { Judged } from '../../src/document/cluster.ts';
import { formatNagios } from '../../src/formats/nagios.ts';
import { formatPrometheus } from '../../src/formats/prometheus.ts';
import { formatReport } from '../../src/formats/report.ts';
import { judge } from '../../src/health/index.ts';
import { defaultThresholds } from '../../src/health/thresholds.ts';
import { formatBytes, formatDuration } from '../../src/text/units.ts';
import { collectRecorded } from '../health/situation.ts';
import { recordingOf, situations, type RecordedSituation } from '../health/situations.ts';
import { oneCluster } from '../stand-ins/clusters.ts';

/** What a recorded situation looks like in each format. */
interface Shown {
  report: string;
  /** The performance data by label, and the series by their name and labels but the scope. */
  plugin: Map<string, number>;
  metrics: Map<string, number>;
}

async function show(situation: RecordedSituation): Promise<Shown> {
  const { made, thresholds, at, now = at ?? Date.parse('2026-11-21T07:00:00Z') } = situation;
  const recorded = await collectRecorded(recordingOf(situation));
  const document = made?.(recorded) ?? recorded;
  const health = judge(document, { ...defaultThresholds, ...thresholds }, now);
  const clusters: Judged[] = oneCluster({ ...document, health });
  const plugin = formatNagios(clusters);
  const metrics = formatPrometheus(clusters, { now, walgCompat: false });
  return {
    report: formatReport(clusters, { columns: 200, colour: false, now }),
    plugin: numbers(plugin.slice(plugin.lastIndexOf('|')), /'([^']+)'=(-?[\d.]+)/g),
    metrics: numbers(
      metrics.replaceAll(/scope="[^"]*",?/g, '').replaceAll('{}', ''),
      /^postgres_status_(\S+) (\S+)$/gm,
    ),
  };
}

function numbers(text: string, pattern: RegExp): Map<string, number> {
  return new Map([...text.matchAll(pattern)].map(([, name = '', value]) => [name, Number(value)]));
}

/** The values of all series of a metric. */
function seriesOf({ metrics }: Shown, name: string): number[] {
  return [...metrics].filter(([series]) => series === name || series.startsWith(`${name}{`)).map(([, value]) => value);
}

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);

test.each(situations)('the numbers of $name are the same in each format', async (situation) => {
  const shown = await show(situation);
  const { report, plugin, metrics } = shown;

  expect(plugin.get('members')).toBe(metrics.get('patroni_members'));
  for (const [series, lag] of metrics) {
    const [, member] = /^patroni_member_lag_bytes\{member="(.*)"\}$/.exec(series) ?? [];
    if (member === undefined) continue;
    expect(plugin.get(`lag_${member}`)).toBe(lag);
    expect(report).toMatch(new RegExp(`^  ${member} .* ${lag === 0 ? '0' : formatBytes(lag)}(?: |$)`, 'm'));
  }

  // the plugin has the newest backup of any type, the metrics that of each
  const ages = seriesOf(shown, 'walg_last_backup_age_seconds');
  const age = ages.length === 0 ? undefined : Math.min(...ages);
  expect(plugin.get('backup')).toBe(age);
  if (age !== undefined) expect(report).toContain(` ${formatDuration(age, 1)}`);
  expect(plugin.get('backups')).toBe(
    metrics.has('walg_backups_permanent') || seriesOf(shown, 'walg_backups').length > 0
      ? sum(seriesOf(shown, 'walg_backups'))
      : undefined,
  );
});

/**
 * The formats read the WAL's rows by other rules than health does, and say another backlog than the verdict: to be emptied once all of
 * them read it from the document.
 */
const DISAGREE = [
  'healthy, right after the first backup',
  'the storage is empty, WAL-G 3.0.9',
  'the storage is empty, or cannot be read: WAL-G 0.2.22 cannot tell',
  'a versioned bucket shows WAL-G 3.0.7 backups that were deleted',
  'backups, but no WAL at all',
  'ten seconds after a promotion WAL moves on, and pg_control not',
  'sixteen minutes after a promotion that explains nothing any more',
];

for (const situation of situations) {
  const disagree = DISAGREE.includes(situation.name);
  (disagree ? test.fails : test)(`the backlog of ${situation.name} is the same in each format`, async () => {
    const { report, plugin, metrics } = await show(situation);
    const backlog = plugin.get('wal_backlog');
    if (backlog === undefined) return;
    const toCome = [...report.matchAll(/(\d+) to come/g)].map(([, count]) => Number(count));
    expect({ metrics: metrics.get('archive_lag_segments'), report: sum(toCome) }).toEqual({
      metrics: backlog,
      report: backlog,
    });
  });
}
