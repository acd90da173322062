import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { CollectError } from '../../src/errors.ts';
import { errorLines, failureReason, parseOutput } from '../../src/walg/output.ts';
import { RECORDINGS } from '../stand-ins/walg-run.ts';

function recorded(file: string): string {
  return readFileSync(join(RECORDINGS, file), 'utf8');
}

test.each([
  ['a list', '[{"a":1}]', [{ a: 1 }]],
  ['with a newline, as from 3.0 on', '[]\n', []],
  ["Go's empty list", 'null', null],
  ['over several lines (--pretty)', '[\n    {\n        "a": 1\n    }\n]\n', [{ a: 1 }]],
  ['after a log on stdout', 'INFO: 2026/11/21 06:43:01.442873 List backups\n{"a":1}\n', { a: 1 }],
  ['after a log that begins like JSON', '[debug] request\n{not this}\n{"a":1}', { a: 1 }],
  ['an integer beyond 2^53', '{"system_identifier":7710506725831936494}', { system_identifier: '7710506725831936494' }],
])('JSON: %s', (_, stdout, value) => {
  expect(parseOutput(stdout, 'wal-g x', { elements: 10 })).toEqual(value);
});

test.each([
  ['nothing', ''],
  ['the text of an error', 'unknown flag: --nonsense\n'],
  ['cut short', '{"integrity":{"status":"OK","details":[{"timeline_id":1,'],
  ['a page', '<html>\n<body>\n</html>'],
  ['a number', '5'],
  ['JSON that is followed by a log', '{"a":1}\nINFO: 2026/11/21 06:43:01.442873 done\n'],
])('no JSON: %s', (_, stdout) => {
  expect(() => parseOutput(stdout, 'wal-g x', { elements: 10 })).toThrow(
    new CollectError(`wal-g x printed no complete JSON (${stdout.length} characters)`),
  );
});

test.each([
  ['v3.0.5/log-destination-stdout/backup-list.stdout', 'INFO: '],
  ['v3.0.9/log-destination-stdout/wal-verify-both.stdout', 'INFO: '],
  ['v3.0.9/s3-log-level-devel/backup-list--detail.stdout', '20'],
])('the JSON in %s comes after a log', (file, beginning) => {
  const stdout = recorded(file);
  expect(stdout.startsWith(beginning)).toBe(true);
  const last = stdout.trim().split('\n').at(-1) ?? '';
  expect(JSON.stringify(parseOutput(stdout, 'wal-g', { elements: 100_000 }))).toHaveLength(
    last.length + digitsQuoted(last),
  );
});

/** A system identifier becomes text. */
function digitsQuoted(json: string): number {
  return 2 * (json.match(/:\d{17,}/g) ?? []).length;
}

const time = '2026/11/21 06:53:31.974727';

test.each([
  ['none', `INFO: ${time} a\nWARNING: ${time} b\n`, []],
  [
    'the cause, followed by a misleading message',
    `ERROR: ${time} no such file\nERROR: ${time} gp_role\n`,
    ['no such file', 'gp_role'],
  ],
  ['its continuation after a colon', `ERROR: ${time} could not connect:\n  refused\n`, ['could not connect: refused']],
  ['no continuation where the next line is a log line', `ERROR: ${time} failed:\nINFO: ${time} b\n`, ['failed:']],
  ['without a stack trace', `ERROR: ${time} failed\nmain.main\n\t/go/main.go:1\n`, ['failed']],
  ['without a time', 'ERROR: failed\n', ['failed']],
  ['whole, however long', `ERROR: ${time} ${'x'.repeat(9000)}\n`, ['x'.repeat(9000)]],
])('ERROR lines: %s', (_, stderr, lines) => {
  expect(errorLines(stderr)).toEqual(lines);
});

test.each([
  ['its first ERROR', '', `INFO: ${time} a\nERROR: ${time} b\nERROR: ${time} c\n`, 'b'],
  [
    'the error of its argument parser',
    'unknown flag: --x\n',
    'Error: unknown flag: --x\nUsage:\n  wal-g …\n',
    'unknown flag: --x',
  ],
  ['the last line of stderr', '', 'panic: runtime error\ngoroutine 1\nexit\n', 'exit'],
  ['what it prints', 'unknown flag: --x\nmore', '', 'unknown flag: --x'],
  ['nothing', '', '', 'no reason given'],
])('why it failed: %s', (_, stdout, stderr, reason) => {
  expect(failureReason(stdout, stderr)).toBe(reason);
});
