import type { Unrestorable } from '../document/schema.ts';
import { list } from '../text/words.ts';

const MOST_NAMED = 3;

/** The newest backups that cannot be restored, each with the reason, and how many more there are. */
export function listFlaws(flawed: readonly Unrestorable[], leftOut = 0): string {
  const named = flawed.slice(0, MOST_NAMED).map((one) => `${one.backup_name} (${describeFlaw(one)})`);
  const more = flawed.length + leftOut - named.length;
  return more > 0 ? `${named.join(', ')} and ${more} more` : list(named);
}

/** Why this backup cannot be restored. */
export function describeFlaw({ reason, missing }: Unrestorable): string {
  switch (reason) {
    case 'base_missing':
      return `its base ${missing} is not in the storage`;
    case 'other_system':
      return `it was taken from another cluster, with system identifier ${missing}`;
    case 'other_timeline':
      return `it ends on timeline ${missing} at a position that is not in the history of this cluster: either the cluster was restored to an earlier time, or a former leader or a clone took it`;
    case 'wal_lost':
      return `it needs ${missing}, which is lost`;
    case 'wal_not_archived':
      return `it needs ${missing}, which is not in the storage yet`;
  }
}
