import { expect, test } from 'vitest';
import type { Judged } from '../../src/document/cluster.ts';
import { formatNagios, formatPrometheus, formatReport } from '../stand-ins/formats.ts';
import type { Recovery } from '../../src/document/schema.ts';
import { judge } from '../../src/health/index.ts';
import { recoveryOf } from '../../src/wal/read.ts';
import { defaultThresholds } from '../../src/health/thresholds.ts';
import { formatBytes, formatDuration } from '../../src/text/units.ts';
import { collectRecorded } from '../health/situation.ts';
import { recordingOf, situations, type RecordedSituation } from '../health/situations.ts';
import { oneCluster } from '../stand-ins/clusters.ts';

/** The output for a recorded situation in each format. */
interface Shown {
  report: string;
  /** The performance data by label, and the series by name and labels, without the scope. */
  plugin: Map<string, number>;
  metrics: Map<string, number>;
  /** The checks of the WAL and of archiving. */
  wal: string;
  archiving: string;
  recovery: Recovery | null;
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
    wal: health.checks.find(({ name }) => name === 'wal_integrity')?.message ?? '',
    archiving: health.checks.find(({ name }) => name === 'archiving')?.message ?? '',
    recovery: recoveryOf(document),
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

  // the plugin has the newest backup of any type that can be restored, the metrics that of each
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

test.each(situations)('the WAL of $name is the same in each format', async (situation) => {
  const { report, plugin, metrics, wal } = await show(situation);
  const backlog = plugin.get('wal_backlog');
  if (backlog === undefined) return;
  expect({ metrics: metrics.get('archive_lag_segments') ?? 0, report: drawn(report, 'to come') }).toEqual({
    metrics: backlog,
    report: backlog,
  });
  expect({ metrics: metrics.get('archive_lost_segments') ?? 0, report: drawn(report, 'missing') }).toEqual({
    metrics: lostBy(wal),
    report: lostBy(wal),
  });
  // if nothing is missing, or only the end, the message has the newest segment
  const newest = / since ([0-9A-F]{24})|no WAL is missing from .* to ([0-9A-F]{24})/.exec(wal)?.slice(1).join('');
  const end = metrics.get('archive_end_lsn_bytes');
  if (newest !== undefined && end !== undefined) expect(newest.slice(8)).toBe(segmentBefore(end));
});

test.each(situations)('what is safe in $name is the same in each format', async (situation) => {
  const { report, metrics, recovery, archiving } = await show(situation);
  const { safe_up_to: safe, not_archived_bytes: bytes, windows } = recovery ?? {};
  const seconds = safe == null ? undefined : Date.parse(safe) / 1000;
  expect(metrics.get('recovery_safe_timestamp_seconds')).toBe(seconds);
  expect(metrics.get('archive_unarchived_bytes')).toBe(bytes ?? undefined);
  if (windows == null || !report.includes('\n  safe up to')) return;
  // wrapped lines as one
  const line = /\n {2}safe up to.*(?:\n {14}.*)*/.exec(report)?.[0].replaceAll(/\s+/g, ' ') ?? '';
  if (safe != null) expect(line).toContain(safe.slice(11, 19));
  if (bytes == null || bytes === 0) return;
  expect(line).toContain(`${formatBytes(bytes)} of WAL is not archived`);
  if (bytes > 8192 && archiving !== '' && !archiving.startsWith('not judged'))
    expect(archiving).toContain(`${formatBytes(bytes)} of WAL is not archived`);
});

test.each(situations)('the windows and gaps of $name are the same in each format', async (situation) => {
  const shown = await show(situation);
  const { report, metrics, recovery } = shown;
  const { windows = null, gaps = [] } = recovery ?? {};
  const seconds = (time: string | null) => (time === null ? [] : [Date.parse(time) / 1000]);
  const series = (name: string) => seriesOf(shown, `recovery_window_${name}_timestamp_seconds`);
  expect(series('start')).toEqual((windows ?? []).flatMap(({ from }) => seconds(from)));
  expect(series('end')).toEqual((windows ?? []).flatMap(({ from, to }) => seconds(to ?? from)));
  expect(metrics.get('recovery_gaps')).toBe(windows === null ? undefined : gaps.length);
  if (!report.includes('\n  restorable ')) return;
  // wrapped lines as one
  const lines = report.replaceAll(/\n {14}/g, ' ').split('\n');
  const drawnWindows = lines.filter((line) => line.startsWith('  restorable  from '));
  expect(drawnWindows).toHaveLength(Math.min(6, windows?.length ?? 0));
  for (const [index, { from, to }] of (windows ?? []).slice(-6).entries())
    for (const time of [from, to]) if (time !== null) expect(drawnWindows[index]).toContain(` ${time}`);
  const borders = new Set((windows ?? []).slice(-6).map(({ end_lsn: end }) => end));
  const drawnGaps = lines.filter((line) => line.startsWith('  gap '));
  expect(drawnGaps).toHaveLength(gaps.filter(({ start_lsn: start }) => borders.has(start)).length);
});

/** The sum beside the timelines that the report draws. */
function drawn(report: string, what: string): number {
  const timelines = report.split('\n').filter((line) => line.startsWith('  TL '));
  return sum(timelines.map((line) => Number(new RegExp(`(\\d+) ${what}`).exec(line)?.[1] ?? 0)));
}

/** The number of lost or missing segments in the verdict. */
function lostBy(wal: string): number {
  const remarks = wal.split('; ').filter((remark) => /^WAL (is lost|since|from before)/.test(remark));
  return sum(
    remarks.map((remark) => {
      const all = /(\d+) segments? in \d+ ranges/.exec(remark)?.[1];
      if (all !== undefined) return Number(all);
      return sum([...remark.matchAll(/\(timeline \d+, (\d+) segments?\)/g)].map(([, number]) => Number(number)));
    }),
  );
}

/** The name without its timeline, of 16 MB. */
function segmentBefore(end: number): string {
  const number = end / 2 ** 24 - 1;
  return [Math.floor(number / 256), number % 256]
    .map((part) => part.toString(16).toUpperCase().padStart(8, '0'))
    .join('');
}
