import { execa } from 'execa';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { findExecutable } from '../../src/system/executable.ts';

test('the output of the demo; no files are left', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'demo-test-'));
  try {
    const demo = await execa(process.execPath, [join(import.meta.dirname, '../../examples/demo/demo.ts')], {
      env: { TMPDIR: folder, NO_COLOR: '1' },
    });
    const told = demo.stdout.match(/^(?:\d\. .*|exit status .*|data\.status .*|postgres-status: .*)$/gm);
    const published = findExecutable('kubectl', process.env['PATH']) !== undefined;
    expect(told?.map((line) => line.replace(/\d+ characters/, 'N characters'))).toEqual([
      'postgres-status: a demo',
      '1. A report: the verdict, and the facts behind it',
      'exit status 0: everything was collected and shown',
      `2. The same as one document, for programs${published ? ', and published' : ''}`,
      'exit status 0: everything was collected and delivered',
      ...(published ? ['data.status is now the same document, as one line of N characters.'] : []),
      '3. An outage: WAL-G cannot reach its storage. --quiet, for cron, prints only that',
      expect.stringMatching(
        /^postgres-status: walg_backups: connection refused \(\S+\): wal-g backup-list .* failed with exit status 1: /,
      ),
      expect.stringMatching(
        /^postgres-status: walg_verify: connection refused \(\S+\): wal-g wal-verify .* failed with exit status 1: /,
      ),
      'exit status 1: a collector failed',
      ...(published
        ? [
            '4. The second command again, on the replica: publishing is left to the leader',
            'postgres-status: node2 has the role replica: publishing is left to the leader',
            'exit status 0: nothing to do here',
          ]
        : []),
    ]);
    expect(readdirSync(folder)).toEqual([]);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
