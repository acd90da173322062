import type { MissedBackups } from './missed-backups.ts';
import type { ThresholdsFile } from './thresholds-file.ts';

/** The limits that the checks compare with. */
export interface Thresholds {
  /** Bytes that a replica may be behind; undefined = the cluster's own maximum_lag_on_failover, and 1 MiB where that is not known. */
  lagMax: number | undefined;
  /** Milliseconds that the newest backup may be old. */
  backupMaxAge: { warning: number | undefined; critical: number };
  /** Whether a backup that was missed, judging by the usual interval, is a warning. Never where backup_max_age is set. */
  missedBackups: MissedBackups;
  /** WAL segments that the archiver may be behind. */
  walDelayMax: { warning: number; critical: number };
  /** Milliseconds for which WAL may be in no archive; undefined = by the cluster's archive_timeout. */
  walAgeMax: number | undefined;
  /** Milliseconds before now, every point in time within which shall be restorable; undefined = none is wanted. */
  recoveryWindow: number | undefined;
  /** Switches of the leader within 24 hours; undefined = as many as there are. */
  failoversMax: number | undefined;
  /** Bytes that a replica may be behind in replaying what it received. */
  replayLagMax: number;
  /** Members that ought to be listed, at least; undefined = judged by the history and the memory. */
  membersMin: number | undefined;
  /** Milliseconds that the last transaction of a standby cluster may be old while it does not stream. */
  standbyAgeMax: number;
  /** Names, `*` for any characters, of who may stream without being a member: nothing is said about them. */
  ignoreStandbys: readonly string[];
}

const DAY = 86_400_000;
const HOUR = 3_600_000;
const MIB = 1024 * 1024;

/**
 * A weekly backup that is a day late is late; 16 segments are what WAL-G uploads at once, 256 are 4 GiB of WAL. A query on a replica may
 * hold up replay for 30 s (max_standby_streaming_delay), which on a quiet cluster is well below 10 MiB.
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

/** What the file says, laid over the thresholds there are. */
export function overlayThresholds(thresholds: Thresholds, file: ThresholdsFile): Thresholds {
  const { backupMaxAge, walDelayMax } = thresholds;
  return {
    lagMax: file.lag_max ?? thresholds.lagMax,
    backupMaxAge: {
      warning: file.backup_max_age?.warning ?? backupMaxAge.warning,
      critical: file.backup_max_age?.critical ?? backupMaxAge.critical,
    },
    // a limit that was set is better than a guess of the schedule
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
