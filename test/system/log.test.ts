import { expect, test } from 'vitest';
import { stderrLog } from '../../src/system/log.ts';
import { redactor } from '../../src/text/redact.ts';

function said(settings: { quiet: boolean; verbose: boolean }, ...messages: string[]): string[] {
  const lines: string[] = [];
  const log = stderrLog(settings, redactor([['PGPASSWORD', 'open  sesame']]), (line) => lines.push(line));
  for (const message of messages) {
    log.failure(`failure ${message}`);
    log.note(`note ${message}`);
    log.detail(`detail ${message}`);
  }
  return lines;
}

test.each([
  { quiet: false, verbose: false, kinds: ['failure', 'note'] },
  { quiet: false, verbose: true, kinds: ['failure', 'note', 'detail'] },
  { quiet: true, verbose: false, kinds: ['failure'] },
  { quiet: true, verbose: true, kinds: ['failure', 'detail'] },
])('quiet $quiet, verbose $verbose: $kinds', ({ kinds, ...settings }) => {
  expect(said(settings, 'a')).toEqual(kinds.map((kind) => `postgres-status: ${kind} a\n`));
});

test.each([
  ['several\r\n\tlines \n', 'several lines'],
  ['a \u001b[31mred\u001b[0m bell\u0007', 'a [31mred [0m bell'],
  ['with open  sesame', 'with ***'],
  ['größe ✓', 'größe ✓'],
  ['x'.repeat(5000), `${'x'.repeat(992)}…`],
])('%j is one line', (message, line) => {
  expect(said({ quiet: true, verbose: false }, message)).toEqual([`postgres-status: failure ${line}\n`]);
});
