import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../stand-ins/temporary.ts';

/** Writes 1000 bytes to stdout and prints on stderr how many were accepted. It must not use process.stdout, which sets O_NONBLOCK. */
const WRITER = `
import { writeSync } from 'node:fs';
import { withoutBlocking } from ${JSON.stringify(join(import.meta.dirname, '../../src/system/output.ts'))};
const output = withoutBlocking(1);
try {
  writeSync(2, output.write(Buffer.alloc(1000, 'x')) + '\\n');
} catch (error) {
  writeSync(2, error.code + '\\n');
}
output.close();
`;

async function stderrOf(line: string): Promise<{ folder: string; stderr: string }> {
  const folder = temporaryFolder({ 'writer.ts': WRITER, file: 'before' });
  const env = { PATH: '/usr/bin:/bin', WRITER: `${process.execPath} writer.ts` };
  const { stderr } = await promisify(execFile)('/bin/bash', ['--norc', '-c', line], { cwd: folder, env });
  return { folder, stderr };
}

test.each([
  ['a pipe with room', '$WRITER | cat', '1000\n'],
  ['a full pipe, whose reader is stuck', '{ head -c 65536 /dev/zero; $WRITER; } | sleep 3', '0\n'],
  ['a pipe whose reader has exited', '{ sleep 0.3; $WRITER; } | true', 'EPIPE\n'],
  ['a full disk', '$WRITER > /dev/full', 'ENOSPC\n'],
  ['a socket', '$WRITER', '1000\n'],
])('%s', async (_what, line, expected) => {
  expect((await stderrOf(line)).stderr).toBe(expected);
});

test("output to a file continues at the shell's offset", async () => {
  const { folder } = await stderrOf('{ printf " and "; $WRITER; printf " and after"; } >> file');
  expect(readFileSync(join(folder, 'file'), 'utf8')).toBe(`before and ${'x'.repeat(1000)} and after`);
});
