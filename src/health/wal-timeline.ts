import { formatDuration } from '../text/units.ts';
import type { StatusDocument } from '../document/schema.ts';
import { verifiedBefore } from '../document/verified.ts';
import { worst } from '../document/status.ts';
import { count } from '../text/words.ts';
import { finding, type Check, type Finding, type Situation } from './check.ts';
import { isSkipped, notKnown } from './facts.ts';
import { asOf } from './wal-integrity.ts';
import { recentSwitch } from '../wal/history.ts';
import { segmentMegabytes } from '../wal/read.ts';
import { clusterTimeline } from '../document/members.ts';
import { isStandbyCluster } from '../document/state.ts';

/** Is the newest WAL in the storage of this cluster's timeline, and does no WAL of another one arrive? */
export const walTimeline: Check = (situation) => {
  const judged = judge(situation);
  if (judged === undefined) return undefined;
  const { document, now } = situation;
  const verified = verifiedBefore(document);
  const arriving = stillArriving(document);
  if (verified !== undefined) judged.reasons = [...judged.reasons, asOf(verified, now)];
  if (arriving.length === 0) return judged;
  return { ...judged, status: worst([judged.status, 'warning']), reasons: [...judged.reasons, ...arriving] };
};

/** WAL of timelines to which the cluster does not belong, known from two listings of the storage an hour apart (--state). */
function stillArriving({ recovery }: StatusDocument): string[] {
  const { timelines = [] } = recovery?.stored ?? {};
  return timelines
    .filter(({ still_arriving: arriving }) => arriving === true)
    .map(
      ({ timeline, last_segment: last, abandoned_segments: number = 0 }) =>
        `WAL of timeline ${timeline} that is not of this cluster still arrives in the storage (${count(number, 'segment')}, the newest ${last}): find the PostgreSQL that archives it (a former leader or a clone) and stop its archiving`,
    );
}

function judge({ document, now }: Situation): Finding | undefined {
  if (isSkipped(document, 'walg_verify')) return undefined;
  if (document.walg_timeline === null) return notKnown(document, 'walg_verify', 'timeline in the storage');
  const { status, details } = document.walg_timeline.timeline;
  const { current_timeline_id: current, highest_storage_timeline_id: highest } = details;
  const cluster = clusterTimeline(document);
  const seen: Reading = { status, current, highest, cluster: cluster ?? current, fromPatroni: cluster !== undefined };
  if (highest > seen.cluster) return foreign(seen, document);
  if (highest === 0 && isStandbyCluster(document))
    return finding('ok', 'no WAL in the storage: a standby cluster archives only with archive_mode = always');
  const settling = recentSwitch(document, segmentMegabytes(document), now);
  if (status === 'OK') return agreed(seen, settling !== undefined);
  if (status !== 'FAILURE' && status !== 'WARNING')
    return { status: 'unknown', reasons: [`WAL-G reports the unknown status ${status} for its timeline check`] };
  if (settling !== undefined && status === 'FAILURE' && Math.min(current, highest) >= settling.ended)
    return {
      status: 'warning',
      reasons: [
        `${differ(seen)}, because of the switch ${formatDuration(Math.max(0, now - settling.time) / 1000)} ago: ${explain(seen)}`,
      ],
    };
  if (highest === 0)
    return {
      status: status === 'FAILURE' ? 'critical' : 'warning',
      reasons: [
        `there is no WAL in the storage, and the cluster is on timeline ${seen.cluster}: either the archiver uploads nothing, or WAL-G reads another bucket, prefix or endpoint`,
      ],
    };
  return { status: status === 'FAILURE' ? 'critical' : 'warning', reasons: [`${differ(seen)}: ${accuse(seen)}`] };
}

interface Reading {
  status: string;
  /** According to WAL-G, which may have read it from pg_control. */
  current: number;
  highest: number;
  cluster: number;
  fromPatroni: boolean;
}

function foreign({ highest, cluster, fromPatroni }: Reading, { recovery }: StatusDocument): Finding {
  const found = recovery?.stored?.timelines.find(({ timeline }) => timeline === highest);
  const branch =
    found?.parent == null
      ? ''
      : `; timeline ${highest} branched off timeline ${found.parent} at ${found.switch_lsn ?? 'an unknown position'}`;
  const until = found === undefined ? '' : ` and has WAL up to ${found.last_segment}`;
  return {
    status: 'critical',
    reasons: [
      `the storage has WAL of timeline ${highest}, and this cluster is on timeline ${cluster}${fromPatroni ? '' : ' (according to WAL-G; Patroni does not report it)'}${branch}${until}: another system writes there (a former leader, a clone), or did before this cluster was restored into the same prefix; right after a switch this may be the new timeline of this cluster`,
      `a restore to "latest", PostgreSQL's default, may follow timeline ${highest}: restore with recovery_target_timeline = '${cluster}' to get this cluster`,
    ],
  };
}

/** WAL-G compares the storage with the PostgreSQL that it asks: both may be on an older timeline than the cluster. */
function agreed({ current, highest, cluster }: Reading, justSwitched: boolean): Finding {
  if (current === cluster)
    return { status: 'ok', reasons: [`the cluster and the newest WAL in the storage are on timeline ${highest}`] };
  if (justSwitched)
    return {
      status: 'ok',
      reasons: [`WAL-G expects and finds timeline ${highest} in the storage; Patroni is already on ${cluster}`],
    };
  return {
    status: 'warning',
    reasons: [
      `WAL-G expects and finds timeline ${highest} in the storage, but Patroni is on ${cluster}: either WAL-G asks another PostgreSQL (PGHOST, PGPORT), or no WAL of the new timeline has reached the storage`,
    ],
  };
}

function differ({ current, highest, cluster }: Reading): string {
  const patroni = current === cluster ? '' : `, on ${cluster} according to Patroni`;
  return `the storage is on timeline ${highest}, the cluster on ${current} according to WAL-G${patroni}`;
}

function explain({ current, cluster }: Reading): string {
  return current < cluster
    ? 'WAL-G reads pg_control, which keeps the old timeline until the checkpoint after the promotion is complete'
    : 'no WAL of the new timeline has reached the storage yet';
}

function accuse({ current, highest, cluster, fromPatroni }: Reading): string {
  if (fromPatroni && current < cluster)
    return 'either WAL-G asks another PostgreSQL (PGHOST, PGPORT), or the checkpoint after the last switch is overdue';
  if (highest < current) return 'no WAL of the new timeline has reached the storage, so the archiver uploads nothing';
  return 'this cluster does not write to this storage';
}
