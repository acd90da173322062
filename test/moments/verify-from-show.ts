import { type Said, said } from './moment.ts';

interface Shown {
  id: number;
  parent_id: number;
  start_segment: string;
  end_segment: string;
  missing_segments: string[];
}

interface Run {
  timeline: number;
  first: number;
  last: number;
  found: boolean;
}

/** The output of wal-verify for this position, computed from the output of wal-show; for segments of 16 MiB. */
export function verifyFromShow(show: string, backups: string, timeline: number, lsn: string): Said {
  const timelines = JSON.parse(show) as Shown[];
  const names = (JSON.parse(backups || '[]') as { wal_file_name: string }[]).map(({ wal_file_name: name }) =>
    number(name),
  );
  const [high = '', low = ''] = lsn.split('/');
  const current = (Number.parseInt(high, 16) * 2 ** 32 + Number.parseInt(low, 16)) >>> 24;
  const ancestry = ancestors(timelines, timeline);
  const runs: Run[] = [];
  for (let segment = names.length > 0 ? Math.min(...names) : 1; segment < current; segment++) {
    const owner = ancestry.find((shown) => holds(shown, segment));
    const at = { timeline: owner?.id ?? timeline, found: owner !== undefined };
    const last = runs.at(-1);
    if (last?.timeline === at.timeline && last.found === at.found) last.last = segment;
    else runs.push({ ...at, first: segment, last: segment });
  }
  const integrity = {
    status: runs.every(({ found }) => found) ? 'OK' : 'FAILURE',
    details: runs.length === 0 ? null : runs.map(row),
  };
  const highest = Math.max(0, ...timelines.map(({ id }) => id));
  const status = highest === timeline ? 'OK' : highest < timeline ? 'WARNING' : 'FAILURE';
  const details = { current_timeline_id: timeline, highest_storage_timeline_id: highest };
  return said(JSON.stringify({ integrity, timeline: { status, details } }));
}

function ancestors(timelines: readonly Shown[], timeline: number): Shown[] {
  const shown = timelines.find(({ id }) => id === timeline);
  const before = Math.max(0, shown?.parent_id ?? timeline - 1);
  return [...(shown === undefined ? [] : [shown]), ...(before === 0 ? [] : ancestors(timelines, before))];
}

function holds(shown: Shown, segment: number): boolean {
  const missing = shown.missing_segments.some((name) => number(name) === segment);
  return number(shown.start_segment) <= segment && segment <= number(shown.end_segment) && !missing;
}

function row({ timeline, first, last, found }: Run): object {
  return {
    timeline_id: timeline,
    start_segment: name(timeline, first),
    end_segment: name(timeline, last),
    segments_count: last - first + 1,
    status: found ? 'FOUND' : 'MISSING_LOST',
  };
}

/** The number of a segment, counted from the first. */
function number(segment: string): number {
  return Number.parseInt(segment.slice(8, 16), 16) * 256 + Number.parseInt(segment.slice(16), 16);
}

function name(timeline: number, segment: number): string {
  return [timeline, Math.floor(segment / 256), segment % 256]
    .map((part) => part.toString(16).toUpperCase().padStart(8, '0'))
    .join('');
}
