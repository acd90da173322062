import type { StatusDocument } from '../../document/schema.ts';
import { epochSeconds } from '../../text/times.ts';
import { recoveryOf } from '../../wal/read.ts';
import { gauge, writeLabels, type Family } from './exposition.ts';

/** Metrics of what can be restored. */
export function recoveryFamilies(document: StatusDocument): Family[] {
  const recovery = recoveryOf(document);
  if (recovery === null) return [];
  const { windows, gaps, not_restorable: flawed, not_restorable_left_out: more = 0 } = recovery;
  const each = (windows ?? []).map((window) => ({ labels: writeLabels({ backup_name: window.backup }), window }));
  return [
    gauge(
      'postgres_status_recovery_backups_restorable',
      'How many backups can be restored, as far as is known.',
      recovery.restorable,
    ),
    gauge(
      'postgres_status_recovery_backups_not_restorable',
      'How many backups cannot be restored.',
      flawed.length + more,
    ),
    gauge(
      'postgres_status_recovery_window_start_timestamp_seconds',
      'The first time of a window in which every point in time can be restored, in seconds since the epoch.',
      each.map(({ labels, window }) => ({ labels, value: epochSeconds(window.from) })),
    ),
    gauge(
      'postgres_status_recovery_window_end_timestamp_seconds',
      'The latest time that is proven to lie in the window, in seconds since the epoch.',
      each.map(({ labels, window }) => ({ labels, value: epochSeconds(window.to ?? window.from) })),
    ),
    gauge(
      'postgres_status_recovery_gaps',
      'How many gaps there are between the windows and after the last one.',
      windows === null ? null : gaps.length,
    ),
  ];
}
