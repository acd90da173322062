import type { MissedBackups } from './missed-backups.ts';
import type { ThresholdsFile } from './thresholds-file.ts';

/** The limits of the checks. */
export interface Thresholds {
  /** Bytes that a replica may be behind; undefined = the cluster's own maximum_lag_on_failover, or 1 MiB if that is not known. */
  lagMax: number | undefined;
  /** The highest age of the newest backup, in milliseconds. */
  backupMaxAge: { warning: number | undefined; critical: number };
  /** Whether a backup that is missing from the usual interval is a warning. Always `ignore` if backup_max_age is set. */
  missedBackups: MissedBackups;
  /** WAL segments that the archiver may be behind. */
  walDelayMax: { warning: number; critical: number };
  /** Milliseconds for which WAL may be missing from the archive; undefined = derived from the cluster's archive_timeout. */
  walAgeMax: number | undefined;
  /** Every point in time of the last so many milliseconds must be restorable; undefined = not checked. */
  recoveryWindow: number | undefined;
  /** The highest number of failovers and switchovers within 24 hours; undefined = no limit. */
  failoversMax: number | undefined;
  /** Bytes that a replica may have received but not replayed. */
  replayLagMax: number;
  /** The lowest number of listed members; undefined = judged by Patroni's history and the saved state. */
  membersMin: number | undefined;
  /** The highest age of the last transaction that a standby cluster replayed, while it does not stream, in milliseconds. */
  standbyAgeMax: number;
  /** Patterns (`*` = any characters) of application names that may stream without being a member: they are not reported. */
  ignoreStandbys: readonly string[];
}

const DAY = 86_400_000;
const HOUR = 3_600_000;
const MIB = 1024 * 1024;

/**
 * 8 d: a weekly backup may be a day late. WAL-G uploads 16 segments at once; 256 segments are 4 GiB of WAL. A query on a replica may
 * block replay for 30 s (max_standby_streaming_delay), which on a quiet cluster is well below 10 MiB.
 */
export const defaultThresholds: Thresholds = {
  lagMax: undefined,
  backupMaxAge: { warning: undefined, critical: 8 * DAY },
  missedBackups: 'warn',
  walDelayMax: { warning: 16, critical: 256 },
  walAgeMax: undefined,
  recoveryWindow: undefined,
  failoversMax: undefined,
  replayLagMax: 10 * MIB,
  membersMin: undefined,
  standbyAgeMax: HOUR,
  ignoreStandbys: [],
};

/** The thresholds, with those of the file instead where it has them. */
export function overlayThresholds(thresholds: Thresholds, file: ThresholdsFile): Thresholds {
  const { backupMaxAge, walDelayMax } = thresholds;
  return {
    lagMax: file.lag_max ?? thresholds.lagMax,
    backupMaxAge: {
      warning: file.backup_max_age?.warning ?? backupMaxAge.warning,
      critical: file.backup_max_age?.critical ?? backupMaxAge.critical,
    },
    // a configured limit is better than a guessed schedule
    missedBackups: file.backup_max_age === undefined ? (file.missed_backups ?? thresholds.missedBackups) : 'ignore',
    walDelayMax: {
      warning: file.wal_delay_max?.warning ?? walDelayMax.warning,
      critical: file.wal_delay_max?.critical ?? walDelayMax.critical,
    },
    walAgeMax: file.wal_age_max ?? thresholds.walAgeMax,
    recoveryWindow: file.recovery_window ?? thresholds.recoveryWindow,
    failoversMax: file.failovers_max ?? thresholds.failoversMax,
    replayLagMax: file.replay_lag_max ?? thresholds.replayLagMax,
    membersMin: file.members_min ?? thresholds.membersMin,
    standbyAgeMax: file.standby_age_max ?? thresholds.standbyAgeMax,
    ignoreStandbys: file.ignore_standbys ?? thresholds.ignoreStandbys,
  };
}
