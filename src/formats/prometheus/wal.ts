import type { StatusDocument } from '../../document/schema.ts';
import { countSegments, splitBacklog, type IntegrityRow } from '../../wal/rows.ts';
import { segmentSize } from '../../wal/segment-size.ts';
import { gauge, type Family } from './exposition.ts';

/** What WAL-G says of the WAL in the storage. */
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
    gauge(
      'postgres_status_walg_verify_state',
      'What WAL-G says of the WAL: 1 at the state that it is in, 0 at the others.',
      [...oneHot('integrity', integrity?.integrity.status), ...oneHot('timeline', timeline?.timeline.status)],
    ),
    gauge(
      'postgres_status_walg_current_timeline',
      'The timeline of the cluster, as WAL-G was told.',
      details?.current_timeline_id,
    ),
    gauge(
      'postgres_status_walg_highest_storage_timeline',
      'The highest timeline in the storage; 0 = no WAL there.',
      details?.highest_storage_timeline_id,
    ),
  ];
}

/** Each promotion makes one, and a cluster that is promoted often must not flood a Prometheus: the newest ones. */
const MOST_TIMELINES = 50;
/** WAL-G has four. */
const MOST_STATUSES = 8;
const SEGMENT_STATUSES = ['FOUND', 'MISSING_DELAYED', 'MISSING_UPLOADING', 'MISSING_LOST'];

function segmentFamilies({ walg_integrity: result, walg_backups: backups }: StatusDocument): Family[] {
  const rows = result?.integrity.details;
  if (!rows) return [];
  const segments = segmentsByTimeline(rows, result.integrity.details_left_out);
  const behind = countSegments(splitBacklog(rows).backlog);
  const megabytes = segmentSize(backups?.recent ?? []);
  return [
    gauge('postgres_status_walg_segments', 'How many WAL segments of a timeline WAL-G gives this status.', segments),
    gauge(
      'postgres_status_walg_timeline_lost_segments',
      'How many WAL segments of a timeline WAL-G calls lost.',
      segments
        .filter(({ labels }) => labels.status === 'MISSING_LOST')
        .map(({ labels: { timeline }, value }) => ({ labels: { timeline }, value })),
    ),
    gauge(
      'postgres_status_archive_lag_segments',
      'How many WAL segments are missing at the very end, with none found after them.',
      behind,
    ),
    gauge(
      'postgres_status_archive_lag_bytes',
      'The size of the WAL segments that are missing at the very end, with none found after them.',
      megabytes === undefined ? null : behind * megabytes * 1024 * 1024,
    ),
  ];
}

/** A sum for each timeline and status; none for a status of which the document left rows out. */
export function segmentsByTimeline(rows: readonly IntegrityRow[], leftOut: Readonly<Record<string, number>> = {}) {
  const timelines = [...new Set(rows.map((row) => row.timeline_id))].slice(-MOST_TIMELINES);
  const statuses = [...new Set([...SEGMENT_STATUSES, ...rows.map((row) => row.status)])]
    .slice(0, MOST_STATUSES)
    .filter((status) => !Object.hasOwn(leftOut, status));
  const ofTimeline = Map.groupBy(rows, (row) => row.timeline_id);
  return timelines.flatMap((timeline) => {
    const byStatus = Map.groupBy(ofTimeline.get(timeline) ?? [], (row) => row.status);
    return statuses.map((status) => ({
      labels: { timeline, status },
      value: countSegments(byStatus.get(status) ?? []),
    }));
  });
}
