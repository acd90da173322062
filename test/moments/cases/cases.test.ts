import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { ok, unfulfilled } from '../claims.ts';
import { expectAt } from '../judge.ts';
import { startMoment } from '../run.ts';
import { healthy, moment } from './healthy.ts';
import { hostCases, PLAIN_LINES, refused, SHELL_LINES } from './host.ts';
import { memberCases } from './members.ts';
import { storageCases } from './storage.ts';

const SAID = join(import.meta.dirname, 'said');

describe.each([
  ['the storage', storageCases],
  ['the members', memberCases],
  ['the host', hostCases],
])('what operators reported of %s', (_, cases) => {
  test.each(cases)('$name', async ({ name, moment: when, claims, ...circumstances }) => {
    await expectAt(when, claims, join(SAID, name.replaceAll(/[^\w.]+/g, '-')), circumstances);
  });
});

describe('22 an environment file', () => {
  const checked = async (line: string) => {
    const host = await startMoment(moment(healthy()));
    const file = join(host.folder, 'env.file');
    writeFileSync(file, `${line}\n`);
    const { stdout } = await host.run('--check', '--env', file);
    return { nagios: stdout, report: '' };
  };

  test.each(SHELL_LINES)('that only a shell understands: %s', async (line, words) => {
    expect(unfulfilled(refused(words), await checked(line))).toEqual([]);
  });

  test.each(PLAIN_LINES)('without shell syntax: %s', async (line) => {
    expect(unfulfilled({ verdict: ok() }, await checked(line))).toEqual([]);
  });
});
