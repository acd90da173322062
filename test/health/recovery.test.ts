import { expect, test } from 'vitest';
import { recovery } from '../../src/health/recovery.ts';
import { defaultThresholds } from '../../src/health/thresholds.ts';
import { backupAt, backups, documentWith, integrity, NOW } from '../stand-ins/builders.ts';

const HOUR = 3_600_000;
const before = (hours: number) => new Date(NOW - hours * HOUR).toISOString();

/** A gap between a backup of four days ago and one of yesterday. */
const withHole = documentWith({
  ...backups(backupAt(before(24), '000000010000000000000018'), backupAt(before(96), '00000001000000000000000F')),
  ...integrity(
    'FAILURE',
    ['00000001000000000000000F', '000000010000000000000011', 3, 'FOUND'],
    ['000000010000000000000012', '000000010000000000000012', 1, 'MISSING_LOST'],
    ['000000010000000000000013', '000000010000000000000020', 14, 'FOUND'],
  ),
});

test.each([
  ['no window is required', undefined, undefined],
  ['the gap is before the window', 12, 'ok'],
  ['the gap is within the window', 72, 'warning'],
  ['it reaches back further than the oldest backup', 240, 'warning'],
])('the wanted window: %s', (_, hours, status) => {
  const thresholds = { ...defaultThresholds, recoveryWindow: hours === undefined ? undefined : hours * HOUR };
  expect(recovery({ document: withHole, thresholds, now: NOW })?.status).toBe(status);
});
