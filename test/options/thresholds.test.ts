import { join } from 'node:path';
import { expect, test } from 'vitest';
import { UsageError } from '../../src/errors.ts';
import { defaultThresholds } from '../../src/health/thresholds.ts';
import type { ThresholdsFile } from '../../src/health/thresholds-file.ts';
import { loadThresholds } from '../../src/options/thresholds.ts';
import { temporaryFolder } from '../stand-ins/temporary.ts';

const HOUR = 3_600_000;
const MIB = 1024 * 1024;

const load = (yaml: string | undefined, options: ThresholdsFile = {}) =>
  loadThresholds({
    file: yaml === undefined ? undefined : join(temporaryFolder({ 'thresholds.yaml': yaml }), 'thresholds.yaml'),
    options,
  });

const ALL =
  'lag_max: 16MiB\nbackup_max_age: { warning: 26h, critical: 2d }\nwal_delay_max: { warning: 4, critical: 64 }\nfailovers_max: 2\n';

test.each([
  ['neither file nor options', undefined, {}, defaultThresholds],
  ['an empty file', '', {}, defaultThresholds],
  ['a file of comments', '# nothing yet\n---\n', {}, defaultThresholds],
  [
    'a file',
    ALL,
    {},
    {
      ...defaultThresholds,
      lagMax: 16 * MIB,
      backupMaxAge: { warning: 26 * HOUR, critical: 48 * HOUR },
      missedBackups: 'ignore',
      walDelayMax: { warning: 4, critical: 64 },
      failoversMax: 2,
    },
  ],
  [
    'options override the file, each threshold of a pair separately',
    ALL,
    { lag_max: 0, backup_max_age: { warning: HOUR }, wal_delay_max: { warning: 1, critical: 2 }, failovers_max: 0 },
    {
      ...defaultThresholds,
      lagMax: 0,
      backupMaxAge: { warning: HOUR, critical: 48 * HOUR },
      missedBackups: 'ignore',
      walDelayMax: { warning: 1, critical: 2 },
      failoversMax: 0,
    },
  ],
])('%s', async (_what, yaml, options, expected) => {
  expect(await load(yaml, options)).toEqual(expected);
});

test.each([
  ['lag: 1MB', 'field "lag" is not known'],
  ['backup_max_age: { warn: 1d }', 'field "backup_max_age.warn" is not known'],
  ['lag_max: 16 cows', 'field "lag_max" is not valid: "16 cows" is not a size such as 16MiB or 1GB'],
  ['lag_max:', 'field "lag_max" is not a string or a number'],
  ['backup_max_age: 8d', 'field "backup_max_age" is not an object'],
  [
    'backup_max_age: { critical: a week }',
    'field "backup_max_age.critical" is not valid: "a week" is not a duration such as 50s, 1m30s or 8d',
  ],
  ['wal_delay_max: { warning: many }', 'field "wal_delay_max.warning" is not a number'],
  ['wal_delay_max: { warning: -1 }', 'field "wal_delay_max.warning" is not valid: it is less than 0'],
  ['failovers_max: 1.5', 'field "failovers_max" is not an integer'],
  ['- lag_max', 'the file is not an object'],
  ['lag_max', 'the file is not an object'],
])('%s: refused by the name of its key', async (yaml, complaint) => {
  const loaded = load(yaml);
  await expect(loaded).rejects.toThrow(UsageError);
  await expect(loaded).rejects.toThrow(/^--config \/.*\/thresholds\.yaml: /);
  await expect(loaded).rejects.toThrow(`thresholds.yaml: ${complaint}`);
});

test.each([
  [
    'lag_max: [1',
    'Flow sequence in block collection must be sufficiently indented and end with a ] at line 1, column 12',
  ],
  ['lag_max: 1\nlag_max: 2', 'Map keys must be unique at line 2, column 1'],
  ['lag_max: *other', 'Unresolved alias (the anchor must be set before the alias): other'],
])('%j is no YAML', async (yaml, complaint) => {
  await expect(load(yaml)).rejects.toThrow(
    new RegExp(`thresholds\\.yaml is not YAML: ${complaint.replace(/[()[\]]/g, '.')}$`),
  );
});

test('a file that does not exist', async () => {
  await expect(loadThresholds({ file: '/nowhere', options: {} })).rejects.toThrow(
    new UsageError('--config /nowhere cannot be read (no such file or directory)'),
  );
});

const NEVER = 'the warning threshold is above the critical one: set both';

test.each([
  [undefined, { backup_max_age: { warning: 9 * 24 * HOUR } }, `backup_max_age (--backup-max-age): ${NEVER}`],
  ['wal_delay_max: { critical: 8 }', {}, `wal_delay_max (--wal-delay-max): ${NEVER}`],
  ['wal_delay_max: { critical: 8 }', { wal_delay_max: { warning: 9 } }, `wal_delay_max (--wal-delay-max): ${NEVER}`],
])('a pair that contradicts itself: %j and %j', async (yaml, options, message) => {
  await expect(load(yaml, options)).rejects.toThrow(new UsageError(message));
});
