import { expect, test } from 'vitest';
import * as z from 'zod/mini';
import { defaultThresholds, overlayThresholds } from '../../src/health/thresholds.ts';
import { thresholdsFile } from '../../src/health/thresholds-file.ts';

const read = (file: unknown) => {
  const result = z.safeParse(thresholdsFile, file);
  if (result.success) return overlayThresholds(defaultThresholds, result.data);
  const [issue] = result.error.issues;
  return `${issue === undefined ? '' : z.core.toDotPath(issue.path)}: ${issue?.message ?? ''}`;
};
const HOUR = 3_600_000;

test.each([
  ['nothing set', {}, defaultThresholds],
  [
    'all set, in human units',
    {
      lag_max: '16MiB',
      backup_max_age: { warning: '26h', critical: '2d' },
      missed_backups: 'ignore',
      wal_delay_max: { warning: 4, critical: 64 },
      wal_age_max: '30m',
      recovery_window: '7d',
      failovers_max: 2,
      replay_lag_max: '1GB',
      members_min: 3,
      standby_age_max: '10m',
      ignore_standbys: ['barman*'],
    },
    {
      lagMax: 16 * 1024 * 1024,
      backupMaxAge: { warning: 26 * HOUR, critical: 48 * HOUR },
      missedBackups: 'ignore',
      walDelayMax: { warning: 4, critical: 64 },
      walAgeMax: 1_800_000,
      recoveryWindow: 7 * 24 * HOUR,
      failoversMax: 2,
      replayLagMax: 1024 ** 3,
      membersMin: 3,
      standbyAgeMax: 600_000,
      ignoreStandbys: ['barman*'],
    },
  ],
  [
    'one of a pair set',
    { wal_delay_max: { critical: 64 } },
    { ...defaultThresholds, walDelayMax: { warning: 16, critical: 64 } },
  ],
  ['a bare number is bytes', { lag_max: 5000 }, { ...defaultThresholds, lagMax: 5000 }],
  [
    'a wrong duration',
    { backup_max_age: { critical: 'a week' } },
    'backup_max_age.critical: "a week" is not a duration such as 50s, 1m30s or 8d',
  ],
  ['a wrong size', { lag_max: '16 cows' }, 'lag_max: "16 cows" is not a size such as 16MiB or 1GB'],
])('%s', (_situation, file, expected) => {
  expect(read(file)).toEqual(expected);
});

test.each([
  { lag: '1MB' },
  { wal_delay_max: { warning: -1 } },
  { failovers_max: 1.5 },
  { missed_backups: 'maybe' },
  { backup_max_age: '8d' },
])('%j is refused', (file) => {
  expect(read(file)).toEqual(expect.any(String));
});
