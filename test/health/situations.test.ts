import { expect, test } from 'vitest';
import type { Health } from '../../src/document/schema.ts';
import { judge } from '../../src/health/index.ts';
import { defaultThresholds } from '../../src/health/thresholds.ts';
import { collectRecorded } from './situation.ts';
import { recordingOf, situations } from './situations.ts';

const CHECKS = ['collection', 'leader', 'members', 'replicas', 'lag', 'maintenance', 'dcs', 'archiving'].concat([
  'backup',
  'backup_source',
  'wal_integrity',
  'wal_timeline',
  'failovers',
]);

/** Checks that are left out for other kinds of clusters. */
const RARE = ['synchronous', 'standby_cluster'];

test.each(situations)('$name', async (situation) => {
  const recording = recordingOf(situation);
  const collected = await collectRecorded(recording);
  const document = situation.made?.(collected) ?? collected;
  const thresholds = { ...defaultThresholds, ...situation.thresholds };
  const health = judge(document, thresholds, situation.now ?? recording.at);

  const expected = [...CHECKS, ...RARE].flatMap((name) => {
    const status =
      situation.finds && name in situation.finds ? situation.finds[name] : CHECKS.includes(name) ? 'ok' : undefined;
    return status === undefined ? [] : [[name, status]];
  });
  expect(Object.fromEntries(health.checks.map(({ name, status }) => [name, status]))).toEqual(
    Object.fromEntries(expected),
  );
  expect(health.status).toBe(situation.verdict);
  await expect(inFull(situation.name, health)).toMatchFileSnapshot(`situations/${fileName(situation.name)}.txt`);
});

/** The verdict as text, with all numbers. */
function inFull(name: string, { status, checks }: Health): string {
  const lines = checks.map((check) => {
    const numbers = [
      check.value === undefined ? '' : `value ${check.value}`,
      check.unit ?? '',
      check.warning === undefined ? '' : `warning ${check.warning}`,
      check.critical === undefined ? '' : `critical ${check.critical}`,
    ].filter((part) => part !== '');
    // durations depend on the machine
    const message = check.message.replace(/(patroni|walg_\w+) in [\d.]+ s/g, '$1 in … s');
    return `${check.name}: ${check.status}: ${message}\n    ${numbers.join(', ')}`.trimEnd();
  });
  return `${name}: ${status}\n\n${lines.join('\n')}\n`;
}

function fileName(name: string): string {
  return name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/-$/, '')
    .slice(0, 80);
}
