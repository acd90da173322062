import type { StatusDocument, Wal } from '../../document/schema.ts';
import { walOf } from '../../wal/read.ts';
import { parseSegment } from '../../wal/rows.ts';
import { gauge, type Family } from './exposition.ts';

/** Metrics of the WAL in the storage. */
export function walFamilies(document: StatusDocument): Family[] {
  return [...verifyFamilies(document), ...segmentFamilies(document)];
}

const VERDICTS = ['OK', 'WARNING', 'FAILURE'];

function verifyFamilies({ walg_integrity: integrity, walg_timeline: timeline, collectors }: StatusDocument): Family[] {
  if (collectors?.walg_verify === null) return [];
  const oneHot = (check: string, status = 'UNKNOWN') =>
    [...VERDICTS, 'UNKNOWN'].map((state) => ({
      labels: { check, state },
      value: state === (VERDICTS.includes(status) ? status : 'UNKNOWN'),
    }));
  const details = timeline?.timeline.details;
  return [
    gauge('postgres_status_walg_verify_state', 'The result of wal-verify: 1 for the current state, 0 for the others.', [
      ...oneHot('integrity', integrity?.integrity.status),
      ...oneHot('timeline', timeline?.timeline.status),
    ]),
    gauge(
      'postgres_status_walg_current_timeline',
      'The timeline of the cluster according to WAL-G.',
      details?.current_timeline_id,
    ),
    gauge(
      'postgres_status_walg_highest_storage_timeline',
      'The highest timeline in the storage; 0 = no WAL there.',
      details?.highest_storage_timeline_id,
    ),
  ];
}

/** WAL-G has four statuses. */
const MOST_STATUSES = 8;
const LOST = 'MISSING_LOST';
const SEGMENT_STATUSES = ['FOUND', 'MISSING_DELAYED', 'MISSING_UPLOADING', LOST];

function segmentFamilies(document: StatusDocument): Family[] {
  const wal = walOf(document);
  if (wal === null || !document.walg_integrity?.integrity.details) return [];
  const segments = segmentsByTimeline(wal);
  const { segment_size: size, segment_size_from: from } = wal;
  const waiting = wal.backlog_not_known_since === undefined ? wal.waiting.segments : null;
  return [
    gauge(
      'postgres_status_walg_segments',
      'How many WAL segments of a timeline have this status according to WAL-G.',
      segments,
    ),
    gauge(
      'postgres_status_walg_timeline_lost_segments',
      'How many WAL segments of a timeline WAL-G calls lost, without those about which it is in doubt.',
      segments
        .filter(({ labels }) => labels.status === LOST)
        .map(({ labels: { timeline }, value }) => ({
          labels: { timeline },
          value: Math.max(0, value - inDoubt(wal, timeline)),
        })),
    ),
    gauge(
      'postgres_status_archive_lag_segments',
      'How many WAL segments are missing at the very end, with none found after them.',
      waiting,
    ),
    gauge(
      'postgres_status_archive_lag_bytes',
      'The size of the WAL segments that are missing at the very end, with none found after them.',
      from === 'default' || waiting === null ? null : waiting * size,
    ),
    gauge(
      'postgres_status_archive_lost_segments',
      'How many WAL segments are missing with WAL found after them, regardless of their status in WAL-G.',
      wal.lost.segments,
    ),
    gauge(
      'postgres_status_archive_doubtful_segments',
      'How many WAL segments WAL-G looked for under a timeline to which they do not belong.',
      wal.doubtful.segments,
    ),
    gauge(
      'postgres_status_archive_end_lsn_bytes',
      'Where in the WAL the newest segment that was found ends, in bytes.',
      endOfNewest(wal),
    ),
  ];
}

/** The number of segments that WAL-G reports as lost because it looked for them under the wrong timeline (wal-g issue 1390). */
function inDoubt({ ranges, ranges_left_out: leftOut, timelines }: Wal, timeline: number): number {
  if (leftOut !== undefined) return timelines.find((one) => one.timeline === timeline)?.doubtful.segments ?? 0;
  return ranges
    .filter((range) => range.timeline === timeline && range.fate === 'doubtful' && range.status === LOST)
    .reduce((sum, { segments }) => sum + segments, 0);
}

function endOfNewest({ newest_found: name, segment_size: size, segment_size_from: from }: Wal): number | null {
  const segment = name === null || from === 'default' ? undefined : parseSegment(name, size / 1024 / 1024);
  return segment === undefined ? null : (segment.number + 1) * size;
}

/** The number of segments for each timeline and status, except for a status whose rows are not all in the document. */
export function segmentsByTimeline({ timelines, rows_left_out: leftOut = {} }: Wal) {
  const statuses = [...new Set([...SEGMENT_STATUSES, ...timelines.flatMap((one) => Object.keys(one.statuses))])]
    .slice(0, MOST_STATUSES)
    .filter((status) => !Object.hasOwn(leftOut, status));
  return timelines.flatMap(({ timeline, statuses: counts }) =>
    statuses.map((status) => ({ labels: { timeline, status }, value: counts[status] ?? 0 })),
  );
}
