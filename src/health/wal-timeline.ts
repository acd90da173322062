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

/** Does the newest WAL in the storage come from this cluster's timeline, and does none arrive that is not its own? */
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

/** WAL of timelines that the cluster is not on; known from two listings of the storage, an hour apart (--state). */
function stillArriving({ recovery }: StatusDocument): string[] {
  const { timelines = [] } = recovery?.stored ?? {};
  return timelines
    .filter(({ still_arriving: arriving }) => arriving === true)
    .map(
      ({ timeline, last_segment: last, abandoned_segments: number = 0 }) =>
        `WAL of timeline ${timeline} that is not of this cluster still arrives in the storage (${count(number, 'segment')}, the newest ${last}): find the PostgreSQL that archives it, a former leader or a clone, and stop its archiving`,
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
        `${differ(seen)}: explained by the switch ${formatDuration(Math.max(0, now - settling.time) / 1000)} ago: ${explain(seen)}`,
      ],
    };
  if (highest === 0)
    return {
      status: status === 'FAILURE' ? 'critical' : 'warning',
      reasons: [
        `there is no WAL in the storage, and the cluster is on timeline ${seen.cluster}: the archiver never delivered, or WAL-G looks at another bucket, prefix or endpoint`,
      ],
    };
  return { status: status === 'FAILURE' ? 'critical' : 'warning', reasons: [`${differ(seen)}: ${accuse(seen)}`] };
}

interface Reading {
  status: string;
  /** By WAL-G, which may have it from pg_control. */
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
      : `; it branched off timeline ${found.parent} at ${found.switch_lsn ?? 'an unknown position'}`;
  const until = found === undefined ? '' : ` and has WAL up to ${found.last_segment}`;
  return {
    status: 'critical',
    reasons: [
      `timeline ${highest} is in the storage, above timeline ${cluster} of this cluster${fromPatroni ? '' : ' (according to WAL-G; Patroni does not report it)'}${branch}${until}: another system writes there (a former leader, a clone), or did before this cluster was restored into the same prefix, unless a switch fell into this run or just before it`,
      `a restore to "latest", PostgreSQL's default, may follow timeline ${highest}: restore with recovery_target_timeline = '${cluster}' to get this cluster`,
    ],
  };
}

/** WAL-G compares the storage with what its PostgreSQL says: both may be of an older timeline than the cluster. */
function agreed({ current, highest, cluster }: Reading, justSwitched: boolean): Finding {
  if (current === cluster)
    return { status: 'ok', reasons: [`the cluster and the newest WAL in the storage are on timeline ${highest}`] };
  if (justSwitched)
    return {
      status: 'ok',
      reasons: [
        `WAL-G finds timeline ${highest} in the storage, as it expects; Patroni is on ${cluster}, which it does not know of yet`,
      ],
    };
  return {
    status: 'warning',
    reasons: [
      `WAL-G finds timeline ${highest} in the storage, as it expects, but Patroni is on ${cluster}: WAL-G asks another PostgreSQL (PGHOST, PGPORT), or nothing of the new timeline has reached the storage`,
    ],
  };
}

function differ({ current, highest, cluster }: Reading): string {
  const patroni = current === cluster ? '' : `, Patroni on ${cluster}`;
  return `WAL-G takes the cluster to be on timeline ${current} and finds ${highest} in the storage${patroni}`;
}

function explain({ current, cluster }: Reading): string {
  return current < cluster
    ? 'WAL-G asks pg_control, which keeps the old timeline until the checkpoint after it ends'
    : 'nothing of the new timeline has reached the storage yet';
}

function accuse({ current, highest, cluster, fromPatroni }: Reading): string {
  if (fromPatroni && current < cluster)
    return 'WAL-G asks another PostgreSQL (PGHOST, PGPORT), or a checkpoint after the last switch is overdue';
  if (highest < current) return 'nothing of the new timeline has reached the storage, so the archiver does not deliver';
  return 'the storage is not what this cluster writes to';
}
